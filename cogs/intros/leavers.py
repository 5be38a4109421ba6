"""Asks Discord, before a round, whether members who were not seen for long are still in the server."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

import aiohttp
import discord

from bot.core.agenda import Handler, Work
from bot.core.log import get_logger
from bot.edge.pace import Bucket
from bot.intros.leavers import Leavers, Lookup
from bot.intros.service import IntroService

if TYPE_CHECKING:
    from bot.edge.client import Kith

log = get_logger(__name__)

A_SECOND = 2
AT_ONCE, PATIENCE = timedelta(0), timedelta(minutes=5)
UNKNOWN_GUILD, UNKNOWN_MEMBER = 10004, 10007
_TROUBLES = (discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)

Answer = Literal["here", "left", "unclear", "outage", "no_server"]


class Looking:
    """The agenda's look at who left; every portion may be done again."""

    def __init__(self, bot: Kith, leavers: Leavers) -> None:
        """Stand on the introductions; the client speaks to Discord."""
        self.bot = bot
        self.leavers = leavers
        self._pace = Bucket(bot.clock, rate=A_SECOND, burst=1)

    async def due(self, work: Work) -> None:
        """Look up a portion of those not seen for long; agenda work `round.lookup`."""
        lookup = await self.leavers.unseen(work)
        if lookup is not None:
            asked, left, again_in = await self._look(lookup)
            await self.leavers.looked(work, lookup, asked, left, again_in)

    async def _look(self, lookup: Lookup) -> tuple[int, list[int], timedelta | None]:
        """Return how many were looked up, who left, and when to go on; one in trouble is passed over."""
        left: list[int] = []
        for asked, (member_id, person_id) in enumerate(lookup.wanted, start=1):
            await self._pace.take()
            answer = await self._ask(lookup.community_id, person_id)
            if answer == "left":
                left.append(member_id)
            elif answer == "outage":
                return asked, left, PATIENCE
            elif answer == "no_server":
                return asked, left, None
        return len(lookup.wanted), left, AT_ONCE

    async def _ask(self, community_id: int, person_id: int) -> Answer:
        """Ask for one member; only Discord's word that it does not know them says that they left."""
        try:
            await self.bot.http.get_member(community_id, person_id)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_MEMBER:
                return "left"
            log.warning("member not looked up", status=error.status, code=error.code)
            if error.code == UNKNOWN_GUILD or error.status == HTTPStatus.FORBIDDEN:
                return "no_server"
            return "outage" if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "unclear"
        except _TROUBLES as error:
            log.warning("member not looked up", error=type(error).__name__)
            return "outage"
        return "here"


def handlers(bot: Kith, service: IntroService) -> dict[str, Handler]:
    """Name the work by kind."""
    return {"round.lookup": Looking(bot, Leavers(service)).due}
