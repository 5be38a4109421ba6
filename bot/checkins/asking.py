"""When a prompt falls due, or its reminder: open the week, say so, plan the next, in one unit of work."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import rules
from bot.checkins.history import stretches_of
from bot.checkins.planning import Planner, week_of_plan
from bot.checkins.rhythm import is_away
from bot.checkins.tables import Checkin, CheckinPlan
from bot.checkins.weeks import REMIND, Weeks
from bot.core.agenda import Agenda, Work
from bot.core.log import get_logger
from bot.core.outbox import Outbox
from bot.core.schedule import local_date
from bot.core.store import Store
from bot.people.service import MemberView, PeopleService

log = get_logger(__name__)


class Asking:
    """The agenda's work of check-ins."""

    def __init__(
        self,
        store: Store,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        planner: Planner,
        weeks: Weeks,
    ) -> None:
        """Stand on the store, the two queues, the people, the plans and the weeks."""
        self.store = store
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self.planner = planner
        self.weeks = weeks

    async def due(self, work: Work) -> None:
        """Open the week, say so, and plan the next one, all in one unit of work."""
        async with self.store.write() as session:
            plan = await self.planner.whose(session, work)
            if plan is not None:
                await self._open_planned(session, plan)
            await self.agenda.settle(session, work)

    async def too_late(self, work: Work) -> None:
        """Let a week go that could not be asked for in time; the next prompt says so, kindly."""
        async with self.store.write() as session:
            plan = await self.planner.whose(session, work)
            if plan is not None:
                me = await self.people.view(session, plan.member_id)
                log.info("checkin_too_late", member=plan.member_id, week=plan.next_week)
                state = rules.AWAY if await self._away(session, plan, me) else rules.UNASKED
                await self.weeks.open(session, me, week_of_plan(plan), state)
                await self.planner.plan_after(session, plan, me.community_id, me.zone or "UTC")
            await self.agenda.settle(session, work)

    async def _open_planned(self, session: AsyncSession, plan: CheckinPlan) -> None:
        me = await self.people.view(session, plan.member_id)
        state = rules.OPEN if await self._speaks(session, me) else rules.UNASKED
        if await self._away(session, plan, me):
            state = rules.AWAY
        opened = await self.weeks.open(session, me, week_of_plan(plan), state)
        if opened is not None and state == rules.OPEN:
            await self._say(session, "checkin.prompt", opened, me)
        await self.planner.plan_after(session, plan, me.community_id, me.zone or "UTC")

    async def remind(self, work: Work) -> None:
        """Mention an open week once more, when nobody wrote in it and its member is here."""
        async with self.store.write() as session:
            checkin = await session.get(Checkin, work.subject, with_for_update=True)
            plan = await session.get(CheckinPlan, checkin.member_id) if checkin else None
            if checkin is not None and plan is not None and plan.state == "on":
                me = await self.people.view(session, checkin.member_id)
                asked = not self.settled(checkin) and checkin.reminded_at is None
                if asked and await self._speaks(session, me) and not await self._away(session, None, me):
                    checkin.reminded_at = self.weeks.clock.now()
                    await self._say(session, REMIND, checkin, me)
            await self.agenda.settle(session, work)

    def settled(self, checkin: Checkin) -> bool:
        """Say whether there is nothing to ask about a week any more."""
        return rules.too_late_to_remind(
            checkin.state, checkin.answered_at is not None, checkin.closes_at, self.weeks.clock.now()
        )

    async def _speaks(self, session: AsyncSession, me: MemberView) -> bool:
        community = await self.people.community(session, me.community_id)
        return community is not None and community.started and not (community.paused or community.left_at)

    async def _away(self, session: AsyncSession, plan: CheckinPlan | None, me: MemberView) -> bool:
        """Whether the member is away today, or was on the day that was planned."""
        moments = [self.weeks.clock.now(), *([plan.next_at] if plan and plan.next_at else [])]
        days = {local_date(moment, me.zone or "UTC") for moment in moments}
        away = await stretches_of(session, me.id)
        return any(is_away(away, day) for day in days)

    async def _say(self, session: AsyncSession, kind: str, checkin: Checkin, me: MemberView) -> None:
        """Write to the member about a week; its prompt has an agreed time, what reminds of it has none."""
        await self.outbox.say(
            session,
            kind=kind,
            subject=checkin.id,
            key=f"{kind}:{checkin.id}",
            recipient=me.person_id,
            community_id=me.community_id,
            expires_at=checkin.closes_at,
            budgeted=kind == REMIND,
        )
