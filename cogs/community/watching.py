"""What Discord refuses outside the outbox, and how a server looks when something is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import Interaction

from bot.community.gate import Use
from bot.community.rules import fixes
from bot.community.service import CommunityService
from bot.community.setbacks import Reached, Setbacks
from bot.community.views import Trouble
from bot.core.agenda import Handler, Work
from bot.core.errors import Postponed
from bot.core.log import get_logger
from bot.core.outbox import BLOCKED
from cogs.community.channels import check_up, greeting_channel, home_of, myself

if TYPE_CHECKING:
    from bot.edge.client import Kith
    from bot.edge.gates import Gate

log = get_logger(__name__)

NO_ACCESS, NO_PERMISSION = 50001, 50013
ROOM = "intro.room"
TRY_AGAIN = timedelta(minutes=10)
_TROUBLES = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
_CHANNEL = re.compile(r"/channels/(\d+)")


def watched(kind: str, handler: Handler, setbacks: Setbacks) -> Handler:
    """Let work wait for a permission that was taken away, instead of failing until it is given up."""

    async def do(work: Work) -> None:
        try:
            await handler(work)
        except discord.Forbidden as error:
            if not await note(setbacks, work.community_id, error, kind):
                raise
            raise Postponed(BLOCKED, TRY_AGAIN) from error

    return do


async def note(setbacks: Setbacks, community_id: int | None, error: discord.Forbidden, kind: str) -> bool:
    """Note a refusal that moderators can mend in a channel; False for any other."""
    channel_id = channel_of(error)
    if community_id is None or channel_id is None or error.code not in (NO_ACCESS, NO_PERMISSION):
        return False
    return await setbacks.met(community_id, channel_id, error.code, kind)


def channel_of(error: discord.HTTPException) -> int | None:
    """Return the channel that a refused request was about, as its address says."""
    found = _CHANNEL.search(str(getattr(error.response, "url", "")))
    return int(found[1]) if found else None


def gate_of(service: CommunityService) -> Gate:
    """Make the gate that every command, button and form goes through."""

    async def gate(interaction: Interaction[Any], name: str) -> None:
        data: dict[str, Any] = dict(interaction.data or {})
        await service.gate.admit(
            Use(
                name,
                interaction.user.id,
                interaction.guild_id,
                interaction.message.id if interaction.message else None,
                tuple(str(value) for value in data.get("values") or ()),
            )
        )

    return gate


class Sight:
    """Looks at servers for the setbacks: where to tell moderators, and which permission it is."""

    def __init__(self, bot: Kith, service: CommunityService) -> None:
        """Stand on the client."""
        self.bot = bot
        self.service = service

    async def reach(self, community_id: int, channel_id: int) -> Reached:
        """Say whether Discord can reach the server, and which other channel moderators may read."""
        guild = await self._guild(community_id)
        if guild is None or guild.unavailable:
            return Reached(available=False)
        return Reached(True, greeting_channel(guild, await myself(guild, self.bot), but=channel_id))

    async def refused(self, error: discord.Forbidden) -> None:
        """Note what could not be done for a member who pressed something."""
        channel_id = channel_of(error)
        channel = self.bot.get_channel(channel_id) if channel_id else None
        guild = getattr(channel, "guild", None)
        if guild is not None:
            await note(self.service.setbacks, guild.id, error, ROOM)

    async def fixes(self, community_id: int, trouble: Trouble) -> list[str]:
        """Return the exact fixes for a channel that is used for something; none for any other."""
        guild, setup = await self._guild(community_id), await self.service.known(community_id)
        if guild is None or setup is None:
            return []
        beside = await self.service.beside(community_id)
        found = await check_up(guild, await myself(guild, self.bot), setup, (), beside)
        home = home_of(guild, trouble.channel_id) or trouble.channel_id
        return fixes(one for one in found if one.channel_id == home)

    async def _guild(self, community_id: int) -> discord.Guild | None:
        """Return a server with its channels; one on another process's shard is asked for, None if in vain."""
        if self.bot.share.has(community_id):
            return self.bot.get_guild(community_id)
        try:
            data: Any = await self.bot.http.get_guild(community_id, with_counts=False)
            data["channels"] = await self.bot.http.get_all_guild_channels(community_id)
        except _TROUBLES as error:
            log.warning("server not looked at", error=type(error).__name__)
            return None
        return discord.Guild(data=data, state=self.bot._connection)
