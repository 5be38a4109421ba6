"""How a message of the gig board is made from a card: late, from what is true when it is sent."""

from __future__ import annotations

from collections.abc import Callable

from discord import ui

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.gigs.service import GigService, GigView, InterestView


def sent(view: ui.LayoutView | None) -> Outgoing | None:
    """Send a card; nothing is sent where there is nothing to say any more."""
    return Outgoing(view=view) if view is not None else None


def of_gig(service: GigService, make: Callable[[GigView], ui.LayoutView | None]) -> Renderer:
    """Render a message about a gig."""

    async def render(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        return sent(make(gig) if gig else None)

    return render


def of_interest(service: GigService, make: Callable[[InterestView, int], ui.LayoutView | None]) -> Renderer:
    """Render a message about a pitch; the card depends on who reads it."""

    async def render(said: Said) -> Outgoing | None:
        interest = await service.interest_view(said.subject)
        return sent(make(interest, said.recipient) if interest else None)

    return render
