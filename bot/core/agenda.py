"""What Kith must do, and when: due work as rows, each done once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.clock import Clock
from bot.core.errors import LeaseLost, Postponed
from bot.core.log import get_logger
from bot.core.queue import DONE, EXPIRED, FAILED, LEASE, WAITING, Queue, QueueRow, back_off
from bot.core.store import Base, Store, UTCDateTime, insert_new, portions

log = get_logger(__name__)

_AT_ONCE = 20
_ATTEMPTS = 15


class AgendaRow(QueueRow, Base):
    """One thing to do; past ``not_after`` it is skipped aloud instead of done late."""

    __tablename__ = "agenda"

    not_after: Mapped[datetime | None] = mapped_column(UTCDateTime)


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed thing to do, as its handler sees it."""

    id: int
    kind: str
    subject: int
    community_id: int | None
    key: str
    due_at: datetime
    not_after: datetime | None
    attempts: int
    owner: str | None = None


Handler = Callable[[Work], Awaitable[None]]


class Agenda:
    """Plans work and runs what is due; the handlers are registered by the composition root."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._queue = Queue(store, clock, AgendaRow)
        self.handlers: dict[str, Handler] = {}
        self.expired: dict[str, Handler] = {}

    def register(self, handlers: Mapping[str, Handler], expired: Mapping[str, Handler] | None = None) -> None:
        """Add a feature's handlers, and what it does about work that came too late."""
        self.handlers.update(handlers)
        self.expired.update(expired or {})

    async def plan(
        self,
        session: AsyncSession,
        *,
        kind: str,
        key: str,
        subject: int,
        due_at: datetime,
        community_id: int | None = None,
        not_after: datetime | None = None,
    ) -> bool:
        """Plan work once; false when that key was planned before."""
        return await insert_new(
            session,
            AgendaRow,
            kind=kind,
            key=key,
            subject=subject,
            community_id=community_id,
            due_at=due_at,
            not_after=not_after,
            state=WAITING,
            attempts=0,
        )

    async def cancel(self, session: AsyncSession, key: str) -> None:
        """Take work off the agenda that has not been done; the key is free again."""
        await session.execute(
            delete(AgendaRow)
            .where(AgendaRow.key == key, AgendaRow.state == WAITING)
            .execution_options(synchronize_session=False)
        )

    async def forget(self, session: AsyncSession, kinds: Collection[str], subjects: Collection[int]) -> None:
        """Delete all work about these rows, done or not: what it was about is being deleted."""
        for some in portions(subjects):
            await session.execute(
                delete(AgendaRow)
                .where(AgendaRow.kind.in_(kinds), AgendaRow.subject.in_(some))
                .execution_options(synchronize_session=False)
            )

    async def settle(self, session: AsyncSession, work: Work) -> None:
        """Mark work done in the transaction that did it.

        Raises:
            LeaseLost: another process took it over.
        """
        await self._queue.settle(session, work.id, work.owner, DONE)

    async def release_dead(self) -> None:
        """Free what a killed process of this machine had claimed."""
        await self._queue.release_dead()

    async def hand_over(self) -> None:
        """Free what this process had claimed and will not finish."""
        await self._queue.hand_over()

    async def next_due(self) -> datetime | None:
        """Return when the next work falls due, or None."""
        return await self._queue.next_due()

    async def tick(self) -> int:
        """Do a batch of what is due; return how many rows were taken."""
        rows = await self._queue.claim(_AT_ONCE)
        await asyncio.gather(*(self._run(row) for row in rows))
        return len(rows)

    async def _run(self, row: AgendaRow) -> None:
        late = row.not_after is not None and self._clock.now() > row.not_after
        handler = (self.expired if late else self.handlers).get(row.kind)
        with structlog.contextvars.bound_contextvars(work=row.id, community=row.community_id):
            if late:
                log.warning("too late, skipped", kind=row.kind, due=row.due_at.isoformat())
            await self._attempt(row, handler, EXPIRED if late else DONE)

    async def _attempt(self, row: AgendaRow, handler: Handler | None, final: str) -> None:
        """Run a handler and settle for it if it did not do so itself; failures wait and come back."""
        if handler is None and final == DONE:
            log.error("no handler", kind=row.kind)
            await self._queue.retry(row, back_off(12), "no handler")
            return
        try:
            async with self._renewed(row):
                if handler is not None:
                    await handler(_work(row))
            async with self._store.write() as session:
                await self._queue.settle(session, row.id, row.owner, final)
        except LeaseLost:
            log.debug("settled by its handler, or taken over", kind=row.kind)
        except Postponed as error:
            log.info("work waits", kind=row.kind, reason=error.reason)
            await self._queue.retry(row, error.after, error.reason, attempts=row.attempts - 1)
        except Exception as error:
            log.exception("work failed", kind=row.kind, attempts=row.attempts)
            await self._failed(row, type(error).__name__)

    async def _failed(self, row: AgendaRow, reason: str) -> None:
        if row.attempts < _ATTEMPTS:
            await self._queue.retry(row, back_off(row.attempts), reason)
            return
        with suppress(LeaseLost):
            async with self._store.write() as session:
                await self._queue.settle(session, row.id, row.owner, FAILED, reason=reason)

    @asynccontextmanager
    async def _renewed(self, row: AgendaRow) -> AsyncIterator[None]:
        """Keep the lease while a long piece of work runs."""
        keeper = asyncio.create_task(self._keep(row))
        try:
            yield
        finally:
            keeper.cancel()

    async def _keep(self, row: AgendaRow) -> None:
        while True:
            await self._clock.sleep(LEASE / timedelta(seconds=3))
            if not await self._queue.renew(row):
                return


def _work(row: AgendaRow) -> Work:
    return Work(
        row.id,
        row.kind,
        row.subject,
        row.community_id,
        row.key,
        row.due_at,
        row.not_after,
        row.attempts,
        row.owner,
    )
