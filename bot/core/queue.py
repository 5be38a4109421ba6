"""Rows with a due time, a unique key and a lease: future work that survives a crash."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import CursorResult, Index, Select, String, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, aliased, declared_attr, mapped_column

from bot.core.clock import Clock
from bot.core.errors import LeaseLost
from bot.core.ids import claim_id, claimed_by_the_dead, claims_of_this_process
from bot.core.store import BigId, Store, UTCDateTime

LEASE = timedelta(seconds=45)
_BACK_OFF_BASE = 2.0
_BACK_OFF_MOST = 3600.0
_CLAIMING = 5392  # the key of PostgreSQL's lock while a line is looked at

WAITING = "waiting"
DONE = "done"
EXPIRED = "expired"
FAILED = "failed"


class QueueRow:
    """The columns that agenda and outbox share."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[int] = mapped_column(BigId)
    community_id: Mapped[int | None] = mapped_column(BigId)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12), default=WAITING)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    owner: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(200))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        """Index only what still waits, so that a tick costs the same with a million done rows."""
        name = cls.__tablename__  # type: ignore[attr-defined]
        waiting = text(f"state = '{WAITING}'")
        return (Index(f"ix_{name}_due", "due_at", "id", sqlite_where=waiting, postgresql_where=waiting),)


Row = TypeVar("Row", bound=QueueRow)


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after that many attempts: doubling, at most an hour, with jitter."""
    seconds = min(_BACK_OFF_BASE ** min(attempts, 20), _BACK_OFF_MOST)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))


class Queue(Generic[Row]):
    """Claims, renews, settles and retries the rows of one table."""

    def __init__(self, store: Store, clock: Clock, table: type[Row], *, line: str | None = None) -> None:
        """Stand on a table.

        Args:
            store: where it is.
            clock: tells what is due.
            table: the rows.
            line: a column; rows with the same value in it are with one process at a time, in their order.
        """
        self._store = store
        self._clock = clock
        self._table = table
        self._line = line

    async def claim(self, limit: int) -> Sequence[Row]:
        """Take the oldest due rows for one lease; nobody else gets them meanwhile."""
        now = self._clock.now()
        async with self._store.read() as session:
            if (await session.execute(self._due(now).limit(1))).first() is None:
                return ()  # an idle tick takes no write lock
        table: Any = self._table
        due = self._due(now).limit(limit).with_for_update(skip_locked=True).cte("due")
        if self._store.is_sqlite:
            due = self._due(now).limit(limit).cte("due")
        claimed = (
            update(table)
            .where(table.id.in_(select(due.c.id)))
            .values(owner=claim_id(), lease_until=now + LEASE, attempts=table.attempts + 1)
            .returning(table)
        )
        async with self._store.write() as session:
            if self._line is not None and not self._store.is_sqlite:
                # What another process is just claiming would not be seen as taken yet.
                await session.execute(text(f"SELECT pg_advisory_xact_lock({_CLAIMING})"))
            rows = (await session.scalars(claimed)).all()
        return sorted(rows, key=lambda row: (row.due_at, row.id))

    async def release_dead(self) -> None:
        """Free what killed processes of this machine held, without waiting for their leases."""
        table: Any = self._table
        async with self._store.write() as session:
            leased = select(table.id, table.owner).where(
                table.state == WAITING, table.lease_until > self._clock.now()
            )
            dead = [row_id for row_id, owner in await session.execute(leased) if claimed_by_the_dead(owner)]
            for row_id in dead:  # that somebody killed Kith is no failure of the work
                freed = {"lease_until": None, "attempts": table.attempts - 1}
                await session.execute(update(table).where(table.id == row_id).values(**freed))

    async def hand_over(self) -> None:
        """Free what this process holds and will not finish, so that others need not wait for its leases."""
        table: Any = self._table
        now = self._clock.now()
        ours = table.owner.startswith(claims_of_this_process(), autoescape=True)
        async with self._store.write() as session:
            await session.execute(
                update(table)
                .where(table.state == WAITING, table.due_at <= now, table.lease_until > now, ours)
                .values(lease_until=None)
                .execution_options(synchronize_session=False)
            )

    async def renew(self, row: Row) -> bool:
        """Hold a row for another lease; false when it is no longer ours."""
        until = self._clock.now() + LEASE
        async with self._store.write() as session:
            return await self._set(session, row.id, row.owner, lease_until=until)

    async def settle(
        self, session: AsyncSession, row_id: int, owner: str | None, state: str, **values: object
    ) -> None:
        """Give a row its final state, in the transaction of what was done for it.

        Raises:
            LeaseLost: someone else took it over; the transaction must not commit.
        """
        if not await self._set(session, row_id, owner, state=state, lease_until=None, **values):
            raise LeaseLost(f"{self._table.__name__} {row_id}")

    async def retry(self, row: Row, after: timedelta | datetime, reason: str, **values: object) -> None:
        """Let a row wait, so long or until then, and try again; if its lease is lost, someone else does."""
        due = after if isinstance(after, datetime) else self._clock.now() + after
        async with self._store.write() as session:
            await self._set(
                session, row.id, row.owner, due_at=due, lease_until=None, reason=reason[:200], **values
            )

    async def next_due(self) -> datetime | None:
        """Return when the next row falls due, or None."""
        table: Any = self._table
        async with self._store.read() as session:
            first: datetime | None = await session.scalar(
                select(table.due_at).where(table.state == WAITING).order_by(table.due_at).limit(1)
            )
        return first

    def _due(self, now: datetime) -> Select[Any]:
        table: Any = self._table
        free = or_(table.lease_until.is_(None), table.lease_until <= now)
        due = select(table.id).where(table.state == WAITING, table.due_at <= now, free)
        if self._line is not None:
            other: Any = aliased(self._table)
            taken = select(getattr(other, self._line)).where(
                other.state == WAITING, other.due_at <= now, other.lease_until > now
            )
            due = due.where(getattr(table, self._line).not_in(taken))
        return due.order_by(table.due_at, table.id)

    async def _set(self, session: AsyncSession, row_id: int, owner: str | None, **values: object) -> bool:
        table: Any = self._table
        statement = (
            update(table)
            .where(table.id == row_id, table.owner == owner, table.state == WAITING)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        done = await session.execute(statement)
        assert isinstance(done, CursorResult)
        return done.rowcount == 1
