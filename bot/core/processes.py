"""The processes that share one database: which shards each has, and whether it was heard of lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update

from bot.core.clock import Clock
from bot.core.ids import claim_id, claimed_by_the_dead
from bot.core.log import get_logger
from bot.core.shared import Process
from bot.core.store import Store, insert_new

log = get_logger(__name__)

EVERY = 10.0
"""Seconds between two signs of life."""
ALIVE_WITHIN = timedelta(minutes=1)
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Share:
    """Which of a bot's shards are this process's; Discord gives every server to one shard, by its id."""

    count: int = 1
    ids: tuple[int, ...] = (0,)

    @property
    def whole(self) -> bool:
        """Whether no other process is needed."""
        return len(self.ids) == self.count

    def has(self, guild_id: int) -> bool:
        """Whether this process hears of a server."""
        return (guild_id >> 22) % self.count in self.ids


@dataclass(frozen=True, slots=True)
class Other:
    """Another process that was heard of within a minute."""

    id: str
    share: Share


class Processes:
    """This process's row, and what the others' rows say."""

    def __init__(self, store: Store, clock: Clock, share: Share) -> None:
        """Speak for the process that has this share."""
        self.id = claim_id()
        self._store = store
        self._clock = clock
        self._share = share

    async def begin(self) -> Sequence[Other]:
        """Say that this process is there, forget the dead, and return the others; odd ones are logged."""
        now = self._clock.now()
        async with self._store.write() as session:
            rows = (await session.scalars(select(Process))).all()
            dead = [row.id for row in rows if _is_dead(row) or now - row.seen_at > _FORGOTTEN_AFTER]
            await session.execute(delete(Process).where(Process.id.in_(dead)))
        others = _alive(rows, now)
        await self._insert()
        for other in others:
            self._compare(other)
        return others

    async def others(self) -> Sequence[Other]:
        """Who else is there."""
        async with self._store.read() as session:
            return _alive((await session.scalars(select(Process))).all(), self._clock.now())

    async def beat(self) -> None:
        """Say that this process still lives; where its row was taken away, it is put back."""
        sign = update(Process).where(Process.id == self.id).values(seen_at=self._clock.now())
        async with self._store.write() as session:
            done = await session.execute(sign)
        assert isinstance(done, CursorResult)
        if not done.rowcount:
            await self._insert()

    async def end(self) -> None:
        """Say goodbye."""
        async with self._store.write() as session:
            await session.execute(delete(Process).where(Process.id == self.id))

    async def _insert(self) -> None:
        now = self._clock.now()
        async with self._store.write() as session:
            await insert_new(
                session,
                Process,
                id=self.id,
                shards=list(self._share.ids),
                shard_count=self._share.count,
                started_at=now,
                seen_at=now,
            )

    def _compare(self, other: Other) -> None:
        """Warn about what an operator did not mean: shards twice, or counted differently."""
        theirs = other.share
        if theirs.count != self._share.count:
            log.warning("shards.counted_differently", here=self._share.count, there=theirs.count)
        elif shared := sorted(set(theirs.ids) & set(self._share.ids)):
            log.warning("shards.had_twice", shards=shared, other=other.id)


def _alive(rows: Sequence[Process], now: datetime) -> list[Other]:
    return [
        Other(row.id, Share(row.shard_count, tuple(row.shards)))
        for row in rows
        if not _is_dead(row) and now - row.seen_at < ALIVE_WITHIN
    ]


def _is_dead(row: Process) -> bool:
    return claimed_by_the_dead(row.id)
