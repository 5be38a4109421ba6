"""What happens to introductions when one of their people deletes themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.ids import new_id
from bot.core.outbox import Outbox
from bot.intros import reading
from bot.intros.tables import Enrolment, Introduction, Seat
from bot.people.service import MemberView, PeopleService

OPEN_FOR = timedelta(days=14)
"""So long after an introduction its people may still be about to meet, whatever they answered."""
FEWEST = 2
ABOUT_A_SEAT = (
    "intro.card",
    "intro.ask",
    "intro.again",
    "intro.nudge",
    "intro.slot",
    "intro.remind",
    "intro.step",
    "intro.follow",
)
"""Messages that name the others of an introduction."""
WORK = ("intro.nudge", "intro.ask", "intro.remind")
"""Agenda work about an introduction; `intro.follow` is about a seat."""


class Erasing:
    """Ends a member's introductions, within the unit of work that deletes the member."""

    def __init__(self, agenda: Agenda, outbox: Outbox, people: PeopleService) -> None:
        """Stand on the two queues and the people."""
        self.agenda = agenda
        self.outbox = outbox
        self.people = people

    async def erase(self, session: AsyncSession, member_id: int, now: datetime) -> None:
        """End each introduction of a member: the others are told only that, and no card names them any more.

        An introduction of three goes on without them. One of two is deleted with what was planned about it.
        """
        me = await self.people.view(session, member_id)
        mine = select(Seat.introduction_id).where(Seat.member_id == member_id)
        query = select(Introduction).where(Introduction.id.in_(mine)).order_by(Introduction.id)
        for introduction in (await session.scalars(query)).all():
            seats = await reading.seats_of(session, introduction.id)
            others = [seat for seat in seats if seat.member_id != member_id]
            if len(others) >= FEWEST:
                await self._go_on(session, introduction, me, others)
            else:
                await self._end(session, introduction, me, others, now)

    async def _end(
        self,
        session: AsyncSession,
        introduction: Introduction,
        me: MemberView,
        others: Sequence[Seat],
        now: datetime,
    ) -> None:
        views = await self.people.views(session, [seat.member_id for seat in others])
        for seat in others:
            young = now - introduction.created_at < OPEN_FOR
            if seat.outcome is None or young:
                await self._tell(session, views[seat.member_id])
            if seat.state == "planned":  # they had not read whom they were to meet
                await session.execute(
                    update(Enrolment)
                    .where(Enrolment.member_id == seat.member_id)
                    .values(waited=Enrolment.waited + 1)
                    .execution_options(synchronize_session=False)
                )
        await self._take_back(session, others, me.person_id, "intro.ended")
        await self.agenda.forget(session, WORK, [introduction.id])
        seats = await reading.seats_of(session, introduction.id)
        await self.agenda.forget(session, ["intro.follow"], [seat.id for seat in seats])
        await session.execute(delete(Introduction).where(Introduction.id == introduction.id))

    async def _go_on(
        self, session: AsyncSession, introduction: Introduction, me: MemberView, others: Sequence[Seat]
    ) -> None:
        """Let the rest of a trio meet: their cards are shown again without who left."""
        mine = (Seat.introduction_id == introduction.id) & (Seat.member_id == me.id)
        seats = (await session.scalars(select(Seat.id).where(mine))).all()
        await self.agenda.forget(session, ["intro.follow"], seats)
        await session.execute(delete(Seat).where(mine))
        introduction.reasons = [
            reason for reason in introduction.reasons if me.id not in (reason["giver"], reason["taker"])
        ]
        await session.flush()
        here = await reading.enrolled(
            session, self.people, introduction.community_id, [seat.member_id for seat in others]
        )
        for into, stay in (("intro.card", True), ("intro.ended", False)):
            told = [seat for seat in others if seat.state == "told" and (seat.member_id in here) == stay]
            await self._take_back(session, told, me.person_id, into)

    async def _take_back(self, session: AsyncSession, seats: Sequence[Seat], leaving: int, into: str) -> None:
        """Change what others read into something without the name."""
        shown = {seat.id: seat.id if into == "intro.card" else seat.member_id for seat in seats}
        await self.outbox.retract(
            session,
            kinds=ABOUT_A_SEAT,
            subjects=list(shown),
            into=into,
            except_for=leaving,
            shown=shown,
        )

    async def _tell(self, session: AsyncSession, partner: MemberView) -> None:
        await self.outbox.say(
            session,
            kind="intro.ended",
            subject=partner.id,
            key=f"intro.ended:{new_id()}",
            recipient=partner.person_id,
            community_id=partner.community_id,
            quiet=not await self.people.has_consent(session, partner.id, reading.PURPOSE),
        )
