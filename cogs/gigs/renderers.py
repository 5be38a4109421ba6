"""The messages of the gig board by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from discord import ui

from bot.core.outbox import Said
from bot.edge.kit import Outgoing
from bot.gigs.service import GigService, GigView, InterestView
from cogs.gigs import posting_cards, review_messages
from cogs.gigs.alerts_commands import alert_renderers
from cogs.gigs.board_renderers import board_renderers
from cogs.gigs.pitch_renderers import people_renderers

Renderer: TypeAlias = Callable[[Said], Awaitable[Outgoing | None]]


def renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders each kind of message."""
    return {
        **board_renderers(service),
        **review_messages.renderers(service),
        **people_renderers(service),
        **alert_renderers(service),
        "gig.repaid": of_interest(service, posting_cards.repaid),
    }


def of_gig(service: GigService, make: Callable[[GigView], ui.LayoutView | None]) -> Renderer:
    """Render a message about a gig; nothing is sent where the card says so."""

    async def render(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        view = make(gig) if gig else None
        return Outgoing(view=view) if view else None

    return render


def of_interest(service: GigService, make: Callable[[InterestView, int], ui.LayoutView | None]) -> Renderer:
    """Render a message about a pitch; the card depends on who reads it."""

    async def render(said: Said) -> Outgoing | None:
        interest = await service.interest_view(said.subject)
        view = make(interest, said.recipient) if interest else None
        return Outgoing(view=view) if view else None

    return render
