"""What introductions do for other features: introduce two who agreed, say who is apart, resting or booked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.outbox import Outbox
from bot.intros import reading, rules, ties
from bot.intros.scoring import Reason, reasons
from bot.intros.storing import introduce
from bot.intros.tables import AvoidedPair, Enrolment, Introduction, Seat
from bot.people.service import MemberView, PeopleService
from bot.people.tables import Member, Person


class Lent:
    """Introductions for other features; every method joins the caller's unit of work."""

    def __init__(self, clock: Clock, agenda: Agenda, outbox: Outbox, people: PeopleService) -> None:
        """Stand on the clock, the two queues and the people."""
        self.clock = clock
        self.agenda = agenda
        self.outbox = outbox
        self.people = people

    async def apart(self, session: AsyncSession, one: int, other: int) -> bool:
        """Tell whether two members are kept apart."""
        return await session.get(AvoidedPair, rules.pair_key(one, other)) is not None

    async def resting(self, session: AsyncSession, ids: Sequence[int]) -> Collection[int]:
        """Return who of these members pauses introductions."""
        query = select(Enrolment.member_id).where(Enrolment.member_id.in_(ids), Enrolment.state == "paused")
        return (await session.scalars(query)).all()

    async def introduce(self, session: AsyncSession, asker: MemberView, helper: MemberView, _on: str) -> None:
        """Introduce two who both said yes; the reasons are those that a round would have found."""
        start = rules.week_start(self.clock.now())
        found = reasons(reading.candidate(asker, 0, start), reading.candidate(helper, 0, start), None)
        await introduce(
            session,
            self.agenda,
            self.outbox,
            community_id=asker.community_id,
            round_id=None,
            origin="ask",
            form=rules.meeting_form([asker.comfort, helper.comfort]),
            reasons=await self._true(session, asker, helper, found),
            views=[asker, helper],
            now=self.clock.now(),
        )

    async def _true(
        self, session: AsyncSession, one: MemberView, other: MemberView, found: Sequence[Reason]
    ) -> list[Reason]:
        """That they never met is said only where it is so."""
        acquainted = await ties.acquainted(session, one.id, other.id)
        return [reason for reason in found if not (acquainted and reason.name == "new")]

    async def slots(
        self, session: AsyncSession, member_id: int, begin: datetime, end: datetime
    ) -> list[tuple[datetime, str]]:
        """Return the moments a member agreed on from `begin` until `end`, each with the others' names."""
        mine, theirs = aliased(Seat), aliased(Seat)
        query = (
            select(Introduction.id, Introduction.slot_at, Person.name)
            .join(mine, mine.introduction_id == Introduction.id)
            .join(theirs, theirs.introduction_id == Introduction.id)
            .join(Member, Member.id == theirs.member_id)
            .join(Person, Person.id == Member.person_id)
            .where(
                mine.member_id == member_id,
                theirs.member_id != member_id,
                Introduction.ended_at.is_(None),
                Introduction.slot_at >= begin,
                Introduction.slot_at < end,
            )
            .order_by(Introduction.slot_at, Introduction.id, theirs.id)
        )
        found: dict[int, tuple[datetime, list[str]]] = {}
        for key, at, name in (await session.execute(query)).all():
            if at is not None:
                found.setdefault(key, (at, []))[1].append(name)
        return [(at, ", ".join(names)) for at, names in found.values()]
