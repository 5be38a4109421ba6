"""The slash command `/find`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from discord import Interaction, app_commands
from discord.ext import commands

from bot.core.text import _
from bot.edge.answer import answer_of, who
from bot.edge.kit import plain
from bot.edge.limits import SEARCH, costs
from bot.find.service import FindService, Wanted
from bot.people.catalogue import Term, load_catalogue
from bot.people.niches import Niche
from cogs.find.cards import found_card

if TYPE_CHECKING:
    from bot.edge.client import Kith

CHOICE_MAX, CHOICES_MAX = 100, 25
Choices = list[app_commands.Choice[str]]


def _suggested(found: Sequence[Term | Niche]) -> Choices:
    """Turn words into suggestions while somebody types."""
    return [
        app_commands.Choice(name=plain(_(one.name), CHOICE_MAX), value=one.slug)
        for one in found[:CHOICES_MAX]
    ]


def _listed(terms: Mapping[str, Term]) -> Choices:
    """Turn a small vocabulary into fixed choices."""
    return [app_commands.Choice(name=term.name, value=slug) for slug, term in terms.items()]


@app_commands.guild_only()
class Find(commands.Cog):
    """The directory of those who let themselves be found."""

    def __init__(self, service: FindService) -> None:
        """Stand on the service."""
        super().__init__()
        self.service = service

    @app_commands.command(name="find")
    @app_commands.describe(
        niche="An industry, a technique or a deliverable",
        offer="What they can help with",
        discipline="What they do",
        stage="Where their business is",
        direction="Where they are heading",
        language="A language they speak",
        open_for_work="Only those who say they are open for work now",
    )
    @app_commands.choices(
        discipline=_listed(load_catalogue().disciplines),
        stage=_listed(load_catalogue().stages),
        direction=_listed(load_catalogue().directions),
    )
    @costs(SEARCH)
    async def find(
        self,
        interaction: Interaction[Kith],
        niche: str | None = None,
        offer: str | None = None,
        discipline: str | None = None,
        stage: str | None = None,
        direction: str | None = None,
        language: str | None = None,
        open_for_work: bool = False,
    ) -> None:
        """Find members who fit all you ask for; without a wish, everybody."""
        wanted = Wanted(niche, offer, discipline, stage, direction, language, open_for_work)
        page = await self.service.search(who(interaction), wanted)
        await answer_of(interaction).show(found_card(page, self.service.clock.now()))

    @find.autocomplete("niche")
    async def niches(self, interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest the community's niches, also by alias and when mistyped."""
        return _suggested(await self.service.niches(who(interaction), current))

    @find.autocomplete("offer")
    async def offers(self, _interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest skills."""
        return _suggested(self.service.offers(current))

    @find.autocomplete("language")
    async def languages(self, _interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest languages."""
        return _suggested(self.service.languages(current))
