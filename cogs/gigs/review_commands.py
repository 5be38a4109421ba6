"""`/kith gigs …`: what moderators do about gigs."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands

from bot.core.errors import KithError
from bot.edge.answer import answer_of
from bot.edge.client import Kith
from bot.edge.numbers import number_in
from bot.gigs.review_views import Decided
from bot.gigs.service import GigService
from cogs.gigs import review_cards
from cogs.gigs.review_buttons import reviewer


def kith_gigs(bot: Kith) -> app_commands.Group:
    """The group `/kith gigs`, made where it is not there yet; others add to it too."""
    kith = bot.tree.get_command("kith")
    assert isinstance(kith, app_commands.Group)  # the community's cog made it
    found = kith.get_command("gigs")
    if isinstance(found, app_commands.Group):
        return found
    made = app_commands.Group(name="gigs", description="Look after the gig board")
    kith.add_command(made)
    return made


def queue_command(service: GigService) -> app_commands.Command[Any, ..., None]:
    """Make `/kith gigs queue`."""

    @app_commands.command(name="queue")
    async def queue(interaction: Interaction[Kith]) -> None:
        """See the gigs that wait for you, and decide."""
        await answer_of(interaction).show(
            review_cards.queue(await service.review.queue(reviewer(interaction)))
        )

    return queue


def takedown_command(bot: Kith, service: GigService) -> app_commands.Command[Any, ..., None]:
    """Make `/kith gigs takedown`."""

    @app_commands.command(name="takedown")
    @app_commands.describe(gig="Which gig has to go; type a word of its title")
    async def takedown(interaction: Interaction[Kith], gig: str) -> None:
        """Take a gig off the board, with a reason for its poster."""
        view = await service.review.one(reviewer(interaction), number_in(gig, "gig_gone"))
        if view.gig.state == "live":
            made = await bot.forms.build("gig.takedown", str(view.gig.id), interaction)
            await answer_of(interaction).form(made)
        else:
            await answer_of(interaction).show(review_cards.outcome(Decided(view, False)))

    @takedown.autocomplete("gig")
    async def titles(interaction: Interaction[Kith], current: str) -> list[app_commands.Choice[str]]:
        """Suggest what is on the board, to those who may take it down."""
        try:
            acting = reviewer(interaction)
        except KithError:
            return []
        found = await service.review.on_board(acting, current)
        return [app_commands.Choice(name=review_cards.label(title), value=str(gig)) for gig, title in found]

    return takedown
