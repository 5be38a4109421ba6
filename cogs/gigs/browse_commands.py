"""`/gig browse` and `/gig saved`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord import Interaction, app_commands

from bot.core.text import _
from bot.edge.answer import answer_of, who
from bot.edge.client import Kith
from bot.edge.kit import plain
from bot.edge.limits import SEARCH, costs
from bot.gigs.browse import TEXT_MAX
from bot.gigs.service import GigService
from bot.people.catalogue import load_catalogue
from bot.people.niches import Niche
from bot.people.search import ranked
from cogs.gigs import browse_cards
from cogs.gigs.words import KINDS

CHOICE_MAX, CHOICES_MAX = 100, 25
Choices = list[app_commands.Choice[str]]


def niche_choices(found: Sequence[Niche]) -> Choices:
    """Turn niches into suggestions while somebody types."""
    return [
        app_commands.Choice(name=plain(_(niche.name), CHOICE_MAX), value=niche.slug)
        for niche in found[:CHOICES_MAX]
    ]


def add_commands(bot: Kith, service: GigService) -> None:
    """Add both to the group `/gig`, which has to be there."""
    group = bot.tree.get_command("gig")
    if not isinstance(group, app_commands.Group):
        raise LookupError("the commands of gigs are set up first")
    group.add_command(_browse(service))
    group.add_command(_saved(service))


def _browse(service: GigService) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="browse")
    @app_commands.describe(
        kind="What kind of gig",
        niche="An industry, a technique or a deliverable",
        skill="A skill it asks for",
        least="What it pays at least, such as 60 €/h",
        starter="Only those that welcome first-timers",
        text="Words in its title or description",
    )
    @app_commands.choices(kind=[app_commands.Choice(name=name, value=kind) for kind, name in KINDS.items()])
    @costs(SEARCH)
    async def browse(
        interaction: Interaction[Kith],
        kind: str | None = None,
        niche: str | None = None,
        skill: str | None = None,
        least: app_commands.Range[str, 1, 60] | None = None,
        starter: bool = False,
        text: app_commands.Range[str, 1, TEXT_MAX] | None = None,
    ) -> None:
        """Look through the open gigs."""
        acting = who(interaction)
        wish = await service.browse.wish(
            acting, kind=kind or "", niche=niche or "", skill=skill or "", least=least or "",
            starter=starter, text=text or "",
        )  # fmt: skip
        await answer_of(interaction).show(browse_cards.page(await service.browse.page(acting, wish)))

    @browse.autocomplete("niche")
    async def niches(interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest the community's niches, also by alias and when mistyped."""
        return niche_choices(await service.browse.niches(who(interaction), current))

    @browse.autocomplete("skill")
    async def skills(_interaction: Interaction[Kith], current: str) -> Choices:
        """Suggest skills."""
        terms = load_catalogue().skills
        known = {slug: (term.name, slug) for slug, term in terms.items()}
        slugs = [slug for slug, _score in ranked(current, known)] if current.strip() else [*terms]
        return [
            app_commands.Choice(name=plain(_(terms[slug].name), CHOICE_MAX), value=slug)
            for slug in slugs[:CHOICES_MAX]
        ]

    return browse


def _saved(service: GigService) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="saved")
    async def saved(interaction: Interaction[Kith]) -> None:
        """See the gigs you saved; nobody else does."""
        await answer_of(interaction).show(browse_cards.saved(await service.saved.page(who(interaction))))

    return saved
