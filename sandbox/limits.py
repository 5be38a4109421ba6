"""Rate limits: the global one, those of each route, some of their own, and the ban for too many errors."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sandbox.model import Clock


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


class Rule(NamedTuple):
    """So many requests in so many seconds."""

    number: int
    seconds: float


# Discord documents no numbers on purpose; these are what its users report, or a guess on the strict side.
# A bot may not rely on them: it reads the headers.
ANY = Rule(50, 1)
MANY_WINDOWS = 5000  # then those that are over are forgotten
OPEN = 1000, 999, 1.0  # limit, remaining, reset after: where nothing is limited
RULES = {
    "POST /channels/{channel}/messages": Rule(5, 5),
    "PATCH /channels/{channel}/messages/{message}": Rule(5, 5),
    "DELETE /channels/{channel}/messages/{message}": Rule(5, 1),
    "GET /channels/{channel}/messages": Rule(5, 5),
    "POST /channels/{channel}/typing": Rule(5, 5),
    "PUT /channels/{channel}/messages/pins/{message}": Rule(5, 5),
    "POST /channels/{channel}/threads": Rule(10, 10),
    "PUT /channels/{channel}/thread-members/{user}": Rule(10, 10),
    "DELETE /channels/{channel}/thread-members/{user}": Rule(10, 10),
    "PATCH /channels/{channel}": Rule(5, 5),
    "PUT /channels/{channel}/permissions/{target}": Rule(10, 10),
    "POST /guilds/{guild}/channels": Rule(10, 10),
    "POST /guilds/{guild}/roles": Rule(10, 10),
    "PUT /guilds/{guild}/members/{user}/roles/{role}": Rule(10, 10),
    "DELETE /guilds/{guild}/members/{user}/roles/{role}": Rule(10, 10),
    "GET /guilds/{guild}/members/{user}": Rule(5, 1),
    "POST /webhooks/{app}/{token:word}": Rule(5, 2),
    "PATCH /webhooks/{app}/{token:word}/messages/{message:word}": Rule(5, 2),
    "PUT /applications/{app}/commands": Rule(5, 20),
}


class Standing(NamedTuple):
    """Where a bucket stands after a request. `wait` is the time until it is let through; 0: it was."""

    bucket: str
    limit: int
    remaining: int
    reset_after: float
    wait: float = 0.0


@dataclass
class Window:
    """The requests of one bucket in its present period, which began then by the clock and in real time."""

    began: float
    really_began: float
    seconds: float
    used: int = 0

    def left(self, now: float, really: float) -> float:
        """The seconds until it is over, by the clock or in real time, whichever is sooner."""
        return self.seconds - max(now - self.began, really - self.really_began)


@cache
def _bucket(route: str) -> str:
    """The name of a route's buckets: it says nothing, as Discord's do not."""
    return hashlib.md5(route.encode(), usedforsecurity=False).hexdigest()


@dataclass
class RouteLimits:
    """One bucket for each route and channel, guild, or webhook; `hits` counts refusals.

    `haste` 5 means: five times as fast as Discord; 0: no limits. A period ends on the sandbox's clock or in
    real time, in which clients wait, whichever is first.
    """

    clock: Clock
    haste: float = 1.0
    rules: dict[str, Rule] = field(default_factory=lambda: dict(RULES))
    hits: int = 0
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def take(self, route: str, major: str) -> Standing:
        """Count a request to a route (method and template) of this channel, guild or webhook."""
        rule, bucket = self.rules.get(route, ANY), _bucket(route)
        if not self.haste:
            return Standing(bucket, *OPEN)
        window, left = self._window(bucket, major, rule.seconds / self.haste)
        if window.used >= rule.number:
            self.hits += 1
            return Standing(bucket, rule.number, 0, left, left)
        window.used += 1
        return Standing(bucket, rule.number, rule.number - window.used, left)

    def _window(self, bucket: str, major: str, seconds: float) -> tuple[Window, float]:
        """The bucket's present period, and the seconds it has left."""
        now, really = self.clock.monotonic(), time.monotonic()
        window = self.windows.get((bucket, major))
        if window and (left := window.left(now, really)) > 0:
            return window, left
        if len(self.windows) >= MANY_WINDOWS:
            self.windows = {key: one for key, one in self.windows.items() if one.left(now, really) > 0}
        window = self.windows[bucket, major] = Window(now, really, seconds)
        return window, seconds


@dataclass
class Allowance:
    """So many of something in any period of the sandbox's clock, for each of several (channels, say)."""

    number: int
    period: timedelta
    seen: dict[int, deque[datetime]] = field(default_factory=dict)

    def wait(self, whose: int, now: datetime) -> float:
        """0 and it counts, or the seconds until one more is allowed."""
        seen = self.seen.setdefault(whose, deque())
        while seen and seen[0] <= now - self.period:
            seen.popleft()
        if len(seen) >= self.number:
            return (seen[0] + self.period - now).total_seconds()
        seen.append(now)
        return 0.0


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


@dataclass
class InvalidLimit:
    """Answers 401, 403 and 429 (shared limits apart) that make Cloudflare shut the bot out for a while."""

    number: int = 10_000
    period: timedelta = timedelta(minutes=10)
    seen: deque[datetime] = field(default_factory=deque)

    def note(self, now: datetime) -> None:
        """One more of them."""
        self.seen.append(now)

    def shut_out(self, now: datetime) -> bool:
        """Whether there have been too many of late."""
        while self.seen and self.seen[0] <= now - self.period:
            self.seen.popleft()
        return len(self.seen) >= self.number
