"""Token buckets: how fast Kith may talk, alone or together with other processes."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta
from math import ceil
from typing import Protocol

from bot.core.clock import Clock
from bot.core.pace import NEVER, Pacing

_PORTION = 0.25  # seconds' worth that a process takes out of a shared bucket at once


class Pacer(Protocol):
    """Fills at a rate per second up to a burst."""

    async def take(self) -> None:
        """Take one token, waiting for it in the order of asking."""

    async def wait_for_one(self) -> float:
        """Take one token if there is one and return 0; otherwise return the seconds until there is."""

    async def empty_for(self, time: timedelta) -> None:
        """Give nothing for that long, and then one at a time."""

    async def shut_for(self) -> float:
        """Return the seconds for which nothing is given at all."""


class Bucket:
    """A bucket of this process's own."""

    def __init__(self, clock: Clock, *, rate: float, burst: float) -> None:
        """Begin full."""
        self._clock = clock
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = clock.monotonic()

    async def take(self) -> None:
        """Take one token, waiting for it in the order of asking."""
        wait = self._take()
        if wait > 0:
            await self._clock.sleep(wait)

    async def wait_for_one(self) -> float:
        """Take one token if there is one and return 0; otherwise return the seconds until there is."""
        if (shut := self._shut()) > 0:
            return shut
        self._fill()
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate if self._rate else NEVER

    async def empty_for(self, time: timedelta) -> None:
        """Give nothing for that long, and then one at a time."""
        self._tokens = min(1.0, self._burst)
        self._at = self._clock.monotonic() + time.total_seconds()

    async def shut_for(self) -> float:
        """Return the seconds for which nothing is given at all."""
        return self._shut()

    def _shut(self) -> float:
        return max(0.0, self._at - self._clock.monotonic())

    def _take(self) -> float:
        """Take one token, on credit if need be; return the seconds until it is really there."""
        self._fill()
        self._tokens -= 1
        return self._shut() + max(0.0, -self._tokens / self._rate)

    def _fill(self) -> None:
        now = self._clock.monotonic()
        if now < self._at:
            return  # shut
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now


class SharedBucket:
    """A bucket that several processes draw from, each a quarter of a second's worth at most at once.

    What was drawn are instants, as far apart as the rate says; who asks gets the next one. A process draws
    no more than is being asked for, and again only when its last instant has come, so that none of it is
    wasted and the others get theirs in between.
    """

    def __init__(self, clock: Clock, pacing: Pacing, name: str, *, rate: float, burst: float) -> None:
        """Draw from the bucket of that name, which begins full."""
        self._clock = clock
        self._pacing = pacing
        self._name = name
        self._rate = rate
        self._burst = burst
        self._portion = max(1, ceil(rate * _PORTION))
        self._instants: deque[float] = deque()
        self._last = clock.monotonic()
        self._asking = 0
        self._turn = asyncio.Lock()

    async def take(self) -> None:
        """Take one token, waiting for it in the order of asking."""
        self._asking += 1
        try:
            async with self._turn:
                if not self._instants:
                    await self._draw()
                instant = self._instants.popleft()
        finally:
            self._asking -= 1
        await self._until(instant)

    async def wait_for_one(self) -> float:
        """Take one token if there is one and return 0; otherwise return the seconds until there is."""
        return await self._pacing.take(self._name, self._rate, self._burst)

    async def empty_for(self, time: timedelta) -> None:
        """Give nothing for that long, and then one at a time."""
        await self._pacing.shut(self._name, self._clock.now() + time, self._burst)

    async def shut_for(self) -> float:
        """Return the seconds for which nothing is given at all."""
        return await self._pacing.shut_for(self._name)

    async def _draw(self) -> None:
        await self._until(self._last)
        wanted = min(self._portion, self._asking)
        waits = await self._pacing.draw(self._name, self._rate, self._burst, wanted)
        now = self._clock.monotonic()
        self._instants.extend(now + wait for wait in waits)
        self._last = self._instants[-1]

    async def _until(self, instant: float) -> None:
        if (left := instant - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)


def pacers(
    clock: Clock, shared: Pacing | None, sends_per_second: float, opens_per_hour: float
) -> tuple[Pacer, Pacer]:
    """Return what paces messages and newly opened DMs; `shared` where other processes send as well."""
    sends = {"rate": sends_per_second, "burst": max(1.0, sends_per_second)}
    opens = {"rate": opens_per_hour / 3600, "burst": _burst(opens_per_hour)}
    if shared is None:
        return Bucket(clock, **sends), Bucket(clock, **opens)
    return SharedBucket(clock, shared, "sends", **sends), SharedBucket(clock, shared, "opens", **opens)


def _burst(opens_per_hour: float) -> float:
    """Return how many DMs may be opened at once: ten minutes' worth, at least one; none if none may be."""
    return max(1.0, opens_per_hour / 6) if opens_per_hour else 0.0
