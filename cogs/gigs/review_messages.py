"""The messages of the moderators' queue by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.gigs.service import GigService
from cogs.gigs import review_cards, review_told


def renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders each of them."""

    async def review(said: Said) -> Outgoing | None:
        view = await service.review.card(said.subject)
        if view is not None and view.waits:
            return Outgoing(view=review_cards.review(view))
        shown = view is not None and said.target == "edit"
        return Outgoing(view=review_cards.reviewed(view)) if view is not None and shown else None

    async def decided(said: Said) -> Outgoing | None:
        view = await service.review.card(said.subject)
        # A message about an earlier decision: what came after it is said by its own.
        if view is None or view.last is None or not said.key.endswith(f":{view.last.id}"):
            return None
        change_ended = await service.changes.ended(view.gig.id, view.last.at)
        card = review_told.decided(view, change_ended=change_ended)
        return Outgoing(view=card) if card is not None else None

    async def reminder(said: Said) -> Outgoing | None:
        number, oldest = await service.review.backlog(said.subject)
        return Outgoing(view=review_cards.reminder(number, oldest)) if oldest is not None else None

    return {"gig.review": review, "gig.decided": decided, "gig.reminder": reminder}
