"""The prompt that is planned next: exactly one agenda row for each member whose check-ins are on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import rules
from bot.checkins.rules import Slot
from bot.checkins.tables import CheckinPlan, latest
from bot.core.agenda import Agenda, Work
from bot.core.clock import Clock


class Planner:
    """Plans, moves and cancels prompts; every method joins the caller's unit of work."""

    def __init__(self, clock: Clock, agenda: Agenda) -> None:
        """Stand on the clock and the agenda."""
        self.clock = clock
        self.agenda = agenda

    async def replan(self, session: AsyncSession, plan: CheckinPlan, community_id: int, zone: str) -> None:
        """Plan the next prompt anew from day, hour and zone; one that stays is left alone."""
        newest = await latest(session, plan.member_id, 1)
        pending = pending_of(plan)
        slot = rules.replan(
            self.clock.now(),
            zone,
            plan.weekday,
            plan.hour,
            pending=pending,
            taken=newest[0].week if newest else None,
        )
        if slot != pending:
            if pending is not None:
                await self.agenda.cancel(session, key_of(plan))
            await self._move(session, plan, community_id, slot)

    async def plan_after(
        self, session: AsyncSession, plan: CheckinPlan, community_id: int, zone: str
    ) -> None:
        """Plan the week after the one whose turn has come; its row is left for its handler to settle."""
        slot = rules.next_slot(self.clock.now(), zone, plan.weekday, plan.hour, plan.next_week)
        await self._move(session, plan, community_id, slot)

    async def end(self, session: AsyncSession, plan: CheckinPlan) -> None:
        """Cancel what is planned and turn the plan off."""
        await self.agenda.cancel(session, key_of(plan))
        plan.state, plan.next_week, plan.next_at = "off", None, None

    async def whose(self, session: AsyncSession, work: Work) -> CheckinPlan | None:
        """Return the plan that this work row belongs to, unless the row was replaced or the plan ended."""
        plan = await session.get(CheckinPlan, work.subject, with_for_update=True)
        current = plan is not None and plan.state == "on" and key_of(plan) == work.key
        return plan if current else None

    async def _move(self, session: AsyncSession, plan: CheckinPlan, community_id: int, slot: Slot) -> None:
        plan.turn += 1
        plan.next_week, plan.next_at = slot.week, slot.at
        await self.agenda.plan(
            session,
            kind="checkin",
            key=key_of(plan),
            subject=plan.member_id,
            community_id=community_id,
            due_at=slot.at,
            not_after=slot.at + rules.GRACE,
        )


def key_of(plan: CheckinPlan) -> str:
    """Name the agenda row of the next prompt; a week that was cancelled can be planned again by its turn."""
    return f"checkin:{plan.member_id}:{plan.next_week}:{plan.turn}"


def pending_of(plan: CheckinPlan) -> Slot | None:
    """Return the prompt planned next, if there is one."""
    if plan.next_week is None or plan.next_at is None:
        return None
    return Slot(plan.next_week, plan.next_at)


def week_of_plan(plan: CheckinPlan) -> str:
    """Return the week whose turn is next; a plan that is on always has one."""
    if plan.next_week is None:
        raise LookupError(f"nothing is planned for member {plan.member_id}")
    return plan.next_week


def old_day_kept(plan: CheckinPlan, zone: str) -> bool:
    """Tell whether the coming prompt is still on the old day, because the new day of its week is over."""
    pending = pending_of(plan)
    if pending is None:
        return False
    slot = rules.next_slot(pending.at - timedelta(days=14), zone, plan.weekday, plan.hour)
    while slot.week < pending.week:
        slot = rules.next_slot(slot.at, zone, plan.weekday, plan.hour)
    return slot.at != pending.at
