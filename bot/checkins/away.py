"""Days on which a member is not asked: told ahead or on the day, with an end or until they are back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import rules
from bot.checkins.history import stretch, stretches_of
from bot.checkins.planning import pending_of
from bot.checkins.rhythm import Stretch, is_away, joined, without
from bot.checkins.tables import Away, CheckinPlan
from bot.checkins.views import AwayDays, AwayView
from bot.core.clock import Clock
from bot.core.dates import read_day
from bot.core.errors import KithError
from bot.core.schedule import local_date
from bot.core.store import Store
from bot.people.service import MemberView, PeopleService, Who

STRETCHES_MAX = 10
AHEAD_MAX = timedelta(days=366)
TYPED_SHOWN = 40
_LOOKED_AHEAD = 60


class AwayRoom:
    """A member's days away; each public method is one unit of work."""

    def __init__(self, store: Store, clock: Clock, people: PeopleService) -> None:
        """Stand on the store, the clock and the people."""
        self.store = store
        self.clock = clock
        self.people = people

    async def today(self, person_id: int) -> date:
        """Return the day it is on a person's own calendar; in UTC where their zone is not known."""
        async with self.store.read() as session:
            views = await self.people.views(session, await self.people.memberships(session, person_id))
            zones = [view.zone for view in views.values() if view.zone is not None]
            return local_date(self.clock.now(), zones[0] if zones else "UTC")

    async def show(self, who: Who) -> AwayView:
        """Return the acting member's days away that are not over; raises ``checkin_off``."""
        async with self.store.write() as session:
            me, plan = await self._mine(session, who)
            return await self._view(session, me, plan)

    async def add(self, who: Who, first: date, last: date | None) -> AwayView:
        """Be away on these days, both included; without a last one until they come back.

        Raises ``checkin_off``, ``away_backwards`` and ``away_far`` (the days may come from a component, where
        a client can send anything), and ``away_many`` when too many stretches are planned.
        """
        async with self.store.write() as session:
            me, plan = await self._mine(session, who)
            _check_span(first, last, local_date(self.clock.now(), me.zone or "UTC"))
            before = joined(await stretches_of(session, me.id))
            after = joined([*before, Stretch(first, last)])
            if len(self._ahead(after, me)) > STRETCHES_MAX:
                raise KithError("away_many", most=STRETCHES_MAX)
            await self._keep(session, me.id, after)
            return await self._view(session, me, plan, changed=before != after)

    async def back(self, person_id: int, member_id: int) -> AwayView:
        """End the days away that hold today; those still ahead stay. Raises ``not_yours``."""
        async with self.store.write() as session:
            me, plan = await self._owned(session, person_id, member_id)
            before = joined(await stretches_of(session, me.id))
            after = without(before, local_date(self.clock.now(), me.zone or "UTC"))
            await self._keep(session, me.id, after)
            return await self._view(session, me, plan, changed=before != after)

    async def remove(self, person_id: int, away_id: int) -> AwayView:
        """Take one stretch back; what is over of it stays. Raises ``not_yours`` and ``away_gone``."""
        async with self.store.write() as session:
            row = await session.get(Away, away_id)
            if row is None:
                raise KithError("away_gone")
            me, plan = await self._owned(session, person_id, row.member_id)
            gone = stretch(row.from_day, row.until_day)
            rest = [one for one in await stretches_of(session, me.id) if one != gone]
            today = local_date(self.clock.now(), me.zone or "UTC")
            await self._keep(
                session, me.id, [*rest, *([] if gone.first >= today else without([gone], today))]
            )
            return await self._view(session, me, plan)

    # --- steps -------------------------------------------------------------------------------------

    async def _mine(self, session: AsyncSession, who: Who) -> tuple[MemberView, CheckinPlan]:
        member = await self.people.known(session, who)
        plan = await session.get(CheckinPlan, member.id, with_for_update=True)
        if plan is None or plan.state != "on":
            raise KithError("checkin_off")
        return await self.people.view(session, member.id), plan

    async def _owned(
        self, session: AsyncSession, person_id: int, member_id: int
    ) -> tuple[MemberView, CheckinPlan]:
        me = (await self.people.views(session, [member_id])).get(member_id)
        if me is None or me.person_id != person_id:
            raise KithError("not_yours")
        plan = await session.get(CheckinPlan, me.id, with_for_update=True)
        if plan is None:
            raise KithError("checkin_off")
        return me, plan

    async def _keep(self, session: AsyncSession, member_id: int, wanted: list[Stretch]) -> None:
        """Store these stretches; a row that says so already stays, so that its buttons go on working."""
        missing = list(wanted)
        for row in await session.scalars(select(Away).where(Away.member_id == member_id)):
            there = stretch(row.from_day, row.until_day)
            if there in missing:
                missing.remove(there)
            else:
                await session.execute(delete(Away).where(Away.id == row.id))
        for one in missing:
            last = one.last.isoformat() if one.last else None
            session.add(Away(member_id=member_id, from_day=one.first.isoformat(), until_day=last))
        await session.flush()

    def _ahead(self, stretches: list[Stretch], me: MemberView) -> list[Stretch]:
        """What is not over yet."""
        today = local_date(self.clock.now(), me.zone or "UTC")
        return [one for one in stretches if one.last is None or one.last >= today]

    async def _view(
        self, session: AsyncSession, me: MemberView, plan: CheckinPlan, *, changed: bool = True
    ) -> AwayView:
        community = await self.people.community(session, me.community_id)
        rows = await session.scalars(
            select(Away).where(Away.member_id == me.id).order_by(Away.from_day, Away.id)
        )
        found = [(row.id, stretch(row.from_day, row.until_day)) for row in rows]
        left = self._ahead([one for _, one in found], me)
        today = local_date(self.clock.now(), me.zone or "UTC")
        return AwayView(
            member_id=me.id,
            community_name=community.name if community else "",
            days=tuple(AwayDays(number, one.first, one.last) for number, one in found if one in left),
            now=is_away(left, today),
            next_at=asked_next(plan, me.zone or "UTC", left),
            changed=changed,
        )


def asked_next(plan: CheckinPlan, zone: str, stretches: list[Stretch]) -> datetime | None:
    """Return the first prompt that does not fall on a day away; None when that is not to be foreseen."""
    slot = pending_of(plan)
    for _step in range(_LOOKED_AHEAD):
        if slot is None or not is_away(stretches, local_date(slot.at, zone)):
            break
        slot = rules.next_slot(slot.at, zone, plan.weekday, plan.hour, slot.week)
    else:
        return None
    return slot.at if slot is not None else None


def typed_days(first: str | None, last: str | None, today: date) -> tuple[date, date | None] | None:
    """Read what was typed as first and last day away; None when nothing was typed.

    Raises ``away_unclear`` (what was typed), ``away_past``, ``away_backwards`` and ``away_far``.
    """
    if not (first or last):
        return None
    begins = _day(first, today, today) if first else today
    ends = _day(last, today, max(begins, today)) if last else None
    if begins < today or (ends is not None and ends < today):
        raise KithError("away_past")
    _check_span(begins, ends, today)
    return begins, ends


def _check_span(first: date, last: date | None, today: date) -> None:
    if last is not None and last < first:
        raise KithError("away_backwards")
    # A day more: the calendar may have turned since the days were read, or be that of another zone.
    if max(first, last or first) > today + AHEAD_MAX + timedelta(days=1):
        raise KithError("away_far")


def _day(text: str, today: date, first: date) -> date:
    day = read_day(text, today, first=first)
    if day is None:
        raise KithError("away_unclear", typed=text[:TYPED_SHOWN])
    return day
