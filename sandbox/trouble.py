"""Trouble with the gateway, made on purpose: what a test asks of the sandbox by name."""

from __future__ import annotations

from sandbox.world import World


class Trouble(World):
    """The world with a gateway that can be made to fail. `shard` is a shard's number; None: all of them."""

    async def close_gateway(
        self, code: int = 4000, *, forget: bool = False, shard: int | None = None
    ) -> None:
        """Hang up with this code; `forget` makes resuming impossible."""
        await self.gateway.close(code, forget=forget, shard=shard)

    async def reconnect(self, *, shard: int | None = None) -> None:
        """Ask the bot to come back on a new connection and resume there (op 7)."""
        await self.gateway.reconnect(shard)

    async def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Tell the bot that its session is invalid (op 9): to resume it all the same, or to identify anew."""
        await self.gateway.invalidate(resumable=resumable, shard=shard)

    def drop(self, *, shard: int | None = None) -> None:
        """Break the line without a word, as a lost network does; what happens next waits for the resume."""
        self.gateway.cut(shard)

    def duplicates(self, *, on: bool = True) -> None:
        """From now on every event comes twice."""
        self.faults.duplicate_events = on

    def out_of_order(self, *, on: bool = True) -> None:
        """From now on every other event is overtaken by the one after it."""
        self.faults.out_of_order = on

    def lose(self, event: str, times: int = 1) -> None:
        """The next so many events of this name are never sent."""
        self.faults.lost_events[event] += times
