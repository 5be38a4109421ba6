"""Use cases of weekly check-ins: begin, open a week, write it, look back on the last one, stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import rules
from bot.checkins.planning import Planner, old_day_kept, week_of_plan
from bot.checkins.tables import Checkin, CheckinPlan, Commitment, commitments_of, latest, plans_of
from bot.checkins.views import CheckinView, CommitmentView, HistoryView, OutcomeView, PlanView, WeekView, seen
from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.core.outbox import Outbox
from bot.core.store import Store, insert_row
from bot.people.service import MemberView, PeopleService, Who
from bot.people.tables import Person

__all__ = ["CheckinService", "CheckinView", "CommitmentView", "HistoryView", "OutcomeView", "PlanView"]

PURPOSE = "checkins"
WELCOME_FOR = timedelta(days=1)
HISTORY_SHOWN = 5

log = get_logger(__name__)


class CheckinService:
    """Weekly check-ins; each public method is one unit of work unless it takes a session."""

    def __init__(
        self, store: Store, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService
    ) -> None:
        """Stand on the store, the two queues and the people."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.planner = Planner(clock, agenda)
        self.outbox = outbox
        self.people = people

    def handlers(self) -> dict[str, Handler]:
        """Name the agenda work that check-ins do when it falls due."""
        return {"checkin": self._due}

    def expired(self) -> dict[str, Handler]:
        """Name what happens with work that is too late to be done."""
        return {"checkin": self._too_late}

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
            return await self._stop(session, await self._owner(session, member_id, person_id))

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
        """Open this week's check-in at once; the prompt planned for this week moves to the next.

        Raises ``checkin_off`` without check-ins and ``checkin_closed`` when this week is over and done.
        """
        async with self.store.write() as session:
            me = await self._me(session, who)
            plan = await session.get(CheckinPlan, me.id, with_for_update=True)
            if plan is None or plan.state != "on":
                raise KithError("checkin_off")
            zone = _zone_of(me)
            checkin = await self._current(session, me.id, rules.week_of(self.clock.now(), zone))
            await self.planner.replan(session, plan, me.community_id, zone)
            if not rules.is_open(checkin.closes_at, self.clock.now()):
                raise _closed(plan)
            return await self._view(session, checkin, me)

    async def prompt(self, checkin_id: int) -> CheckinView | None:
        """Return what the weekly message shows, or None when there is nothing to ask any more."""
        async with self.store.read() as session:
            checkin = await session.get(Checkin, checkin_id)
            if checkin is None or checkin.state != "open":
                return None
            plan = await session.get(CheckinPlan, checkin.member_id)
            stopped = plan is None or plan.state != "on"
            if stopped or not rules.is_open(checkin.closes_at, self.clock.now()):
                return None
            return await self._view(session, checkin, await self.people.view(session, checkin.member_id))

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
            checkin, me = await self._writable(session, person_id, checkin_id)
            return await self._view(session, checkin, me)

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
            checkin, me = await self._writable(session, person_id, checkin_id)
            draft = rules.draft(commitments, stuck, win)
            edited = checkin.answered_at is not None
            checkin.answered_at = checkin.answered_at or self.clock.now()
            checkin.state = "answered"
            checkin.stuck, checkin.win = draft.stuck, draft.win
            await self._write(session, checkin.id, draft.commitments)
            return replace(await self._view(session, checkin, me), edited=edited)

    async def outcome(self, person_id: int, commitment_id: int, outcome: str) -> OutcomeView:
        """Record what came of a commitment; nothing changes when it was recorded so already.

        Raises ``not_yours`` for anybody but its member and ``checkin_outcome`` for an unknown outcome.
        """
        rules.check_outcome(outcome)
        async with self.store.write() as session:
            row = await session.get(Commitment, commitment_id)
            if row is None:
                raise KithError("checkin_gone")
            checkin = await session.get_one(Checkin, row.checkin_id)
            me = await self._owner(session, checkin.member_id, person_id)
            changed = row.outcome != outcome
            row.outcome = outcome
            newest = await self._view(session, (await latest(session, me.id, 1))[0], me)
            shown = any(one.id == row.id for one in newest.before)
            return OutcomeView(
                CommitmentView(row.id, row.text, row.outcome), changed, newest if shown else None
            )

    async def history(self, who: Who) -> HistoryView:
        """Return the acting member's rhythm and latest weeks; a week we could not ask for does not count."""
        async with self.store.read() as session:
            me = await self.people.find(session, who.community_id, who.person_id)
            weeks = await latest(session, me.id, rules.RHYTHM_WEEKS * 2) if me else []
            now = self.clock.now()
            counted = [
                one.answered_at is not None
                for one in weeks
                if one.answered_at is not None
                or (one.state != "skipped" and not rules.is_open(one.closes_at, now))
            ]
            written, of = rules.rhythm(counted)
            shown = [one for one in weeks if one.answered_at is not None][:HISTORY_SHOWN]
            return HistoryView(
                written,
                of,
                tuple([WeekView(one.week, seen(await commitments_of(session, one.id))) for one in shown]),
            )

    # --- when a prompt falls due -------------------------------------------------------------------

    async def _due(self, work: Work) -> None:
        """Open the week, say so, and plan the next one, all in one unit of work."""
        async with self.store.write() as session:
            plan = await self.planner.whose(session, work)
            if plan is not None:
                await self._open_planned(session, plan)
            await self.agenda.settle(session, work)

    async def _too_late(self, work: Work) -> None:
        """Let a week go that could not be asked for in time; the next prompt says so, kindly."""
        async with self.store.write() as session:
            plan = await self.planner.whose(session, work)
            if plan is not None:
                me = await self.people.view(session, plan.member_id)
                log.info("checkin_too_late", member=plan.member_id, week=plan.next_week)
                await self._open(session, me.id, week_of_plan(plan), state="skipped")
                await self.planner.plan_after(session, plan, me.community_id, me.zone or "UTC")
            await self.agenda.settle(session, work)

    async def _open_planned(self, session: AsyncSession, plan: CheckinPlan) -> None:
        me = await self.people.view(session, plan.member_id)
        community = await self.people.community(session, me.community_id)
        speaks = community is not None and community.started and not (community.paused or community.left_at)
        opened = await self._open(session, me.id, week_of_plan(plan), state="open" if speaks else "skipped")
        if opened is not None and speaks:
            await self.outbox.say(
                session,
                kind="checkin.prompt",
                subject=opened.id,
                key=f"checkin.prompt:{opened.id}",
                recipient=me.person_id,
                community_id=me.community_id,
                expires_at=opened.closes_at,
            )
        await self.planner.plan_after(session, plan, me.community_id, me.zone or "UTC")

    # --- steps -------------------------------------------------------------------------------------

    async def _me(self, session: AsyncSession, who: Who) -> MemberView:
        member = await self.people.known(session, who)
        return await self.people.view(session, member.id)

    async def _owner(self, session: AsyncSession, member_id: int, person_id: int) -> MemberView:
        me = await self.people.view(session, member_id)
        if me.person_id != person_id:
            raise KithError("not_yours")
        return me

    async def _writable(
        self, session: AsyncSession, person_id: int, checkin_id: int
    ) -> tuple[Checkin, MemberView]:
        checkin = await session.get(Checkin, checkin_id)
        if checkin is None:
            raise KithError("checkin_gone")
        me = await self._owner(session, checkin.member_id, person_id)
        if not rules.is_open(checkin.closes_at, self.clock.now()):
            raise _closed(await session.get(CheckinPlan, checkin.member_id))
        return checkin, me

    async def _current(self, session: AsyncSession, member_id: int, week: str) -> Checkin:
        """Return the week to write in: one that still waits for an answer, else this week, opened now."""
        now = self.clock.now()
        for one in await latest(session, member_id, 2):
            if one.week == week and one.state == "skipped":
                one.state, one.prompted_at, one.closes_at = "open", now, now + rules.OPEN_FOR
            if one.week == week or (one.state == "open" and rules.is_open(one.closes_at, now)):
                return one
        opened = await self._open(session, member_id, week)
        if opened is None:  # PostgreSQL only: the prompt of this very week was opened at the same moment
            return (await latest(session, member_id, 1))[0]
        return opened

    async def _open(
        self, session: AsyncSession, member_id: int, week: str, *, state: str = "open"
    ) -> Checkin | None:
        """Make the row of a week; None when the week has one already."""
        now = self.clock.now()
        closes_at = now if state == "skipped" else now + rules.OPEN_FOR
        row = {"prompted_at": now, "closes_at": closes_at, "state": state}
        made = await insert_row(session, Checkin, {"member_id": member_id, "week": week, **row})
        return await session.get(Checkin, made) if made is not None else None

    async def _write(self, session: AsyncSession, checkin_id: int, texts: Sequence[str]) -> None:
        """Keep the rows of an edited week where there are any, so that their controls go on working."""
        rows = await commitments_of(session, checkin_id)
        for row, text in zip(rows, texts, strict=False):
            row.text = text
        for position in range(len(rows), len(texts)):
            session.add(Commitment(checkin_id=checkin_id, position=position, text=texts[position]))
        await session.flush()
        await session.execute(
            delete(Commitment).where(Commitment.checkin_id == checkin_id, Commitment.position >= len(texts))
        )

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

    async def _view(self, session: AsyncSession, checkin: Checkin, me: MemberView) -> CheckinView:
        """Gather all that a check-in's cards show."""
        await session.flush()
        before = await latest(session, me.id, 1, before=checkin.week)
        written = await latest(session, me.id, 1, before=checkin.week, answered=True)
        plan = await session.get(CheckinPlan, me.id)
        return CheckinView(
            id=checkin.id,
            member_id=me.id,
            community_name=await self._community_name(session, me),
            week=checkin.week,
            closes_at=checkin.closes_at,
            answered=checkin.answered_at is not None,
            commitments=seen(await commitments_of(session, checkin.id)),
            before=seen(await commitments_of(session, written[0].id)) if written else (),
            stuck=checkin.stuck,
            win=checkin.win,
            after_gap=bool(before) and before[0].state == "skipped",
            next_at=plan.next_at if plan is not None else None,
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


def _closed(plan: CheckinPlan | None) -> KithError:
    if plan is None or plan.state != "on" or plan.next_at is None:
        return KithError("checkin_closed_off")
    return KithError("checkin_closed", next=plan.next_at)
