"""How vouches look on Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import Interaction, app_commands

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Block, Outgoing
from bot.people.service import MemberView
from bot.vouches.service import VouchService
from cogs.people.showing import Extra
from cogs.vouches.buttons import VouchButtons
from cogs.vouches.cards import offered_card, vouch_blocks
from cogs.vouches.commands import Vouches
from cogs.vouches.words import SENTENCES

if TYPE_CHECKING:
    from bot.edge.client import Kith


async def setup(bot: Kith, service: VouchService) -> None:
    """Add the command, the menu, the form, the buttons and the sentences."""
    handlers = VouchButtons(service, bot.forms)
    await bot.add_cog(Vouches(service, handlers))

    @app_commands.context_menu(name="Vouch")
    @app_commands.guild_only()
    async def vouch_menu(interaction: Interaction[Kith], user: discord.User) -> None:
        """Say a good word for the person whose menu was opened."""
        await handlers.begin(interaction, user.id)

    bot.tree.add_command(vouch_menu)
    bot.forms.register(handlers.spec())
    bot.buttons.register("vouch.show", handlers.show)
    bot.buttons.register("vouch.decline", handlers.decline)
    bot.buttons.register("vouch.withdraw", handlers.withdraw)
    bot.buttons.register("vouch.open", handlers.open)
    bot.sentences.update(SENTENCES)


def renderers(service: VouchService) -> dict[str, Renderer]:
    """Name what renders each message of this feature, as late as possible."""

    async def offered(said: Said) -> Outgoing | None:
        view = await service.offered(said.subject)
        return Outgoing(view=offered_card(view)) if view else None

    return {"vouch.offered": offered}


def profile_extra(service: VouchService) -> Extra:
    """Return what shows a member's vouches on their profile."""

    async def extra(view: MemberView) -> list[Block]:
        return list(vouch_blocks(await service.shown_for(view.id)))

    return extra
