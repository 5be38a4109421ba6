"""What Kith counts about itself, for those who watch it: names and numbers, never people or words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func, select

from bot.core.agenda import AgendaRow
from bot.core.clock import Clock
from bot.core.outbox import OutboxRow
from bot.core.queue import WAITING
from bot.core.store import Store

CONTENT_TYPE = CONTENT_TYPE_LATEST
COUNTED_MOST = 100_000
"""A longer queue is not counted to its end: from here on it is only "too long"."""
_FRESH = 5.0
# Discord allows three seconds; Kith defers after two.
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 2.5, 3.0, 5.0, 10.0)
_PARTS = ("enrolled", "matched", "left_out", "skipped", "unreachable")


class Metrics:
    """Every figure of one running Kith, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._count_answers()
        self._count_work()
        self._count_rounds()
        self.failures = Failures(self._failures)

    def _count_answers(self) -> None:
        self._interactions = Counter(
            "kith_interactions",
            "Commands, buttons, forms and suggestions, by how they ended.",
            ("command", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "kith_interaction_seconds",
            "From the arrival of an interaction to the end of its handler.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.latency = Gauge(
            "kith_gateway_latency_seconds",
            "Between a heartbeat and Discord's answer; NaN until there was one.",
            registry=self.registry,
        )

    def _count_work(self) -> None:
        self._sends = Counter(
            "kith_sends",
            "Messages that came to an end: done, inbox, dropped, expired or failed.",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self._failures = Counter(
            "kith_failures", "Lines logged as errors, by what failed.", ("kind",), registry=self.registry
        )
        self._depth, self._oldest = {}, {}
        for queue, what in (("agenda", "pieces of work"), ("outbox", "messages")):
            self._depth[queue] = Gauge(
                f"kith_{queue}_depth",
                f"How many {what} are due and not yet done (at most {COUNTED_MOST}).",
                registry=self.registry,
            )
            self._oldest[queue] = Gauge(
                f"kith_{queue}_oldest_seconds",
                f"For how long the oldest of the {what} that are due has been due.",
                registry=self.registry,
            )

    def _count_rounds(self) -> None:
        self._rounds = Counter("kith_round", "Rounds of introductions that went out.", registry=self.registry)
        self._groups = Counter("kith_round_groups", "Groups introduced by rounds.", registry=self.registry)
        self._members = Counter(
            "kith_round_members", "Members of rounds, by what came of it.", ("part",), registry=self.registry
        )
        self._last_round = Gauge(
            "kith_round_last_timestamp_seconds", "When the last round went out.", registry=self.registry
        )

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """Count one interaction; both labels are names from the code, never what a member sent."""
        self._interactions.labels(command, outcome).inc()
        self._seconds.observe(seconds)

    def repeated(self, command: str) -> None:
        """Count an event that Discord delivered once more; nothing was done about it."""
        self._interactions.labels(command, "repeated").inc()

    def sent(self, kind: str, outcome: str) -> None:
        """Count a message that came to an end."""
        self._sends.labels(kind, outcome).inc()

    def round_done(self, report: Mapping[str, Any], at: datetime) -> None:
        """Count a round that went out, by its report."""
        self._rounds.inc()
        self._groups.inc(report["groups"])
        for part in _PARTS:
            self._members.labels(part).inc(report[part])
        self._last_round.set(at.timestamp())

    def waits(self, queue: str, backlog: Backlog) -> None:
        """Set how much is due and not done in a queue."""
        self._depth[queue].set(backlog.depth)
        self._oldest[queue].set(backlog.oldest_seconds)

    def text(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(self.registry)


class Failures(logging.Handler):
    """Counts every line that is logged as an error, so that nothing fails uncounted."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(logging.ERROR)
        self._counter = counter

    def attach(self) -> None:
        """Begin to listen to every logger; after the logs were configured."""
        logging.getLogger().addHandler(self)

    def detach(self) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line under its event and kind; a library's under the library's name."""
        event: object = record.msg
        if not isinstance(event, dict):  # a library's text may hold anything
            self._counter.labels(record.name).inc()
            return
        kind = event.get("kind")
        self._counter.labels(f"{event['event']}: {kind}" if kind else str(event["event"])).inc()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due in a queue and not done: how much, and since when the oldest."""

    depth: int
    oldest_seconds: float


class Backlogs:
    """Reads how much waits in both queues, and since when; asked again at once, it looks no second time."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._read_at: float | None = None
        self._known: dict[str, Backlog] = {}

    async def read(self) -> Mapping[str, Backlog]:
        """Return both backlogs by the queue's name, at most a few seconds old."""
        now = self._clock.monotonic()
        if self._read_at is None or now - self._read_at >= _FRESH:
            self._known = {"agenda": await self._of(AgendaRow), "outbox": await self._of(OutboxRow)}
            self._read_at = now
        return self._known

    async def _of(self, table: type[AgendaRow] | type[OutboxRow]) -> Backlog:
        """Count along the index of what waits, which is in the order of due times."""
        now = self._clock.now()
        due = select(table.due_at).where(table.state == WAITING, table.due_at <= now).order_by(table.due_at)
        some = due.limit(COUNTED_MOST).subquery()
        async with self._store.read() as session:
            oldest: datetime | None = await session.scalar(due.limit(1))
            depth = await session.scalar(select(func.count()).select_from(some))
        return Backlog(depth or 0, (now - oldest).total_seconds() if oldest else 0.0)
