"""Once a day: what nobody needs any more is deleted, a portion at a time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.log import get_logger
from bot.core.outbox import IN_INBOX
from bot.core.queue import WAITING
from bot.core.store import Store
from bot.privacy.atlas import table_of
from bot.privacy.rules import Periods, before

log = get_logger(__name__)

AT_HOUR = 3  # UTC; whose night it is does not matter, it is short work
PORTION = 500


class Retention:
    """The agenda work `retention`."""

    def __init__(self, store: Store, clock: Clock, agenda: Agenda, periods: Periods) -> None:
        """Stand on the store and the agenda; `periods` are the operator's."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.periods = periods

    def handlers(self) -> dict[str, Handler]:
        """Name the work."""
        return {"retention": self._due}

    async def begin(self) -> None:
        """Plan the next time; to be asked for at every start."""
        async with self.store.write() as session:
            await self._plan(session)

    async def _plan(self, session: AsyncSession) -> None:
        now = self.clock.now()
        due_at = datetime.combine(now.date(), time(AT_HOUR), now.tzinfo)
        if due_at <= now:
            due_at += timedelta(days=1)
        await self.agenda.plan(
            session, kind="retention", key=f"retention:{due_at:%Y-%m-%d}", subject=0, due_at=due_at
        )

    async def _due(self, work: Work) -> None:
        for table, old in self._old(self.clock.now()):
            if deleted := await self._delete(table, old):
                log.info("retention.deleted", table=table.name, rows=deleted)
        async with self.store.write() as session:
            await self._plan(session)
            await self.agenda.settle(session, work)

    def _old(self, now: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
        """What is too old, by table. A message in somebody's inbox waits for them, however long."""
        kept = self.periods
        agenda, outbox, draft = table_of("agenda"), table_of("outbox"), table_of("draft")
        search, report, consent = table_of("search"), table_of("report"), table_of("consent")
        forgotten, settled = table_of("forgotten"), before(now, kept.settled)
        return [
            (agenda, (agenda.c.state != WAITING) & (agenda.c.due_at < settled)),
            (outbox, outbox.c.state.not_in((WAITING, IN_INBOX)) & (outbox.c.due_at < settled)),
            (draft, draft.c.created_at < before(now, kept.drafts)),
            (search, ~search.c.alert & (search.c.created_at < before(now, kept.searches))),
            (forgotten, forgotten.c.until <= now),
            (report, (report.c.state == "settled") & (report.c.decided_at < before(now, kept.reports))),
            (consent, consent.c.withdrawn_at < before(now, kept.consents)),
        ]

    async def _delete(self, table: Table, old: ColumnElement[bool]) -> int:
        """Delete in portions, each in a transaction of its own, so that nobody waits long."""
        (key,) = table.primary_key
        deleted = 0
        while True:
            some = select(key).where(old).limit(PORTION)
            async with self.store.write() as session:
                gone = await session.execute(delete(table).where(key.in_(some)).returning(key))
                count = len(gone.all())
            deleted += count
            if count < PORTION:
                return deleted
