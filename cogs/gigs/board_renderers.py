"""The messages of the board by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.gigs.channels import NEEDS_TAG
from bot.gigs.service import GigService
from cogs.gigs import board_cards


def board_renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders the post, its links, the guidelines, and the words to its poster."""

    async def post(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None or (said.target != "edit" and gig.state != "live"):
            return None
        return board_cards.board_post(gig)

    async def link(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None or (said.target != "edit" and gig.state != "live"):
            return None
        return board_cards.linked(gig)

    async def guide(said: Said) -> Outgoing:
        return board_cards.guide(needs_tag=said.key.endswith(NEEDS_TAG))

    async def ending(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        view = board_cards.ending(gig) if gig else None
        return Outgoing(view=view) if view else None

    async def expired(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        view = board_cards.expired(gig) if gig else None
        return Outgoing(view=view) if view else None

    async def lost(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None:
            return None
        view = board_cards.lost(gig, may_return=await service.board.may_post_again(gig))
        return Outgoing(view=view) if view else None

    return {
        "gig.post": post,
        "gig.link": link,
        "gig.guide": guide,
        "gig.ending": ending,
        "gig.expired": expired,
        "gig.lost": lost,
    }
