"""When the next round is, and the notice a day ahead: rows on the agenda that follow the settings."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.agenda import Agenda
from bot.core.clock import Clock
from bot.core.schedule import local_date, next_local
from bot.core.store import insert_new
from bot.intros.dates import after_holidays
from bot.intros.settings import read_rules
from bot.intros.tables import Round
from bot.people.service import CommunityView, PeopleService

NOTICE_BEFORE = timedelta(hours=24)
NOTICE_AT_LEAST = timedelta(hours=2)
"""Nearer to the round a notice would only come twice."""
LOOKED_UP_BEFORE = timedelta(hours=6)
"""Who left the server is known by the round, and hardly anybody leaves in between."""
HALF_A_WEEK = timedelta(days=3, hours=12)
OPEN = ("planned", "ready")
_REGULAR = "regular"


class Planner:
    """Plans rounds and their notices; every method joins the caller's unit of work."""

    def __init__(self, clock: Clock, agenda: Agenda, people: PeopleService) -> None:
        """Stand on the clock, the agenda and the communities."""
        self.clock = clock
        self.agenda = agenda
        self.people = people

    async def plan_first(self, session: AsyncSession, community_id: int) -> datetime | None:
        """Plan a round if none is to come; return when the next one is, None for an unknown community."""
        community = await self.people.community(session, community_id)
        coming = await open_round(session, community_id)
        if community is None or coming is not None:
            return coming.due_at if coming else None
        return await self._plan(session, community, _next(community, self.clock.now(), 1))

    async def plan_next(self, session: AsyncSession, community: CommunityView, ended: Round) -> datetime:
        """Plan the round after one that is over; one that ran early does not bring the next one nearer."""
        after = max(self.clock.now(), regular_of(ended))
        return await self._plan(session, community, _next(community, after, community.round_weeks))

    async def replan(
        self, session: AsyncSession, community_id: int, *, anew: bool = False
    ) -> datetime | None:
        """Move the planned round to the settings of now; `anew` when rounds are to come more or less often.

        Without it the round keeps its week: with four weeks between rounds a new hour must not bring the
        round of next month to this week.
        """
        community = await self.people.community(session, community_id)
        planned = await open_round(session, community_id)
        if community is None or planned is None or planned.state != "planned":
            return None
        now = self.clock.now()
        after = now if anew else max(now, regular_of(planned) - HALF_A_WEEK)
        regular = _next(community, after, 1)
        if anew and (before := await self._last(session, community_id)) is not None:
            regular = max(regular, _next(community, before, community.round_weeks))
        return await self._put(session, community, planned, regular)

    def after(self, community: CommunityView, coming: Round) -> datetime:
        """When the round after the coming one would be, holidays aside."""
        return _next(community, coming.due_at, community.round_weeks)

    async def _last(self, session: AsyncSession, community_id: int) -> datetime | None:
        """When the last round went out."""
        query = select(func.max(Round.ran_at)).where(Round.community_id == community_id)
        return await session.scalar(query.where(Round.state == "done"))

    async def _plan(self, session: AsyncSession, community: CommunityView, regular: datetime) -> datetime:
        """Store the round to come and put it on the agenda."""
        query = select(func.max(Round.number)).where(Round.community_id == community.id)
        number = (await session.scalar(query) or 0) + 1
        await insert_new(
            session, Round, community_id=community.id, number=number, due_at=regular, state="planned",
            report={}, plan={},
        )  # fmt: skip
        found = select(Round).where(Round.community_id == community.id, Round.number == number)
        return await self._put(session, community, (await session.scalars(found)).one(), regular)

    async def _put(
        self, session: AsyncSession, community: CommunityView, round_: Round, regular: datetime
    ) -> datetime:
        """Set a round's date from its regular one, and plan its work and its notices."""
        holidays = (await read_rules(session, community.id)).holidays
        round_.due_at = after_holidays(
            regular,
            community.zone,
            community.round_weekday,
            community.round_hour,
            community.round_weeks,
            holidays,
        )
        round_.plan = {**round_.plan, _REGULAR: regular.isoformat()}
        await session.flush()
        await self.run_at(session, round_, round_.due_at)
        await self._notice(session, community, round_, round_.due_at, round_.due_at - NOTICE_AT_LEAST)
        if round_.due_at != regular:
            await self._notice(session, community, round_, regular, regular)
        await self._look_up(session, round_)
        return round_.due_at

    async def run_at(self, session: AsyncSession, round_: Round, at: datetime) -> None:
        """Put a round on the agenda at another time."""
        key = f"round:{round_.community_id}:{round_.number}"
        await self.agenda.cancel(session, key)
        await self.agenda.plan(
            session, kind="round", key=key, subject=round_.id, community_id=round_.community_id, due_at=at
        )

    async def _notice(
        self,
        session: AsyncSession,
        community: CommunityView,
        round_: Round,
        about: datetime,
        not_after: datetime,
    ) -> None:
        """Plan the word of the day before; one that comes after `not_after` is not said any more."""
        day = local_date(about, community.zone)
        key = f"round.notice:{community.id}:{round_.number}:{day.isoformat()}"
        await self.agenda.cancel(session, key)
        if not_after <= self.clock.now():
            return
        await self.agenda.plan(
            session, kind="round.notice", key=key, subject=round_.id, community_id=community.id,
            due_at=about - NOTICE_BEFORE, not_after=not_after,
        )  # fmt: skip

    async def _look_up(self, session: AsyncSession, round_: Round) -> None:
        """Plan the look at who left; that of a round which moved on finds its `not_after` outdated."""
        key = lookup_key(f"round.lookup:{round_.id}:{int(round_.due_at.timestamp())}", 0, 0)
        await self.agenda.plan(
            session, kind="round.lookup", key=key, subject=round_.id, community_id=round_.community_id,
            due_at=round_.due_at - LOOKED_UP_BEFORE, not_after=round_.due_at,
        )  # fmt: skip


def _next(community: CommunityView, after: datetime, weeks: int) -> datetime:
    """The community's next day and hour, on its own clock."""
    return next_local(after, community.zone, community.round_weekday, community.round_hour, weeks=weeks)


def lookup_key(round_key: str, asked: int, here: int) -> str:
    """Name a portion of looking up members: how many were asked about before, and how many had not left."""
    return f"{round_key}:{asked}:{here}"


def regular_of(round_: Round) -> datetime:
    """When the round would have been without holidays."""
    held = round_.plan.get(_REGULAR)
    return datetime.fromisoformat(held) if held else round_.due_at


async def open_round(session: AsyncSession, community_id: int, *, lock: bool = False) -> Round | None:
    """The community's round that is still to go out, or None."""
    query = select(Round).where(Round.community_id == community_id, Round.state.in_(OPEN))
    query = query.order_by(Round.number.desc()).limit(1).execution_options(populate_existing=True)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def last_round(session: AsyncSession, community_id: int) -> Round | None:
    """The community's last round that went out, or None."""
    query = select(Round).where(Round.community_id == community_id, Round.state == "done")
    return (await session.scalars(query.order_by(Round.number.desc()).limit(1))).one_or_none()
