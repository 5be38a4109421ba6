"""One IDENTIFY at a time, whichever process sends it: Discord wants five seconds between two."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.core.clock import Clock
from bot.core.log import get_logger

log = get_logger(__name__)

APART = 5.5
"""Seconds between two of one bucket: Discord's five, and what a busy machine may need to send one."""
_TRY_AGAIN = 5.0
_JITTER = 0.25  # those who wait for the same turn need not come at the same instant

Concurrency = Callable[[], Awaitable[int]]


class Turns(Protocol):
    """Turns that all processes take one after the other."""

    async def turn(self, name: str, apart: float) -> float:
        """Take a turn and return 0, or the seconds until one can be tried for."""

    async def end_turn(self, name: str) -> None:
        """Let the next one have their turn at once."""


class Identifying:
    """Waits for a shard's turn. Nothing is reserved, so who gives up or dies on the way holds up nobody."""

    def __init__(self, turns: Turns, clock: Clock, concurrency: Concurrency) -> None:
        """Take turns here; `concurrency` asks Discord how many shards may identify at once."""
        self._turns = turns
        self._clock = clock
        self._concurrency = concurrency
        self._buckets: int | None = None

    async def wait(self, shard_id: int) -> None:
        """Return when this shard may identify, at once."""
        if self._buckets is None:
            self._buckets = max(1, await self._concurrency())
        name = f"identify:{shard_id % self._buckets}"
        while (seconds := await self._try(name)) > 0:
            log.info("identify.waits", shard=shard_id, seconds=round(seconds, 1))
            await self._clock.sleep(seconds + random.uniform(0, _JITTER))

    async def _try(self, name: str) -> float:
        try:
            return await self._turns.turn(name, APART)
        except Exception as error:  # noqa: BLE001 - a database that is away for a moment must not end the bot
            log.warning("identify.no_database", error=type(error).__name__)
            return _TRY_AGAIN
