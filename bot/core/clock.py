"""The only place that tells or waits for time, so that a turned clock turns everything."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits for it; handed to whatever needs either."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start, never going back."""

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds of this clock."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)


class TurnedClock:
    """A clock that tests and the demo turn forward; between turns it runs at the real rate.

    With ``frozen`` it stands still unless it is turned, and sleepers wake only by a turn.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._start = (start or datetime(2026, 1, 5, 9, tzinfo=UTC)).astimezone(UTC)
        self._frozen = frozen
        self._turned_by = 0.0
        self._began = time.monotonic()
        self._turn = asyncio.Event()

    def now(self) -> datetime:
        """Return the turned instant, aware, in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return turned seconds since the start."""
        return self._turned_by + (0.0 if self._frozen else time.monotonic() - self._began)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has moved on by that much, by itself or by a turn."""
        until = self.monotonic() + seconds
        await asyncio.sleep(0)
        while (left := until - self.monotonic()) > 0:
            turn = self._turn
            try:
                async with asyncio.timeout(None if self._frozen else left):
                    await turn.wait()
            except TimeoutError:
                continue

    async def advance(self, by: timedelta) -> None:
        """Turn the clock forward and wake whoever slept until then.

        Raises:
            ValueError: the clock would go back.
        """
        if by < timedelta(0):
            raise ValueError("a clock is only turned forward")
        self._turned_by += by.total_seconds()
        turned, self._turn = self._turn, asyncio.Event()
        turned.set()
        await asyncio.sleep(0)

    async def turn_to(self, instant: datetime) -> None:
        """Turn the clock to an instant; one already past changes nothing."""
        await self.advance(max(instant - self.now(), timedelta(0)))
