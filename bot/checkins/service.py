"""Use cases of weekly check-ins: begin, open a week, write it, look back on the last one, stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import rules
from bot.checkins.asking import Asking
from bot.checkins.away import AwayRoom
from bot.checkins.drawing import png
from bot.checkins.history import read_history
from bot.checkins.planning import Planner, old_day_kept
from bot.checkins.rhythm import rhythm
from bot.checkins.tables import Checkin, CheckinPlan, Commitment, latest, plans_of
from bot.checkins.views import (
    AwayView,
    CheckinView,
    CommitmentView,
    HistoryView,
    OutcomeView,
    PlanView,
    WeekView,
    seen,
)
from bot.checkins.weeks import REMIND, Weeks, closed
from bot.core.agenda import Agenda, Handler
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.core.outbox import Outbox
from bot.core.store import Store
from bot.core.worker import Worker
from bot.people.places import Place, places_of
from bot.people.service import MemberView, PeopleService, Who
from bot.people.tables import Person

__all__ = [
    "AwayView",
    "CheckinService",
    "CheckinView",
    "CommitmentView",
    "HistoryView",
    "OutcomeView",
    "PlanView",
    "WeekView",
]

PURPOSE = "checkins"
WELCOME_FOR = timedelta(days=1)
DRAWN_WITHIN, DRAWS_AT_MOST = 1.5, 600.0
"""Seconds a picture is waited for; and after which the process, perhaps busy with a round, is stuck."""

log = get_logger(__name__)


class CheckinService:
    """Weekly check-ins; each public method is one unit of work unless it takes a session."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        worker: Worker,
    ) -> None:
        """Stand on the store, the two queues, the people and the worker process."""
        self.store = store
        self.clock = clock
        self.planner = Planner(clock, agenda)
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self.worker = worker
        self.weeks = Weeks(clock, agenda, people)
        self.asking = Asking(store, agenda, outbox, people, self.planner, self.weeks)
        self.away = AwayRoom(store, clock, people)

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work that check-ins do when it falls due."""
        return {"checkin": self.asking.due, REMIND: self.asking.remind}

    def expired(self) -> dict[str, Handler]:
        """Name what happens with work that is too late to be done."""
        return {"checkin": self.asking.too_late}

    async def places_of(self, person_id: int) -> list[Place]:
        """Return the communities a command in the DM can be about."""
        return await places_of(self.store, person_id)

    # --- the member's own plan ---------------------------------------------------------------------

    async def start(self, who: Who, weekday: int, hour: int) -> PlanView:
        """Begin weekly check-ins, or move them to another day and hour.

        Raises ``zone_first`` without a time zone and ``checkin_when`` for a time that does not exist.
        """
        rules.check_when(weekday, hour)
        async with self.store.write() as session:
            me = await self._me(session, who)
            zone = _zone_of(me)
            plan = await session.get(CheckinPlan, me.id, with_for_update=True)
            before = (plan.weekday, plan.hour, plan.state, plan.next_at) if plan else None
            if plan is None:
                plan = CheckinPlan(member_id=me.id, started_at=self.clock.now(), state="off", turn=0)
                session.add(plan)
            begins = plan.state == "off"
            plan.weekday, plan.hour = weekday, hour
            if begins:
                plan.state, plan.started_at = "on", self.clock.now()
            await self.planner.replan(session, plan, me.community_id, zone)
            await self.people.consent(session, me.id, PURPOSE)
            if begins:
                await self._welcome(session, plan, me)
            changed = before != (plan.weekday, plan.hour, plan.state, plan.next_at)
            return await self._plan_view(session, plan, me, changed=changed)

    async def stop(self, who: Who) -> PlanView:
        """End check-ins from the command; what was written stays. Raises ``checkin_off`` without a plan."""
        async with self.store.write() as session:
            me = await self._me(session, who)
            return await self._stop(session, me)

    async def stop_member(self, person_id: int, member_id: int) -> PlanView:
        """End check-ins from a button; raises ``not_yours`` for anybody but the member."""
        async with self.store.write() as session:
            return await self._stop(session, await self.weeks.owner(session, member_id, person_id))

    async def stop_person(self, session: AsyncSession, person_id: int) -> None:
        """End the check-ins of a person everywhere, within the caller's unit of work."""
        for member_id in await self.people.memberships(session, person_id):
            await self.end_member(session, member_id)

    async def end_member(self, session: AsyncSession, member_id: int) -> None:
        """End the check-ins of one member, within the caller's unit of work."""
        plan = await session.get(CheckinPlan, member_id, with_for_update=True)
        if plan is not None and plan.state == "on":
            await self._end(session, plan)

    async def replan_person(self, session: AsyncSession, person_id: int) -> None:
        """Move a person's planned prompts to their zone of now, within the caller's unit of work."""
        person = await session.get(Person, person_id, populate_existing=True)
        for plan, member in await plans_of(session, person_id):
            if person is not None and person.zone is not None:
                await self.planner.replan(session, plan, member.community_id, person.zone)

    async def plan(self, who: Who) -> PlanView | None:
        """Return the acting member's plan, or None when they never began."""
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            plan = await session.get(CheckinPlan, me.id) if me else None
            return await self._plan_view(session, plan, me) if me and plan else None

    # --- one week ----------------------------------------------------------------------------------

    async def now(self, who: Who) -> CheckinView:
        """Return the week to write in now: one to catch up with, else this week's, opened at once.

        The prompt planned for a week that is opened ahead moves to the next. Raises ``checkin_off`` without
        check-ins and ``checkin_closed`` when this week is over and done.
        """
        async with self.store.write() as session:
            return await self._now(session, await self._me(session, who), ahead=False)

    async def ahead(self, person_id: int, member_id: int) -> CheckinView:
        """Open this calendar week, not catching up with the last; raises ``not_yours``, and as ``now``."""
        async with self.store.write() as session:
            me = await self.weeks.owner(session, member_id, person_id)
            return await self._now(session, me, ahead=True)

    async def _now(self, session: AsyncSession, me: MemberView, *, ahead: bool) -> CheckinView:
        plan = await session.get(CheckinPlan, me.id, with_for_update=True)
        if plan is None or plan.state != "on":
            raise KithError("checkin_off")
        zone = _zone_of(me)
        checkin = await self.weeks.current(session, me, zone, ahead=ahead)
        await self.planner.replan(session, plan, me.community_id, zone)
        if self.clock.now() >= await self.weeks.until(session, checkin):
            raise closed(plan)
        return await self.weeks.view(session, checkin, me)

    async def prompt(self, checkin_id: int) -> CheckinView | None:
        """Return what the weekly message shows, or None when there is nothing to ask any more."""
        async with self.store.read() as session:
            checkin = await session.get(Checkin, checkin_id)
            if checkin is None or self.asking.settled(checkin):
                return None
            plan = await session.get(CheckinPlan, checkin.member_id)
            if plan is None or plan.state != "on":
                return None
            me = await self.people.view(session, checkin.member_id)
            return await self.weeks.view(session, checkin, me)

    async def welcome(self, member_id: int) -> PlanView | None:
        """Return what the first message shows, or None when the member stopped meanwhile."""
        async with self.store.read() as session:
            plan = await session.get(CheckinPlan, member_id)
            if plan is None or plan.state != "on":
                return None
            return await self._plan_view(session, plan, await self.people.view(session, member_id))

    async def mine(self, person_id: int, checkin_id: int) -> CheckinView:
        """Return a week that its owner may write in now; raises ``not_yours`` and ``checkin_closed``."""
        async with self.store.read() as session:
            checkin, me = await self.weeks.writable(session, person_id, checkin_id)
            return await self.weeks.view(session, checkin, me)

    async def submit(
        self,
        person_id: int,
        checkin_id: int,
        commitments: Sequence[str | None],
        stuck: str | None = None,
        win: str | None = None,
    ) -> CheckinView:
        """Store what was written for a week; until it closes, writing again changes it (``edited``).

        Raises ``not_yours``, ``checkin_closed``, ``checkin_empty`` and ``checkin_long``.
        """
        async with self.store.write() as session:
            checkin, me = await self.weeks.writable(session, person_id, checkin_id, lock=True)
            draft = rules.draft(commitments, stuck, win)
            edited, same = await self.weeks.write(session, checkin, draft)
            return replace(await self.weeks.view(session, checkin, me), edited=edited, same=same)

    async def say_more(self, person_id: int, checkin_id: int, words: str) -> CheckinView:
        """Keep a sentence about what is stuck, or take it back with an empty one; raises as ``submit``."""
        async with self.store.write() as session:
            checkin, me = await self.weeks.writable(session, person_id, checkin_id)
            checkin.stuck_words = rules.clean(words, rules.STUCK_LIMIT) or None
            return await self.weeks.view(session, checkin, me)

    async def skip(self, person_id: int, checkin_id: int, reason: str = "") -> CheckinView:
        """Let a week go; raises ``checkin_written`` for one that is written, and as ``submit``."""
        async with self.store.write() as session:
            checkin, me = await self.weeks.writable(session, person_id, checkin_id, lock=True)
            await self.weeks.pass_by(session, checkin, rules.clean(reason))
            return await self.weeks.view(session, checkin, me)

    async def kind(self, person_id: int, commitment_id: int, kind: str) -> CheckinView:
        """Say of which kind a commitment is; raises ``checkin_kind``, and as ``submit``."""
        rules.check_kind(kind)
        async with self.store.write() as session:
            row = await session.get(Commitment, commitment_id)
            if row is None:
                raise KithError("checkin_gone")
            checkin, me = await self.weeks.writable(session, person_id, row.checkin_id)
            row.kind = kind
            return await self.weeks.view(session, checkin, me)

    async def outcome(self, person_id: int, commitment_id: int, outcome: str) -> OutcomeView:
        """Record what came of a commitment; nothing changes when it was recorded so already.

        Raises ``not_yours`` for anybody but its member and ``checkin_outcome`` for an unknown outcome.
        """
        rules.check_outcome(outcome)
        async with self.store.write() as session:
            row = await session.get(Commitment, commitment_id)
            if row is None:
                raise KithError("checkin_gone")
            _checkin, me = await self.weeks.found(session, person_id, row.checkin_id)
            changed = row.outcome != outcome
            row.outcome = outcome
            newest = await self.weeks.view(session, (await latest(session, me.id, 1))[0], me)
            shown = any(one.id == row.id for one in newest.before)
            return OutcomeView(seen([row])[0], changed, newest if shown else None)

    async def all_done(self, person_id: int, checkin_id: int) -> tuple[CheckinView, bool]:
        """Record that all that a week's message asks about is done; False where it was said already.

        Raises ``checkin_gone`` and ``not_yours``.
        """
        async with self.store.write() as session:
            checkin, me = await self.weeks.found(session, person_id, checkin_id)
            changed = False
            for row in await self.weeks.before(session, checkin):
                changed = changed or row.outcome != "done"
                row.outcome = "done"
            return await self.weeks.view(session, checkin, me), changed

    # --- looking back ------------------------------------------------------------------------------

    async def history(self, who: Who) -> HistoryView:
        """Return the acting member's rhythm and latest weeks."""
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            if me is None:
                return HistoryView(0, who.community_name, rhythm(()), (), ())
            return await self._history(session, me)

    async def history_of(self, person_id: int, member_id: int) -> HistoryView:
        """Return the same from a button; raises ``not_yours`` for anybody but the member."""
        async with self.store.read() as session:
            return await self._history(session, await self.weeks.owner(session, member_id, person_id))

    async def _history(self, session: AsyncSession, me: MemberView) -> HistoryView:
        return await read_history(session, me, await self._community_name(session, me), self.clock.now())

    async def draw(self, svg: str) -> bytes | None:
        """Draw a picture in the worker process; None without the extra ``pictures``, or when it is slow."""
        try:
            async with asyncio.timeout(DRAWN_WITHIN):
                return await self.worker.run(DRAWS_AT_MOST, png, svg)
        except (TimeoutError, BrokenProcessPool, ValueError) as error:
            log.warning("picture_failed", error=type(error).__name__)
            return None

    # --- steps -------------------------------------------------------------------------------------

    async def _me(self, session: AsyncSession, who: Who) -> MemberView:
        member = await self.people.known(session, who)
        return await self.people.view(session, member.id)

    async def _stop(self, session: AsyncSession, me: MemberView) -> PlanView:
        plan = await session.get(CheckinPlan, me.id, with_for_update=True)
        if plan is None:
            raise KithError("checkin_off")
        changed = plan.state == "on"
        if changed:
            await self._end(session, plan)
        return await self._plan_view(session, plan, me, changed=changed)

    async def _end(self, session: AsyncSession, plan: CheckinPlan) -> None:
        await self.planner.end(session, plan)
        await self.people.withdraw(session, plan.member_id, PURPOSE)

    async def _welcome(self, session: AsyncSession, plan: CheckinPlan, me: MemberView) -> None:
        """Write at once: a message they asked for opens the DM, and they want to hear from us after /stop."""
        (await session.get_one(Person, me.person_id)).stopped_at = None
        await self.outbox.say(
            session,
            kind="checkin.welcome",
            subject=me.id,
            key=f"checkin.welcome:{me.id}:{plan.turn}",
            recipient=me.person_id,
            community_id=me.community_id,
            expires_at=self.clock.now() + WELCOME_FOR,
            answers_click=True,
        )

    async def _plan_view(
        self, session: AsyncSession, plan: CheckinPlan, me: MemberView, *, changed: bool = True
    ) -> PlanView:
        zone = me.zone or "UTC"
        return PlanView(
            member_id=plan.member_id,
            community_name=await self._community_name(session, me),
            zone=zone,
            weekday=plan.weekday,
            hour=plan.hour,
            on=plan.state == "on",
            next_at=plan.next_at,
            changed=changed,
            old_day_kept=old_day_kept(plan, zone),
        )

    async def _community_name(self, session: AsyncSession, me: MemberView) -> str:
        community = await self.people.community(session, me.community_id)
        return community.name if community else ""


def _zone_of(me: MemberView) -> str:
    if me.zone is None:
        raise KithError("zone_first")
    return me.zone
