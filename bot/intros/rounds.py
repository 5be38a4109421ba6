"""Rounds: planned, matched in the worker process, perhaps approved, stored and told."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda, Handler, Work
from bot.core.clock import Clock
from bot.core.errors import KithError
from bot.core.log import get_logger
from bot.core.outbox import Outbox
from bot.core.store import Store, after_commit, portions
from bot.core.worker import Worker
from bot.intros import reading
from bot.intros.approval import Approval
from bot.intros.bulk import store_round
from bot.intros.gathering import (
    gather,
    groups_in,
    match_kept,
    pairs_in,
    planned,
    repeats_in,
    taking_part,
    unreachable,
)
from bot.intros.latecomers import Latecomers
from bot.intros.matching import Group, Outcome, RoundInputs, match_round
from bot.intros.moderating import Moderating
from bot.intros.notice import Notices
from bot.intros.pausing import Pausing
from bot.intros.planning import OPEN, Planner
from bot.intros.preview import Previews
from bot.intros.settings import read_rules
from bot.intros.silence import Silence
from bot.intros.tables import Enrolment, Round
from bot.people.service import CommunityView, MemberView, PeopleService
from bot.people.tables import Member

log = get_logger(__name__)

MATCHING_LIMIT = 300.0
"""Seconds of real time a matching may take; 10,000 members need about half a minute (MATCHING.md, 2)."""
HURRIED_LIMIT = 60.0


class Rounds:
    """The agenda work of rounds; what members and moderators do about them is in the rooms beside."""

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
        self.planner = Planner(clock, agenda, people)
        self.notices = Notices(self)
        self.pausing = Pausing(self)
        self.silence = Silence(self)
        self.late = Latecomers(self)
        self.approval = Approval(self)
        self.previews = Previews(self)
        self.moderating = Moderating(self)
        # Told of every round that went out, by its report, once that is certain.
        self.on_done: list[Callable[[Mapping[str, Any], datetime], None]] = []

    def handlers(self) -> dict[str, Handler]:
        """Name the work."""
        return {
            "round": self._due,
            "round.notice": self.notices.due,
            "round.approval": self.approval.due,
            "intro.resume": self.pausing.due,
            "intro.late": self.late.due,
        }

    async def plan_first(self, session: AsyncSession, community_id: int) -> datetime | None:
        """Plan a round if none is to come; return when the next one is, None for an unknown community."""
        return await self.planner.plan_first(session, community_id)

    async def replan(self, session: AsyncSession, community_id: int) -> datetime | None:
        """Move the planned round to the community's settings of now."""
        return await self.planner.replan(session, community_id)

    # --- one round ---------------------------------------------------------------------------------

    async def _due(self, work: Work) -> None:
        """Count the silent, match outside any transaction, then store and tell in one."""
        community = await self._begin(work)
        if community is None:
            return
        plan = await self.matched(work.subject)
        async with self.store.write() as session:
            round_ = await session.get_one(Round, work.subject, with_for_update=True)
            if round_.state == "planned" and plan is not None:
                # Where nobody would meet there is nothing to look at.
                if plan["groups"] and (await read_rules(session, community.id)).approve:
                    round_.plan = {**round_.plan, **plan}
                    await self.approval.ask(session, round_, community)
                else:
                    await self.send(session, round_, community, plan)
            await self.agenda.settle(session, work)

    async def _begin(self, work: Work) -> CommunityView | None:
        """Return the community whose round is to be matched now; None when there is nothing to match."""
        async with self.store.write() as session:
            round_ = await session.get(Round, work.subject, with_for_update=True)
            community = await self.people.community(session, work.community_id or 0)
            if (
                round_ is not None
                and community is not None
                and community.started
                and round_.state == "planned"
            ):
                if reading.hears(community):
                    await self.silence.count(session, round_)
                    return community
                await self.close(session, round_, community, "skipped", {"why": "paused"})
            await self.agenda.settle(session, work)
            return None

    async def matched(self, round_id: int) -> dict[str, Any] | None:
        """Match a round as it would go out now; return what its plan then holds, None when it is over.

        Outside any transaction. Above the time limit the round goes out all the same, as many meetings as
        possible instead of the best ones.
        """
        async with self.store.read() as session:
            round_ = await session.get(Round, round_id)
            if round_ is None or round_.state not in OPEN:
                return None
            inputs = await gather(session, self.people, round_, self.clock.now())
            closed = await unreachable(session, [one.member_id for one in inputs.candidates])
            skippers = await self._skippers(session, round_)
        locked = pairs_in(round_.plan, "locked")
        outcome = await self._matched(inputs, locked)
        together = {group.members for group in outcome.groups}
        return {
            "groups": [planned(group) for group in outcome.groups],
            "left_out": list(outcome.left_out),
            "relaxed": dict(outcome.relaxed),
            "fallback": outcome.fallback,
            "enrolled": len(inputs.candidates),
            "skipped": skippers,
            "unreachable": closed,
            "repeats": [list(pair) for pair in sorted(repeats_in(outcome.groups, inputs.met))],
            "locked": [list(pair) for pair in locked if pair in together],
            "matched_at": self.clock.now().isoformat(),
        }

    async def _matched(self, inputs: RoundInputs, locked: Sequence[tuple[int, int]]) -> Outcome:
        try:
            if locked:
                return await self.worker.run(MATCHING_LIMIT, match_kept, inputs, locked)
            return await self.worker.run(MATCHING_LIMIT, match_round, inputs)
        except (TimeoutError, BrokenProcessPool):
            log.exception("round.hurried", members=len(inputs.candidates))
            return await self.worker.run(HURRIED_LIMIT, match_kept, inputs, locked, True)

    async def _skippers(self, session: AsyncSession, round_: Round) -> int:
        query = (
            select(func.count())
            .select_from(Enrolment)
            .join(Member, Member.id == Enrolment.member_id)
            .where(
                Member.community_id == round_.community_id,
                Enrolment.state == "on",
                Enrolment.skips == round_.number,
            )
        )
        return await session.scalar(query) or 0

    async def close(
        self,
        session: AsyncSession,
        round_: Round,
        community: CommunityView,
        state: str,
        report: dict[str, Any],
    ) -> None:
        """End a round and plan the next; its plan is kept no longer than it is needed."""
        round_.state, round_.ran_at, round_.report = state, self.clock.now(), report
        await session.flush()
        await self.planner.plan_next(session, community, round_)
        round_.plan = {}
        await session.flush()

    async def send(
        self, session: AsyncSession, round_: Round, community: CommunityView, plan: dict[str, Any]
    ) -> None:
        """Store who meets whom by this plan and tell everyone; who left meanwhile takes nobody along."""
        here = await taking_part(session, self.people, community.id, round_.number)
        apart = set(await reading.avoided_pairs(session, community.id))
        groups = [group for group in groups_in(plan) if _stands(group, here, apart)]
        matched = {member for group in groups for member in group.members}
        seen = {member for raw in plan["groups"] for member in raw["members"]} | set(plan["left_out"])
        left_out = sorted(seen & here.keys() - matched)
        await self.close(session, round_, community, "done", _report(plan, groups, matched, left_out))
        number, report = round_.id, round_.report
        await store_round(
            session, self.agenda, self.people, round_=round_, groups=groups, now=self.clock.now()
        )
        for view in (await self.people.views(session, left_out)).values():
            await self.say(session, "intro.left_out", view, f"{number}:{view.id}")
        await self._remember_waiting(session, matched, left_out)
        log.info("round.done", community=community.id, **report)
        for told in self.on_done:
            after_commit(session, partial(told, report, self.clock.now()))

    async def _remember_waiting(
        self, session: AsyncSession, matched: Iterable[int], left_out: Iterable[int]
    ) -> None:
        """Who was left out has the first place in the next round; who was matched starts anew."""
        for members, waited in ((matched, 0), (left_out, Enrolment.waited + 1)):
            for some in portions(members):
                await session.execute(
                    update(Enrolment)
                    .where(Enrolment.member_id.in_(some))
                    .values(waited=waited)
                    .execution_options(synchronize_session=False)
                )

    # --- what the rooms beside share ---------------------------------------------------------------

    async def say(
        self,
        session: AsyncSession,
        kind: str,
        to: MemberView,
        key: str,
        *,
        budgeted: bool = False,
        expires_at: datetime | None = None,
    ) -> None:
        """Enqueue a message about a member to that member."""
        await self.outbox.say(
            session,
            kind=kind,
            subject=to.id,
            key=f"{kind}:{key}",
            recipient=to.person_id,
            community_id=to.community_id,
            budgeted=budgeted,
            expires_at=expires_at,
        )

    async def mine(self, session: AsyncSession, person_id: int, member_id: int) -> MemberView:
        """Return the member a button is about; raises `not_yours` for anybody but them."""
        me = (await self.people.views(session, [member_id])).get(member_id)
        if me is None or me.person_id != person_id:
            raise KithError("not_yours")
        return me

    async def enrolment(self, session: AsyncSession, me: MemberView) -> Enrolment:
        """Return the row of a member who takes part; raises `not_enrolled` otherwise."""
        row = await session.get(Enrolment, me.id, with_for_update=True, populate_existing=True)
        if row is None or row.state != "on":
            raise KithError("not_enrolled")
        return row


def _stands(group: Group, here: Container[int], apart: set[tuple[int, int]]) -> bool:
    """Whether a group may still meet: everybody is here, and no two asked to be kept apart meanwhile."""
    pairs = ((one, other) for one in group.members for other in group.members if one < other)
    return all(member in here for member in group.members) and not any(pair in apart for pair in pairs)


def _report(
    plan: dict[str, Any], groups: Sequence[Group], matched: Iterable[int], left_out: Sequence[int]
) -> dict[str, Any]:
    """A round in numbers."""
    members = {group.members for group in groups}
    return {
        "enrolled": plan["enrolled"],
        "matched": len(set(matched)),
        "groups": len(groups),
        "left_out": len(left_out),
        "repeats": sum(tuple(pair) in members for pair in plan["repeats"]),
        "relaxed": plan["relaxed"],
        "fallback": plan["fallback"],
        "skipped": plan["skipped"],
        "unreachable": len(plan["unreachable"]),
    }
