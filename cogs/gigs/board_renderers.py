"""The messages of the board by kind; each is made from what is true when it is sent."""

from __future__ import annotations

from bot.core.outbox import Said
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing
from bot.gigs.channels import NEEDS_TAG
from bot.gigs.rules import PUBLIC_STATES
from bot.gigs.service import GigService
from cogs.gigs import board_cards
from cogs.gigs.removed import removed_post
from cogs.gigs.rendering import of_gig, sent


def board_renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders the post, its links, the guidelines, and the words to its poster."""

    async def post(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None or (said.target != "edit" and gig.state != "live"):
            return None
        # It may have been taken down while its post was on its way: nobody reads its words there.
        return board_cards.board_post(gig) if gig.state in PUBLIC_STATES else removed_post()

    async def link(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None or (said.target != "edit" and gig.state != "live"):
            return None
        return board_cards.linked(gig) if gig.state in PUBLIC_STATES else removed_post()

    async def guide(said: Said) -> Outgoing:
        return board_cards.guide(needs_tag=said.key.endswith(NEEDS_TAG))

    async def lost(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None:
            return None
        return sent(board_cards.lost(gig, may_return=await service.board.may_post_again(gig)))

    async def expired(said: Said) -> Outgoing | None:
        gig = await service.gig(said.subject)
        if gig is None:
            return None
        change_ended = await service.changes.ended(gig.id, gig.expires_at)
        return sent(board_cards.expired(gig, change_ended=change_ended))

    return {
        "gig.post": post,
        "gig.link": link,
        "gig.guide": guide,
        "gig.ending": of_gig(service, board_cards.ending),
        "gig.expired": expired,
        "gig.lost": lost,
        "gig.blocked": of_gig(service, board_cards.blocked),
    }
