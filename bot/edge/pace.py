"""A token bucket: how fast Kith may talk."""

from datetime import timedelta

from bot.core.clock import Clock

_NEVER = 3600.0  # a bucket that never fills is asked again in an hour


class Bucket:
    """Fills at a rate per second up to a burst; taking more than it holds waits."""

    def __init__(self, clock: Clock, *, rate: float, burst: float) -> None:
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

    def wait_for_one(self) -> float:
        """Take one token if there is one and return 0; otherwise return the seconds until there is."""
        if (shut := self.shut_for()) > 0:
            return shut
        self._fill()
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate if self._rate else _NEVER

    def empty_for(self, time: timedelta) -> None:
        """Give nothing for that long, and then one at a time."""
        self._tokens = min(1.0, self._burst)
        self._at = self._clock.monotonic() + time.total_seconds()

    def shut_for(self) -> float:
        """Return the seconds for which nothing is given at all."""
        return max(0.0, self._at - self._clock.monotonic())

    def _take(self) -> float:
        """Take one token, on credit if need be; return the seconds until it is really there."""
        self._fill()
        self._tokens -= 1
        return self.shut_for() + max(0.0, -self._tokens / self._rate)

    def _fill(self) -> None:
        now = self._clock.monotonic()
        if now < self._at:
            return  # shut
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
