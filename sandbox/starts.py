"""How sessions may be started: so many a day, and those of one bucket some seconds apart."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from sandbox.model import Clock, Json

DAY = timedelta(days=1)
GRACE = 0.05  # seconds a start may come early: waiting and the way here are not that exact


@dataclass
class StartLimit:
    """What `/gateway/bot` calls `session_start_limit`.

    Shards whose number leaves the same rest when divided by `concurrency` are one bucket; two of a bucket
    start at least `seconds` apart (0: at once), on the sandbox's clock or in real time, whichever is sooner.
    `early` counts those that did not wait. With `restarts_free` the first start after everything was
    disconnected need not wait: restarts are many in tests, and five seconds each would be hours.
    """

    clock: Clock
    seconds: float = 5.0
    concurrency: int = 1
    total: int = 1000
    restarts_free: bool = False
    early: int = 0
    used: deque[datetime] = field(default_factory=deque)
    last: dict[int, tuple[float, float]] = field(default_factory=dict)

    def too_soon(self, shard: int, *, alone: bool = False) -> bool:
        """Whether a start of this shard has to be refused now; if not, its bucket is taken.

        `alone`: no other shard is connected.
        """
        bucket, now, really = shard % self.concurrency, self.clock.monotonic(), time.monotonic()
        before, really_before = self.last.get(bucket, (-inf, -inf))
        waited = max(now - before, really - really_before)
        if waited < self.seconds - GRACE and not (alone and self.restarts_free):
            self.early += 1
            return True
        self.last[bucket] = now, really
        return False

    def take(self) -> bool:
        """Use up one of the day's starts; False if there is none left."""
        if self.left <= 0:
            return False
        self.used.append(self.clock.now())
        return True

    @property
    def left(self) -> int:
        """How many starts the day has left; it begins with the first one."""
        if self.used and self.used[0] <= self.clock.now() - DAY:
            self.used.clear()
        return self.total - len(self.used)

    def json(self) -> Json:
        """As `/gateway/bot` tells it; `reset_after` in milliseconds."""
        left = self.left
        ends = self.used[0] + DAY if self.used else self.clock.now() + DAY
        return {
            "total": self.total,
            "remaining": left,
            "reset_after": int((ends - self.clock.now()).total_seconds() * 1000),
            "max_concurrency": self.concurrency,
        }
