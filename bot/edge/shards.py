"""The client of a process that has more than one shard."""

from __future__ import annotations

from discord.ext import commands

from bot.core.processes import Share
from bot.edge.client import Kith


class ShardedKith(Kith, commands.AutoShardedBot):
    """Kith on several connections at once; everything else is as on one."""

    _entered = False

    @property
    def stands(self) -> bool:
        """Whether every one of this process's connections is up."""
        up = [shard for shard in self.shards.values() if not shard.is_closed()]
        return len(up) == len(self.share.ids) and self.is_ready() and not self.is_closed()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the shard's turn, and forget its servers: Discord says anew which there are.

        discord.py forgets them itself where there is one connection, but not here.
        """
        await super().before_identify_hook(shard_id, initial=initial)
        for guild in list(self.guilds):
            if guild.shard_id == shard_id:
                self._connection._remove_guild(guild)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Look around on a shard that began a new session; at the start all are looked at together."""
        if self._work is not None:
            await self.look_around(Share(self.share.count, (shard_id,)))

    async def login(self, token: str) -> None:
        """Log in; from here on there is something to close."""
        self._entered = True
        await super().login(token)

    async def close(self) -> None:
        """Leave Discord; discord.py cannot close several connections that it never prepared."""
        if self._entered:
            await super().close()
