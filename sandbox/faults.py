"""Faults on demand: failing or slow requests, lost connections, events twice, late, or never."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Fault:
    """What happens to the next `times` requests that fit; -1: to all of them.

    `drop="before"` cuts the connection before anything is done, `"after"` when it is (the answer is lost).
    `status` alone refuses before anything is done; with `after=True` it answers so though the work was done.
    """

    method: str | None = None
    path: str = ""
    status: int | None = None
    code: int = 0
    message: str = ""
    drop: Literal["before", "after"] | None = None
    after: bool = False
    delay: float = 0.0
    times: int = 1
    retry_after: float = 0.2
    cloudflare: bool = False
    scope: str = "user"
    hits: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Whether it strikes this request."""
        if self.times == 0 or (self.method and self.method.upper() != method):
            return False
        return re.search(self.path, path) is not None


@dataclass
class Faults:
    """The faults in force.

    `duplicate_events` sends each event twice, `duplicate_interactions` only those; with `out_of_order` every
    other event is overtaken by the one after it; `lost_events` says how many of an event are never sent.
    """

    active: list[Fault] = field(default_factory=list)
    duplicate_events: bool = False
    duplicate_interactions: bool = False
    out_of_order: bool = False
    lost_events: Counter[str] = field(default_factory=Counter)

    def add(self, **what: object) -> Fault:
        """Add a fault (see `Fault` for its fields); returned so that its `hits` can be read."""
        fault = Fault(**what)  # type: ignore[arg-type]
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Everything works again."""
        self.active.clear()
        self.duplicate_events = self.duplicate_interactions = self.out_of_order = False
        self.lost_events.clear()

    def loses(self, event: str) -> bool:
        """Whether this event is never sent, which uses up one of those to be lost."""
        lost = self.lost_events[event] > 0
        self.lost_events[event] -= lost
        return lost

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault that hits this request, used up by one."""
        for fault in self.active:
            if fault.fits(method, path):
                fault.times -= fault.times > 0
                fault.hits += 1
                return fault
        return None
