"""Who cannot wait for a round: late joiners, and those whose partner left before anything happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.core.agenda import Work
from bot.core.log import get_logger
from bot.intros import reading
from bot.intros.gathering import gather, taking_part
from bot.intros.late import match_late
from bot.intros.matching import Group
from bot.intros.moves import end
from bot.intros.planning import NOTICE_BEFORE, open_round
from bot.intros.rules import pair_key
from bot.intros.silence import SILENT_AT_MOST
from bot.intros.storing import introduce
from bot.intros.tables import Enrolment, Introduction, Round, Seat
from bot.people.service import MemberView
from bot.people.tables import Member

if TYPE_CHECKING:
    from bot.intros.rounds import Rounds

log = get_logger(__name__)

LIMIT = 120.0
TRIES = 3
"""Two who come at the same moment may both want the same partner."""
YOUNG = timedelta(days=14)
"""After that an introduction that nobody took up is simply over."""
PAIR = 2


@dataclass(frozen=True, slots=True)
class _Found:
    """Somebody to meet, and the round it counts for."""

    group: Group
    round_id: int
    number: int


class Latecomers:
    """Matches one member at once with somebody who was left out, or who is glad to meet one more."""

    def __init__(self, rounds: Rounds) -> None:
        """Stand on what the rounds stand on."""
        self.on = rounds

    async def joined(self, session: AsyncSession, me: MemberView) -> bool:
        """Look for somebody for a member who has just joined; False when they wait for the round.

        Joins the caller's unit of work.
        """
        last = await self._last(session, me.community_id)
        if last is not None and await self._meets(session, me.id, last):
            return False
        return await self._plan(session, me, f"joined-{int(self.on.clock.now().timestamp())}")

    async def left(self, session: AsyncSession, member_id: int) -> None:
        """End a leaving member's introductions of two that nobody took up; the other is told, and goes on.

        Joins the caller's unit of work. The other has the first place in the next round, unless somebody is
        free at once.
        """
        for introduction_id, seat in await self._untouched(session, member_id):
            await end(session, introduction_id, self.on.clock.now())
            other = await self.on.people.view(session, seat.member_id)
            states = await self._states(session, other)
            if seat.state == "told" and states:  # otherwise the card itself says so when it arrives
                await self.on.say(session, "intro.ended", other, f"left:{introduction_id}:{other.id}")
            if "on" in states:
                await session.execute(
                    update(Enrolment)
                    .where(Enrolment.member_id == other.id)
                    .values(waited=Enrolment.waited + 1)
                    .execution_options(synchronize_session=False)
                )
                await self._plan(session, other, f"left-{introduction_id}")

    async def _states(self, session: AsyncSession, who: MemberView) -> tuple[str, ...]:
        """How a member takes part: `on` or `paused`; empty for who does no more."""
        community, among = who.community_id, [who.id]
        return tuple(
            [
                state
                for state in reading.HERE
                if await reading.enrolled(session, self.on.people, community, among, [state])
            ]
        )

    async def match_partners_again(self, session: AsyncSession, member_id: int) -> None:
        """Look for somebody else for those whom a member, who is being deleted, was to meet."""
        for introduction_id, seat in await self._untouched(session, member_id):
            await self._plan(
                session, await self.on.people.view(session, seat.member_id), f"left-{introduction_id}"
            )

    async def _untouched(self, session: AsyncSession, member_id: int) -> list[tuple[int, Seat]]:
        """Introductions of two, with the other's seat, in which neither did anything yet."""
        mine = select(Seat.introduction_id).where(Seat.member_id == member_id)
        moved = aliased(Seat)
        query = (
            select(Seat)
            .join(Introduction, Introduction.id == Seat.introduction_id)
            .where(
                Seat.introduction_id.in_(mine),
                Introduction.ended_at.is_(None),
                # What two asked for does not depend on the rounds.
                Introduction.origin != "ask",
                Introduction.created_at > self.on.clock.now() - YOUNG,
                ~exists().where(
                    moved.introduction_id == Introduction.id,
                    (moved.moved_at.is_not(None)) | (moved.outcome.is_not(None)),
                ),
            )
            .order_by(Seat.id)
        )
        places: dict[int, list[Seat]] = {}
        for seat in await session.scalars(query):
            places.setdefault(seat.introduction_id, []).append(seat)
        return [
            (number, next(seat for seat in seats if seat.member_id != member_id))
            for number, seats in places.items()
            if len(seats) == PAIR
        ]

    async def _plan(self, session: AsyncSession, me: MemberView, why: str) -> bool:
        """Plan the search, unless a round is near or none is to come."""
        community = await self.on.people.community(session, me.community_id)
        coming = await open_round(session, me.community_id)
        now = self.on.clock.now()
        row = await session.get(Enrolment, me.id)
        if row is None or row.silent >= SILENT_AT_MOST:
            return False
        if community is None or not community.started or not reading.hears(community):
            return False
        if coming is None or coming.state != "planned" or coming.due_at - now <= NOTICE_BEFORE:
            return False
        return await self.on.agenda.plan(
            session, kind="intro.late", key=f"intro.late:{me.id}:{why}", subject=me.id,
            community_id=community.id, due_at=now, not_after=coming.due_at,
        )  # fmt: skip

    # --- the search --------------------------------------------------------------------------------

    async def due(self, work: Work) -> None:
        """Introduce the member to whoever fits best; agenda work `intro.late`."""
        for _try in range(TRIES):
            found = await self._find(work)
            async with self.on.store.write() as session:
                done = found is None or await self._introduce(session, work, found)
                if done:
                    await self.on.agenda.settle(session, work)
                    return
        async with self.on.store.write() as session:
            await self.on.agenda.settle(session, work)

    async def _find(self, work: Work) -> _Found | None:
        """Read who is free and choose, outside any transaction that writes."""
        async with self.on.store.read() as session:
            coming = await open_round(session, work.community_id or 0)
            if coming is None or coming.state != "planned":
                return None
            last = await self._last(session, coming.community_id)
            free = await self._free(session, coming, last)
            if not free - {work.subject}:
                return None
            inputs = await gather(session, self.on.people, coming, self.on.clock.now(), [work.subject])
        try:
            group = await self.on.worker.run(LIMIT, match_late, inputs, work.subject, sorted(free))
        except TimeoutError:
            log.warning("late.gave_up", community=work.community_id)
            return None
        return _Found(group, (last or coming).id, coming.number) if group else None

    async def _introduce(self, session: AsyncSession, work: Work, found: _Found) -> bool:
        """Store the meeting; False when somebody was faster or left."""
        members = sorted(found.group.members)
        # Locked, in one order: of two who found the same partner, the second looks again.
        await session.execute(
            select(Enrolment.member_id)
            .where(Enrolment.member_id.in_(members))
            .order_by(Enrolment.member_id)
            .with_for_update()
        )
        coming = await open_round(session, work.community_id or 0)
        if coming is None or coming.number != found.number:
            return False
        last = await self._last(session, coming.community_id)
        free = await self._free(session, coming, last) | {work.subject}
        here = await reading.enrolled(session, self.on.people, coming.community_id, members)
        apart = set(await reading.avoided_pairs(session, coming.community_id))
        if not set(members) <= free & here.keys() or pair_key(members[0], members[1]) in apart:
            return False
        if await self._meets(session, work.subject, last or coming):
            return True
        views = await self.on.people.views(session, members)
        await introduce(
            session, self.on.agenda, self.on.outbox,
            community_id=coming.community_id, round_id=found.round_id, origin="late", form=found.group.form,
            reasons=found.group.reasons, views=[views[member] for member in members], now=self.on.clock.now(),
        )  # fmt: skip
        await session.execute(
            update(Enrolment)
            .where(Enrolment.member_id.in_(members))
            .values(waited=0)
            .execution_options(synchronize_session=False)
        )
        return True

    async def _free(self, session: AsyncSession, coming: Round, last: Round | None) -> set[int]:
        """Who was left out, and who is glad to meet one more and has not since the last round."""
        query = (
            select(Enrolment.member_id, Enrolment.waited)
            .join(Member, Member.id == Enrolment.member_id)
            .where(
                Member.community_id == coming.community_id,
                Enrolment.state == "on",
                (Enrolment.waited > 0) | Enrolment.extra,
            )
        )
        glad = {row.member_id: row.waited for row in await session.execute(query)}
        again = (
            select(Seat.member_id)
            .join(Introduction, Introduction.id == Seat.introduction_id)
            .where(
                Introduction.community_id == coming.community_id,
                Introduction.origin == "late",
                Introduction.round_id == (last or coming).id,
            )
        )
        busy = set(await session.scalars(again))
        pool = await taking_part(session, self.on.people, coming.community_id, coming.number)
        return {
            member for member, waited in glad.items() if member in pool and (waited or member not in busy)
        }

    async def _meets(self, session: AsyncSession, member_id: int, last: Round) -> bool:
        """Tell whether a member has an introduction of this turn that still stands."""
        query = (
            select(Seat.id)
            .join(Introduction, Introduction.id == Seat.introduction_id)
            .where(
                Seat.member_id == member_id,
                Introduction.round_id == last.id,
                Introduction.ended_at.is_(None),
            )
        )
        return (await session.execute(query.limit(1))).first() is not None

    async def _last(self, session: AsyncSession, community_id: int) -> Round | None:
        """The community's last round that went out."""
        query = select(Round).where(Round.community_id == community_id, Round.state == "done")
        return (await session.scalars(query.order_by(Round.number.desc()).limit(1))).one_or_none()
