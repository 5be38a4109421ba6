"""Rate limits: the global one, in real time since the client waits in real time, and that on opening DMs."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class GlobalLimit:
    """At most `rate` requests in any second; `hits` counts refusals. A rate of 0 switches it off."""

    rate: float = 50
    hits: int = 0
    seen: deque[float] = field(default_factory=deque)

    def wait(self) -> float:
        """0 and the request counts, or the seconds until one would be let through."""
        if not self.rate:
            return 0.0
        now = time.monotonic()
        while self.seen and self.seen[0] <= now - 1:
            self.seen.popleft()
        if len(self.seen) < self.rate:
            self.seen.append(now)
            return 0.0
        self.hits += 1
        return max(0.001, self.seen[0] + 1 - now)


@dataclass
class DmLimit:
    """How many new DM channels may be opened per period of the sandbox's clock before 40003."""

    number: int = 1000
    period: timedelta = timedelta(hours=1)
    opened: deque[datetime] = field(default_factory=deque)

    def take(self, now: datetime) -> bool:
        """Whether one more may be opened; if so it counts."""
        while self.opened and self.opened[0] <= now - self.period:
            self.opened.popleft()
        if len(self.opened) >= self.number:
            return False
        self.opened.append(now)
        return True
