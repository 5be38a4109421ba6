"""The messages of the gig board by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from discord import ui

from bot.core.outbox import Said
from bot.edge.kit import Outgoing
from bot.gigs.service import GigService, GigView, InterestView
from cogs.gigs import board_cards, pitch_cards, review_cards

Renderer: TypeAlias = Callable[[Said], Awaitable[Outgoing | None]]


def renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders each kind of message."""

    async def post(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None or (said.target != "edit" and gig.state != "live"):
            return None
        return board_cards.board_post(gig)

    return {
        "gig.post": post,
        "gig.review": of_gig(service, review_cards.review),
        "gig.decided": of_gig(service, review_cards.decided),
        "gig.expired": of_gig(service, board_cards.expired),
        "gig.interest": of_interest(service, pitch_cards.asked),
        "gig.accepted": of_interest(service, pitch_cards.accepted),
        "gig.declined": of_interest(service, pitch_cards.declined),
        "gig.closed": of_interest(service, pitch_cards.closed),
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
