"""A member's own place in the introductions: take part, pause, leave, what comes next, whom they met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.core.outbox import Outbox
from bot.core.store import insert_new
from bot.intros import asking, reading
from bot.intros.silence import SILENT_AT_MOST
from bot.intros.tables import AvoidedPair, Enrolment, Introduction, Round, Seat
from bot.intros.views import EnrolmentView, PastView
from bot.people.service import MemberView, PeopleService, Who

PAGE = 10
SEATS_MAX = 4


@dataclass(frozen=True, slots=True)
class StandingView:
    """Where a member stands, as they alone read it.

    `skipping`: they sit the next round out. `unmet`: others who take part and whom they were never introduced
    to. `asked`: they have not said yet whether introductions still suit them. `extra`: glad to meet one more
    when somebody is left over. `seats` a month at roundtables.
    """

    enrolment: EnrolmentView
    paused_until: datetime | None
    skipping: bool
    unmet: int
    extra: bool
    seats: int
    asked: bool = False


@dataclass(frozen=True, slots=True)
class PauseView:
    """A pause that began or was moved."""

    member_id: int
    community_name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One page, from 1, of a member's introductions, newest first."""

    past: tuple[PastView, ...]
    page: int = 1
    pages: int = 1
    member_id: int = 0


class Enrolling:
    """Reads and writes a member's place; every method joins the caller's unit of work."""

    def __init__(self, outbox: Outbox, people: PeopleService) -> None:
        """Stand on the messages and the people."""
        self.outbox = outbox
        self.people = people

    async def join(
        self, session: AsyncSession, who: Who, now: datetime, extra: bool | None, seats: int | None
    ) -> tuple[MemberView, EnrolmentView]:
        """Take part, and return the member too; None leaves a wish as it is.

        Raises what `asking.require_profile` raises.
        """
        member = await self.people.known(session, who)
        me = await self.people.view(session, member.id)
        asking.require_profile(me, "intro")
        if seats is not None and not 0 <= seats <= SEATS_MAX:
            raise KithError("choice_unknown", value=seats)
        await insert_new(session, Enrolment, member_id=me.id, state="off", joined_at=now)
        agreed = await self.people.consent(session, me.id, reading.PURPOSE)
        row = await session.get_one(Enrolment, me.id, with_for_update=True)
        changed = row.state != "on" or agreed or row.silent >= SILENT_AT_MOST
        row.extra = row.extra if extra is None else extra
        row.seats = row.seats if seats is None else seats
        if changed:
            row.joined_at = row.joined_at if row.state == "paused" else now
            row.state, row.paused_until, row.silent = "on", None, 0
            await self.outbox.say(
                session,
                kind="intro.welcome",
                subject=me.id,
                key=f"intro.welcome:{me.id}:{int(now.timestamp())}",
                recipient=me.person_id,
                community_id=me.community_id,
                answers_click=True,
            )
        return me, await self.enrolment(session, me, changed=changed)

    async def leave(self, session: AsyncSession, me: MemberView) -> EnrolmentView:
        """Withdraw; leaving twice changes nothing."""
        row = await session.get(Enrolment, me.id, with_for_update=True)
        changed = row is not None and row.state != "off"
        await self.people.withdraw(session, me.id, reading.PURPOSE)
        if row is not None and changed:
            row.state, row.waited, row.paused_until, row.skips = "off", 0, None, None
            await session.flush()
        return await self.enrolment(session, me, changed=changed)

    async def enrolment(
        self, session: AsyncSession, me: MemberView, *, changed: bool = True
    ) -> EnrolmentView:
        """Where this member stands now."""
        await session.flush()
        community = await self.people.community(session, me.community_id)
        pool = await reading.enrolled(session, self.people, me.community_id)
        following = await reading.planned_round(session, me.community_id)
        return EnrolmentView(
            member_id=me.id,
            community_name=community.name if community else "",
            enrolled=me.id in pool,
            started=community is not None and community.started,
            paused=community is not None and community.paused,
            next_at=following.due_at if following else None,
            others=len(pool.keys() - {me.id}),
            waited=pool.get(me.id, 0),
            changed=changed,
        )

    async def standing(self, session: AsyncSession, me: MemberView) -> StandingView:
        """Where this member stands now, with their wishes and what there still is for them."""
        enrolment = await self.enrolment(session, me)
        row = await session.get(Enrolment, me.id)
        following: Round | None = await reading.planned_round(session, me.community_id)
        skips = row.skips if row else None
        return StandingView(
            enrolment=enrolment,
            paused_until=row.paused_until if row and row.state == "paused" else None,
            skipping=following is not None and skips == following.number,
            unmet=await self._unmet(session, me),
            extra=row is not None and row.extra,
            seats=row.seats if row else 0,
            asked=row is not None and row.state == "on" and row.silent >= SILENT_AT_MOST,
        )

    async def _unmet(self, session: AsyncSession, me: MemberView) -> int:
        """How many take part whom they never met; who asked to be kept apart from them counts as anybody."""
        pool = await reading.enrolled(session, self.people, me.community_id)
        mine = select(Seat.introduction_id).where(Seat.member_id == me.id)
        met = select(Seat.member_id).where(Seat.introduction_id.in_(mine))
        below = select(AvoidedPair.high_id).where(AvoidedPair.low_id == me.id, AvoidedPair.low_asked)
        above = select(AvoidedPair.low_id).where(AvoidedPair.high_id == me.id, AvoidedPair.high_asked)
        known = {me.id}
        for query in (met, below, above):
            known.update((await session.scalars(query)).all())
        return len(pool.keys() - known)

    async def history(self, session: AsyncSession, member_id: int, page: int) -> HistoryView:
        """Return a page of a member's introductions; a page there is none of becomes the nearest."""
        count = await session.scalar(select(func.count()).where(Seat.member_id == member_id)) or 0
        pages = max(1, -(-count // PAGE))
        page = min(max(1, page), pages)
        query = (
            select(Seat, Introduction.created_at)
            .join(Introduction, Introduction.id == Seat.introduction_id)
            .where(Seat.member_id == member_id)
            .order_by(Introduction.id.desc())
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        )
        past = [
            PastView(await self._names_beside(session, seat), created_at, seat.outcome)
            for seat, created_at in (await session.execute(query)).all()
        ]
        return HistoryView(tuple(past), page, pages, member_id)

    async def _names_beside(self, session: AsyncSession, seat: Seat) -> tuple[str, ...]:
        """Names of the others in an introduction."""
        seats = await reading.seats_of(session, seat.introduction_id)
        views = await self.people.views(session, [one.member_id for one in seats if one.id != seat.id])
        return tuple(view.name for view in views.values())
