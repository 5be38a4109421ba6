"""The agenda's work on the board's channels: tags, guidelines, posts that are gone or put away, leavers.

Every piece may be done again; it reads what is wanted at that moment, and reports what it saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

import discord

from bot.core.agenda import Handler, Work
from bot.core.log import get_logger
from bot.core.text import _
from bot.gigs import shelves
from bot.gigs.channels import Plan
from bot.gigs.service import GigService
from bot.gigs.shelves import Shelf

if TYPE_CHECKING:
    from bot.edge.client import Kith

log = get_logger(__name__)

UNKNOWN_CHANNEL, UNKNOWN_MEMBER, UNKNOWN_MESSAGE = 10003, 10007, 10008
_FORUM, _PINNED, _REQUIRE_TAG = discord.ChannelType.forum.value, 1 << 1, 1 << 4
_A_WEEK = 10080  # minutes, the longest that Discord keeps a post open in silence

Seen = Literal["there", "gone", "unclear"]
Channel = Mapping[str, Any]


class ChannelsWork:
    """Speaks to Discord by ids alone, never from the cache."""

    def __init__(self, bot: Kith, service: GigService) -> None:
        """Stand on the service; the client speaks to Discord."""
        self.bot = bot
        self.service = service

    def handlers(self) -> dict[str, Handler]:
        """Name the work by kind."""
        return {
            "gig.board": self.board,
            "gig.pin": self.pin,
            "gig.look": self.look,
            "gig.poster": self.poster,
        }

    # --- tags and guidelines -----------------------------------------------------------------------

    async def board(self, work: Work) -> None:
        """Put the board's channels right: tags where they are missing, and the guidelines."""
        plan = await self.service.channels.wanted(work.subject)
        for shelf in plan.homes if plan else ():
            await self._prepare(plan, shelf) if plan else None

    async def _prepare(self, plan: Plan, shelf: Shelf) -> None:
        channel = await self._channel(shelf.channel_id)
        if channel is None:
            return
        needs_tag = False
        if channel["type"] == _FORUM:
            needs_tag = bool(int(channel.get("flags") or 0) & _REQUIRE_TAG)
            if await self._tag(channel, plan):
                await self.service.channels.tagged(plan.community_id, shelf.channel_id)
        await self.service.channels.guide(plan.community_id, shelf, needs_tag=needs_tag)

    async def _tag(self, channel: Channel, plan: Plan) -> bool:
        """Add the tags that are missing and have room; False where none was added."""
        there = list(channel.get("available_tags") or ())
        to_add, _no_room = shelves.missing_tags([tag["name"] for tag in there], plan.tags)
        if not to_add:
            return False
        wanted = [*there, *({"name": name, "moderated": False} for name in to_add)]
        reason = _("Tags of the gig board")
        return await self._tried(
            self.bot.http.edit_channel(int(channel["id"]), reason=reason, available_tags=wanted), "tags"
        )

    async def pin(self, work: Work) -> None:
        """Pin the guidelines of a channel; without the permission they stay where they are."""
        found = await self.service.channels.guidelines(work.subject)
        if found is None:
            return
        post_id, message_id = found
        reason = _("Guidelines of the gig board")
        if post_id == work.subject:  # a text channel, and not a forum's post
            await self._tried(self.bot.http.pin_message(post_id, message_id, reason=reason), "pin")
            return
        channel = await self._channel(post_id)
        if channel is not None:
            flags = int(channel.get("flags") or 0) | _PINNED
            await self._tried(self.bot.http.edit_channel(post_id, reason=reason, flags=flags), "pin")

    async def _tried(self, asking: Any, what: str) -> bool:
        """Ask for what is nice to have; a refusal is for the check-up to tell."""
        try:
            await asking
        except discord.HTTPException as error:
            if (
                error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
                or error.status == HTTPStatus.TOO_MANY_REQUESTS
            ):
                raise
            log.info("gig.board.refused", what=what, status=error.status, code=error.code)
            return False
        return True

    # --- posts and posters -------------------------------------------------------------------------

    async def look(self, work: Work) -> None:
        """Look whether a live gig's post is there; one that Discord put away is opened again."""
        spot = await self.service.watch.spot(work.subject)
        if spot is not None and await self._see(spot.channel_id, spot.message_id) == "gone":
            await self.service.watch.lost(spot)

    async def _see(self, channel_id: int, message_id: int) -> Seen:
        """Only Discord's word that it does not know them says that a post or a channel is gone."""
        try:
            channel = await self.bot.http.get_channel(channel_id)
            await self.bot.http.get_message(channel_id, message_id)
        except discord.HTTPException as error:
            if error.code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE):
                return "gone"
            if error.status == HTTPStatus.FORBIDDEN:
                return "unclear"
            raise
        thread: Mapping[str, Any] = dict(channel).get("thread_metadata") or {}  # type: ignore[assignment]
        if thread.get("archived") and not thread.get("locked"):  # who locked it means it
            opening = self.bot.http.edit_channel(channel_id, archived=False, auto_archive_duration=_A_WEEK)
            await self._tried(opening, "reopen")
        return "there"

    async def poster(self, work: Work) -> None:
        """Look whether somebody with a live gig is still in the server."""
        found = await self.service.watch.poster(work.subject)
        if found is None:
            return
        try:
            await self.bot.http.get_member(*found)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_MEMBER:
                await self.service.watch.poster_left(work.subject)
            elif error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise

    async def _channel(self, channel_id: int) -> Channel | None:
        """Ask for a channel; None where it is gone or Kith may not see it."""
        try:
            return dict(await self.bot.http.get_channel(channel_id))
        except discord.HTTPException as error:
            if error.code == UNKNOWN_CHANNEL or error.status == HTTPStatus.FORBIDDEN:
                return None
            raise


def handlers(bot: Kith, service: GigService) -> dict[str, Handler]:
    """Name the work on the board's channels by kind."""
    return ChannelsWork(bot, service).handlers()
