"""The messages of the gig board by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from bot.edge.courier import Renderer
from bot.gigs.service import GigService
from cogs.gigs import posting_cards, review_messages
from cogs.gigs.alerts_commands import alert_renderers
from cogs.gigs.board_renderers import board_renderers
from cogs.gigs.pitch_renderers import people_renderers
from cogs.gigs.rendering import of_interest


def renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders each kind of message."""
    return {
        **board_renderers(service),
        **review_messages.renderers(service),
        **people_renderers(service),
        **alert_renderers(service),
        "gig.repaid": of_interest(service, posting_cards.repaid),
    }
