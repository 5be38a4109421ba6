"""Rounds: planned, matched in the worker process, stored, told, and asked about a week later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.log import get_logger
from bot.core.outbox import Outbox
from bot.core.schedule import next_local
from bot.core.store import Store, insert_row
from bot.core.worker import Worker
from bot.intros import reading
from bot.intros.matching import Group, Outcome, RoundInputs, match_round
from bot.intros.tables import Enrolment, Introduction, Round, Seat
from bot.people.service import CommunityView, MemberView, PeopleService

log = get_logger(__name__)

MATCHING_LIMIT = 300.0
"""Seconds of real time a matching may take; 10,000 members need about half a minute (MATCHING.md, 2)."""
ASK_AFTER = timedelta(days=7)
ASK_FOR = timedelta(days=7)


class Rounds:
    """The agenda work of the introductions."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        agenda: Agenda,
        outbox: Outbox,
        people: PeopleService,
        worker: Worker,
    ) -> None:
        """Stand on what the service stands on."""
        self.store = store
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people
        self.worker = worker

    def handlers(self) -> dict[str, Handler]:
        """Name the work."""
        return {"round": self._due, "intro.ask": self._ask}

    # --- planning ----------------------------------------------------------------------------------

    async def plan_first(self, session: AsyncSession, community_id: int) -> datetime | None:
        """Plan a round if none is planned; return when the next one is, None for an unknown community."""
        community = await self.people.community(session, community_id)
        planned = await reading.planned_round(session, community_id)
        if community is None or planned is not None:
            return planned.due_at if planned else None
        last = await session.scalar(select(func.max(Round.number)).where(Round.community_id == community_id))
        return await self._plan(session, community, (last or 0) + 1, weeks=1)

    async def replan(self, session: AsyncSession, community_id: int) -> datetime | None:
        """Move the planned round to the community's settings of now."""
        community = await self.people.community(session, community_id)
        planned = await reading.planned_round(session, community_id)
        if community is None or planned is None:
            return None
        planned.due_at = self._next_time(community, weeks=1)
        await self.agenda.cancel(session, _key(planned))
        await self._plan_work(session, planned.id, _key(planned), community_id, planned.due_at)
        return planned.due_at

    async def _plan(
        self, session: AsyncSession, community: CommunityView, number: int, *, weeks: int
    ) -> datetime:
        """Store the round to come and put it on the agenda."""
        due_at = self._next_time(community, weeks=weeks)
        values = {"community_id": community.id, "number": number, "due_at": due_at, "state": "planned"}
        made = await insert_row(session, Round, {**values, "report": {}})
        if made is not None:
            await self._plan_work(session, made, f"round:{community.id}:{number}", community.id, due_at)
        return due_at

    async def _plan_work(
        self, session: AsyncSession, round_id: int, key: str, community_id: int, due_at: datetime
    ) -> None:
        await self.agenda.plan(
            session, kind="round", key=key, subject=round_id, community_id=community_id, due_at=due_at
        )

    def _next_time(self, community: CommunityView, *, weeks: int) -> datetime:
        """The community's next day and hour, on its own clock."""
        return next_local(
            self.clock.now(), community.zone, community.round_weekday, community.round_hour, weeks=weeks
        )

    # --- one round ---------------------------------------------------------------------------------

    async def _due(self, work: Work) -> None:
        """Read the pool, match outside any transaction, then store and tell in one."""
        async with self.store.read() as session:
            round_ = await session.get(Round, work.subject)
            community = await self.people.community(session, work.community_id or 0)
            runs = round_ is not None and community is not None and community.started
            inputs: RoundInputs | None = None
            if round_ is not None and runs and community is not None and reading.hears(community):
                now = self.clock.now()
                inputs = await reading.round_inputs(session, self.people, community.id, round_.number, now)
        outcome = await self.worker.run(MATCHING_LIMIT, match_round, inputs) if inputs else None
        async with self.store.write() as session:
            if runs and community is not None:
                await self._finish(session, work.subject, community, outcome)
            await self.agenda.settle(session, work)

    async def _finish(
        self, session: AsyncSession, round_id: int, community: CommunityView, outcome: Outcome | None
    ) -> None:
        """Store the round unless it ran already; without an outcome the community heard nothing."""
        taken = await session.execute(
            update(Round)
            .where(Round.id == round_id, Round.state == "planned")
            .values(state="done" if outcome else "skipped", ran_at=self.clock.now())
            .returning(Round.number)
        )
        number = taken.scalar_one_or_none()
        if number is None:
            return
        await self._plan(session, community, number + 1, weeks=community.round_weeks)
        if outcome is not None:
            await self._tell(session, round_id, community, outcome)

    async def _tell(
        self, session: AsyncSession, round_id: int, community: CommunityView, outcome: Outcome
    ) -> None:
        """Store who meets whom and enqueue every message; who left meanwhile takes nobody along."""
        here = await reading.enrolled(session, self.people, community.id)
        views = await self.people.views(session, here)
        groups = [group for group in outcome.groups if all(member in here for member in group.members)]
        matched = {member for group in groups for member in group.members}
        seen = {member for group in outcome.groups for member in group.members} | set(outcome.left_out)
        left_out = sorted(member for member in seen & here.keys() if member not in matched)
        for group in groups:
            await self._introduce(session, round_id, group, [views[member] for member in group.members])
        for member in left_out:
            await self._say(session, "intro.left_out", member, f"{round_id}:{member}", views[member])
        await self._remember_waiting(session, matched, left_out)
        report = {
            "enrolled": len(seen),
            "groups": len(groups),
            "left_out": len(left_out),
            "relaxed": dict(outcome.relaxed),
        }
        await session.execute(update(Round).where(Round.id == round_id).values(report=report))
        log.info("round.done", community=community.id, **report)

    async def _introduce(
        self, session: AsyncSession, round_id: int, group: Group, views: list[MemberView]
    ) -> None:
        """Store one introduction with its seats, a card for each, and the question a week later."""
        now = self.clock.now()
        introduction = Introduction(
            community_id=views[0].community_id,
            round_id=round_id,
            form=group.form,
            reasons=[{**asdict(reason), "values": list(reason.values)} for reason in group.reasons],
            created_at=now,
        )
        session.add(introduction)
        await session.flush()
        for view in views:
            seat = Seat(introduction_id=introduction.id, member_id=view.id, state="planned")
            session.add(seat)
            await session.flush()
            await self._say(session, "intro.card", seat.id, str(seat.id), view)
        await self.agenda.plan(
            session,
            kind="intro.ask",
            key=f"intro.ask:{introduction.id}",
            subject=introduction.id,
            community_id=introduction.community_id,
            due_at=now + ASK_AFTER,
            not_after=now + ASK_AFTER + ASK_FOR,
        )

    async def _remember_waiting(
        self, session: AsyncSession, matched: Iterable[int], left_out: Iterable[int]
    ) -> None:
        """Who was left out has the first place in the next round; who was matched starts anew."""
        for member in sorted(matched):
            await session.execute(update(Enrolment).where(Enrolment.member_id == member).values(waited=0))
        for member in left_out:
            more = Enrolment.waited + 1
            await session.execute(update(Enrolment).where(Enrolment.member_id == member).values(waited=more))

    async def _ask(self, work: Work) -> None:
        """Ask those who have not answered yet whether they met."""
        async with self.store.write() as session:
            introduction = await session.get(Introduction, work.subject)
            community = await self.people.community(session, work.community_id or 0)
            if introduction is not None and community is not None and reading.hears(community):
                seats = await reading.seats_of(session, introduction.id)
                seated = [seat.member_id for seat in seats]
                here = await reading.enrolled(session, self.people, community.id, seated)
                open_ = [seat for seat in seats if seat.outcome is None and seat.member_id in here]
                views = await self.people.views(session, [seat.member_id for seat in open_])
                for seat in open_:
                    await self._say(session, "intro.ask", seat.id, str(seat.id), views[seat.member_id])
            await self.agenda.settle(session, work)

    async def _say(self, session: AsyncSession, kind: str, subject: int, key: str, to: MemberView) -> None:
        await self.outbox.say(
            session,
            kind=kind,
            subject=subject,
            key=f"{kind}:{key}",
            recipient=to.person_id,
            community_id=to.community_id,
        )


def _key(round_: Round) -> str:
    """The agenda's key of a round."""
    return f"round:{round_.community_id}:{round_.number}"
