"""The week in numbers, for moderators: posted in their channel on Mondays, or shown when they ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.views import Figures, FiguresOf, WeekView
from bot.core.agenda import Agenda, AgendaRow, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.outbox import Outbox
from bot.core.queue import WAITING
from bot.core.schedule import next_local
from bot.core.store import Store
from bot.people.members import community_view
from bot.people.service import Who
from bot.people.tables import Community, Consent, Member, Person

WEEK = "community.week"
MONDAY, AT = 0, 9
LATE = timedelta(days=3)
"""Later than this the numbers are of another week; the next ones come soon."""


class Week:
    """Plans, gathers and says the weekly numbers; the agenda work `community.week`."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, figures: FiguresOf
    ) -> None:
        """Stand on the store and the queues; other features count what is theirs."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.figures = figures

    def handlers(self) -> dict[str, Handler]:
        """Name the work."""
        return {WEEK: self._due}

    def expired(self) -> dict[str, Handler]:
        """Name what happens when it comes too late: the next one is planned."""
        return {WEEK: self._too_late}

    async def begin(self) -> None:
        """Plan the numbers of every community that has started and waits for none."""
        planned = select(AgendaRow.community_id).where(AgendaRow.kind == WEEK, AgendaRow.state == WAITING)
        async with self.store.read() as session:
            query = select(Community.id).where(Community.started, Community.left_at.is_(None))
            missing = (await session.scalars(query.where(Community.id.not_in(planned)))).all()
        for community_id in missing:
            async with self.store.write() as session:
                await self.plan(session, await session.get_one(Community, community_id))

    async def plan(self, session: AsyncSession, row: Community) -> None:
        """Plan the next numbers on the community's clock, in place of those that were planned."""
        waiting = select(AgendaRow.key).where(
            AgendaRow.kind == WEEK, AgendaRow.community_id == row.id, AgendaRow.state == WAITING
        )
        for key in (await session.scalars(waiting)).all():
            await self.agenda.cancel(session, key)
        due = self.next_at(row.zone)
        await self.agenda.plan(
            session,
            kind=WEEK,
            key=f"{WEEK}:{row.id}:{int(due.timestamp())}",
            subject=row.id,
            community_id=row.id,
            due_at=due,
            not_after=due + LATE,
        )

    def next_at(self, zone: str) -> datetime:
        """When the next numbers come."""
        return next_local(self.clock.now(), zone, MONDAY, AT)

    async def _due(self, work: Work) -> None:
        async with self.store.write() as session:
            row = await session.get(Community, work.subject)
            await self.agenda.settle(session, work)
            if row is None or row.left_at is not None:
                return
            await self.plan(session, row)
            if row.started and not row.paused and row.mod_channel_id is not None:
                await self._say(session, row, row.mod_channel_id, int(work.due_at.timestamp()))

    async def _say(self, session: AsyncSession, row: Community, channel_id: int, stamp: int) -> None:
        """Say the numbers up to that moment; they are counted as they are sent."""
        await self.outbox.say(
            session,
            kind=WEEK,
            subject=stamp,
            key=f"{WEEK}:{row.id}:{stamp}",
            recipient=channel_id,
            community_id=row.id,
            target="channel",
            expires_at=self.clock.now() + LATE,
        )

    async def _too_late(self, work: Work) -> None:
        async with self.store.write() as session:
            row = await session.get(Community, work.subject)
            await self.agenda.settle(session, work)
            if row is not None and row.left_at is None:
                await self.plan(session, row)

    async def now(self, who: Who) -> WeekView:
        """Return the numbers of the week that ends now; raises `setup_unknown` before setup."""
        found = await self.of(who.community_id, self.clock.now())
        if found is None:
            raise KithError("setup_incomplete")
        return found

    async def of(self, community_id: int, until: datetime) -> WeekView | None:
        """Return the numbers of the week that ended then; None for a community that is gone."""
        async with self.store.read() as session:
            row = await session.get(Community, community_id)
            if row is None:
                return None
            figures: Figures = await self.figures(session, community_id, until)
            closed, _open = await reachable(session, community_id)
            return WeekView(community_view(row), until, figures, closed)


async def reachable(session: AsyncSession, community_id: int) -> tuple[int, int]:
    """Count who agreed to messages here: those whose direct messages are closed, and the others."""
    agreed = select(Consent.member_id).where(Consent.withdrawn_at.is_(None), Consent.purpose != "directory")
    query = (
        select(Person.dm_state, func.count())
        .join(Member, Member.person_id == Person.id)
        .where(Member.community_id == community_id, Member.barred_at.is_(None), Member.id.in_(agreed))
        .group_by(Person.dm_state)
    )
    found = (await session.execute(query)).all()
    closed = sum(count for state, count in found if state == "closed")
    return closed, sum(count for _state, count in found) - closed


def moment(subject: int) -> datetime:
    """Read the end of a week from its message."""
    return datetime.fromtimestamp(subject, UTC)
