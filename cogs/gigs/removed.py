"""What stays of a gig whose poster is gone: nothing they typed, and no name."""

from __future__ import annotations

import discord

from bot.core.outbox import Said
from bot.core.text import _
from bot.edge import kit
from bot.edge.courier import Renderer
from bot.edge.kit import Outgoing, card
from bot.gigs import shelves
from bot.gigs.service import GigService
from cogs.gigs.common import from_community


def removed_post() -> Outgoing:
    """The post on the board: its words, its name and its buttons are gone, and it is put away.

    It keeps a tag, because some forums take no post without one. A link to it elsewhere looks the same.
    """
    embed = discord.Embed(description=_("This gig was removed."), colour=kit.TONES["plain"])
    return Outgoing(
        embed=embed,
        legacy_view=kit.legacy_view(),
        tags=(_(shelves.CLOSED),),
        archive=True,
        rename=_("Removed"),
    )


def renderers(service: GigService) -> dict[str, Renderer]:
    """Name what renders a removed gig: its post, and the message to those whose pitch waited."""

    async def removed(_said: Said) -> Outgoing | None:
        return removed_post()

    async def ended(said: Said) -> Outgoing | None:
        name = await service.community_name(said.community_id)
        return Outgoing(
            view=card(
                _("A gig you answered was removed"),
                _("Its poster took it away, and your pitch with it. It was not about you."),
                from_community(name),
            )
        )

    return {"gig.removed": removed, "gig.ended": ended}
