"""Three introductions without any move: asked once, in private, and not introduced meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.store import portions
from bot.intros.tables import Enrolment, Introduction, Round, Seat
from bot.people.service import MemberView
from bot.people.tables import Member

if TYPE_CHECKING:
    from bot.intros.rounds import Rounds

SILENT_AT_MOST = 3
"""Introductions in a row without any move, after which Kith asks before it goes on."""
OLD_ENOUGH = timedelta(days=5)
"""Who was introduced later than that has hardly had the time."""
LATER = timedelta(weeks=4)
_COUNTED = "counted"


class Silence:
    """Counts introductions without a move, and asks those who made none for long."""

    def __init__(self, rounds: Rounds) -> None:
        """Stand on what the rounds stand on."""
        self.on = rounds

    async def count(self, session: AsyncSession, round_: Round) -> None:
        """When a round falls due, count who let the last one's introductions lie; each of them counts once.

        The mark is on the round that is counted: one that is skipped has nothing to count, and the next
        comes back to the same last one.
        """
        last = await self._last(session, round_)
        if last is None or last.plan.get(_COUNTED):
            return
        last.plan = {**last.plan, _COUNTED: True}
        silent = await self._without_a_move(session, last)
        for some in portions(silent):
            await session.execute(
                update(Enrolment)
                .where(Enrolment.member_id.in_(some), Enrolment.silent < SILENT_AT_MOST)
                .values(silent=Enrolment.silent + 1)
                .execution_options(synchronize_session=False)
            )
        await self._ask(session, round_.community_id, round_.number)

    async def _last(self, session: AsyncSession, round_: Round) -> Round | None:
        """The last round before this one that went out."""
        query = (
            select(Round)
            .where(
                Round.community_id == round_.community_id, Round.number < round_.number, Round.state == "done"
            )
            .order_by(Round.number.desc())
            .limit(1)
        )
        return (await session.scalars(query)).one_or_none()

    async def _without_a_move(self, session: AsyncSession, last: Round) -> set[int]:
        """Members of a round's introductions that are over a few days old and were let lie."""
        query = (
            select(Seat.member_id)
            .join(Introduction, Introduction.id == Seat.introduction_id)
            .where(
                Introduction.round_id == last.id,
                Introduction.ended_at.is_(None),
                Introduction.created_at <= self.on.clock.now() - OLD_ENOUGH,
                Seat.state == "told",
                Seat.moved_at.is_(None),
                Seat.outcome.is_(None),
            )
        )
        return set(await session.scalars(query))

    async def _ask(self, session: AsyncSession, community_id: int, number: int) -> None:
        """Ask those who have just fallen silent, once until they answer."""
        query = (
            select(Enrolment.member_id)
            .join(Member, Member.id == Enrolment.member_id)
            .where(
                Member.community_id == community_id,
                Enrolment.state == "on",
                Enrolment.silent == SILENT_AT_MOST,
            )
        )
        silent = list(await session.scalars(query))
        asked = SILENT_AT_MOST + 1  # so that the next round does not ask again
        for some in portions(silent):
            for view in (await self.on.people.views(session, some)).values():
                await self.on.say(session, "intro.silent", view, f"{number}:{view.id}", budgeted=True)
            await session.execute(
                update(Enrolment)
                .where(Enrolment.member_id.in_(some))
                .values(silent=asked)
                .execution_options(synchronize_session=False)
            )

    async def stay(self, person_id: int, member_id: int) -> MemberView:
        """Go on being introduced; raises `not_yours` or `not_enrolled`."""
        async with self.on.store.write() as session:
            me = await self.on.mine(session, person_id, member_id)
            row = await self.on.enrolment(session, me)
            row.silent = 0
            return me

    async def later(self, person_id: int, member_id: int) -> datetime:
        """Come back in four weeks, at the instant returned; raises `not_yours` or `not_enrolled`."""
        async with self.on.store.write() as session:
            me = await self.on.mine(session, person_id, member_id)
            await self.on.enrolment(session, me)
            return await self.on.pausing.pause(session, me, self.on.pausing.day_after(me, LATER))

    async def waits(self, member_id: int) -> bool:
        """Tell whether the question still stands, for the message as it is sent."""
        async with self.on.store.read() as session:
            row = await session.get(Enrolment, member_id)
            return row is not None and row.state == "on" and row.silent >= SILENT_AT_MOST
