"""`/gig alerts` and `/gig rates`, added to the group of the gig board; and the message of a morning."""

from __future__ import annotations

from typing import Any

from discord import Interaction, app_commands

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge.answer import answer_of, who
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, plain
from bot.gigs.regions import REGIONS
from bot.gigs.service import GigService
from bot.people.catalogue import load_catalogue
from bot.people.search import ranked
from cogs.gigs import alerts_cards, rates_cards

_CHOICE_MAX, _CHOICES_MAX = 100, 25


def alerts_commands(service: GigService) -> list[app_commands.Command[Any, ..., Any]]:
    """Make both commands."""

    @app_commands.command(name="alerts", description="Hear of new gigs that fit you, at most once a day")
    async def alerts(interaction: Interaction[Any]) -> None:
        """Show the member's alert."""
        acting = who(interaction)
        view = await service.alerts.mine(acting.person_id, acting.community_id)
        await answer_of(interaction).show(alerts_cards.alert(view))

    return [alerts, _rates(service)]


def _rates(service: GigService) -> app_commands.Command[Any, ..., Any]:
    stages = [app_commands.Choice(name=t.name, value=slug) for slug, t in load_catalogue().stages.items()]
    regions = [app_commands.Choice(name=name, value=slug) for slug, name in REGIONS.items()]

    @app_commands.command(name="rates", description="What people here are paid, in coarse bands")
    @app_commands.describe(
        skill="For which skill", stage="Only people at this stage", region="Only this part of the world"
    )
    @app_commands.choices(stage=stages, region=regions)
    async def rates(
        interaction: Interaction[Any], skill: str, stage: str | None = None, region: str | None = None
    ) -> None:
        """Show what a skill pays."""
        view = await service.rates.look(who(interaction), skill, stage or "", region or "")
        await answer_of(interaction).show(rates_cards.rates(view))

    @rates.autocomplete("skill")
    async def skills(_interaction: Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Suggest skills."""
        terms = load_catalogue().skills
        known = {slug: (term.name, slug) for slug, term in terms.items()}
        slugs = [slug for slug, _score in ranked(current, known)] if current.strip() else [*terms]
        return [
            app_commands.Choice(name=plain(_(terms[slug].name), _CHOICE_MAX), value=slug)
            for slug in slugs[:_CHOICES_MAX]
        ]

    return rates


def alert_renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders the message of a morning."""

    async def alert(said: Said) -> Outgoing | None:
        found = await service.alert_mail.news(said)
        return Outgoing(view=alerts_cards.news(found)) if found else None

    return {"gig.alert": alert}
