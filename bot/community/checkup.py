"""What the check-up knows beside permissions: who cannot be reached, what is wrong, what was given up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import desc, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.setbacks import Setbacks
from bot.community.views import Failure, Health
from bot.community.week import Week, reachable
from bot.core.agenda import AgendaRow
from bot.core.clock import Clock
from bot.core.outbox import OutboxRow
from bot.core.queue import FAILED
from bot.core.store import Store
from bot.people.service import Who
from bot.people.tables import Community

LATELY = timedelta(days=7)
SHOWN = 5


class Checkup:
    """Reads how things stand; `works_again` is what a look at the permissions leads to."""

    def __init__(self, store: Store, clock: Clock, setbacks: Setbacks, week: Week) -> None:
        """Stand on the store and on what is known to be wrong."""
        self.store = store
        self.clock = clock
        self.setbacks = setbacks
        self.week = week

    async def health(self, who: Who, well: Collection[int] = ()) -> tuple[Health, list[int]]:
        """Return how things stand, and which of the channels that look `well` now did not before."""
        mended = await self.setbacks.works_again(who.community_id, well)
        async with self.store.read() as session:
            row = await session.get(Community, who.community_id)
            closed, open_ = await reachable(session, who.community_id)
            gets = row is not None and row.started and row.mod_channel_id and "digest" not in row.modules_off
            found = Health(
                unreachable=closed,
                reachable=open_,
                troubles=await self.setbacks.of(session, who.community_id),
                failures=await self._failures(session, who.community_id),
                week_at=self.week.next_at(row.zone) if row is not None and gets else None,
            )
        return found, mended

    async def _failures(self, session: AsyncSession, community_id: int) -> tuple[Failure, ...]:
        """What was given up in the last days, by kind, the latest first."""
        since = self.clock.now() - LATELY
        found: list[Failure] = []
        for table in (OutboxRow, AgendaRow):
            last = func.max(table.due_at)
            query = (
                select(table.kind, func.count(), func.max(table.reason), last)
                .where(table.community_id == community_id, table.state == FAILED, table.due_at >= since)
                .group_by(table.kind)
                .order_by(desc(last))
                .limit(SHOWN)
            )
            rows = (await session.execute(query)).all()
            found += [Failure(kind, count, reason or "", at) for kind, count, reason, at in rows]
        return tuple(sorted(found, key=lambda one: one.last_at, reverse=True)[:SHOWN])
