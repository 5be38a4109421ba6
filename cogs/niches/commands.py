"""The slash commands of niches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import Interaction, app_commands
from discord.ext import commands

from bot.core.text import _
from bot.edge.answer import answer_of, who
from bot.edge.kit import plain
from bot.niches.service import NicheService
from bot.people.niches import Niche
from cogs.niches.cards import browse_card, niche_card, suggested_card
from cogs.niches.words import AXIS_NAMES

if TYPE_CHECKING:
    from bot.edge.client import Kith

CHOICE_MAX, CHOICES_MAX = 100, 25
Choices = list[app_commands.Choice[str]]


def niche_choices(found: list[Niche]) -> Choices:
    """Turn niches into suggestions while somebody types."""
    return [
        app_commands.Choice(name=plain(_(niche.name), CHOICE_MAX), value=niche.slug)
        for niche in found[:CHOICES_MAX]
    ]


@app_commands.guild_only()
class Niches(commands.GroupCog, group_name="niche", group_description="The subjects members gather around"):
    """Niches: join, leave, browse, suggest."""

    def __init__(self, service: NicheService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="join")
    @app_commands.describe(niche="An industry, a technique or a deliverable")
    async def join(self, interaction: Interaction[Kith], niche: str) -> None:
        """Join the people who share your subject."""
        change = await self.service.join(who(interaction), niche)
        await answer_of(interaction).show(niche_card(change, joined=True))

    @join.autocomplete("niche")
    async def to_join(self, interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest niches, also by alias and when mistyped."""
        return niche_choices(await self.service.search(who(interaction), current))

    @app_commands.command(name="leave")
    @app_commands.describe(niche="One of yours")
    async def leave(self, interaction: Interaction[Kith], niche: str) -> None:
        """Leave a niche."""
        change = await self.service.leave(who(interaction), niche)
        await answer_of(interaction).show(niche_card(change, joined=False))

    @leave.autocomplete("niche")
    async def to_leave(self, interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest the member's own niches."""
        return niche_choices(await self.service.search(who(interaction), current, mine=True))

    @app_commands.command(name="browse")
    async def browse(self, interaction: Interaction[Kith]) -> None:
        """See every niche and how many members are in it."""
        await answer_of(interaction).show(browse_card(await self.service.browse(who(interaction))))

    @app_commands.command(name="suggest")
    @app_commands.describe(name="What it is called", axis="What kind of subject it is")
    @app_commands.choices(
        axis=[app_commands.Choice(name=name, value=axis) for axis, name in AXIS_NAMES.items()]
    )
    async def suggest(self, interaction: Interaction[Kith], name: str, axis: str) -> None:
        """Ask the moderators for a niche that is missing; I tell you by DM what they decide."""
        seen = await self.service.suggest(who(interaction), name, axis)
        await answer_of(interaction).show(suggested_card(seen))
