"""Looking back: what came of each week, the rhythm of them, and what was written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import rules
from bot.checkins.rhythm import WEEKS, Opened, Rhythm, Stretch, rhythm, state_of
from bot.checkins.tables import Away, Checkin, CheckinPlan, Commitment
from bot.checkins.views import CommitmentView, HistoryView, WeekView, seen
from bot.people.service import MemberView

A_YEAR = 52


async def stretches_of(session: AsyncSession, member_id: int) -> list[Stretch]:
    """Read a member's days away."""
    query = select(Away.from_day, Away.until_day).where(Away.member_id == member_id)
    return [stretch(first, last) for first, last in await session.execute(query)]


def stretch(first: str, last: str | None) -> Stretch:
    """Freeze days away as they are stored."""
    return Stretch(date.fromisoformat(first), date.fromisoformat(last) if last else None)


async def rhythm_of(
    session: AsyncSession, member_id: int, zone: str, now: datetime
) -> tuple[Rhythm, list[Opened]]:
    """Read all of a member's weeks without their words, newest first, and count them."""
    plan = await session.get(CheckinPlan, member_id)
    next_at = plan.next_at if plan else None
    query = (
        select(Checkin.week, Checkin.state, Checkin.prompted_at, Checkin.closes_at, Checkin.answered_at)
        .where(Checkin.member_id == member_id)
        .order_by(Checkin.week.desc())
    )
    weeks: list[Opened] = []
    for week, state, prompted_at, closes_at, answered_at in await session.execute(query):
        until = rules.writable_until(closes_at, answered_at, newest=not weeks, next_at=next_at)
        weeks.append(Opened(week, state, prompted_at, closes_at, answered_at, until))
    away = await stretches_of(session, member_id)
    return rhythm([state_of(one, now, zone, away) for one in weeks]), weeks


async def read_history(
    session: AsyncSession, me: MemberView, community_name: str, now: datetime
) -> HistoryView:
    """Read the rhythm, the latest weeks with their words, and a year of weeks without."""
    counted, weeks = await rhythm_of(session, me.id, me.zone or "UTC", now)
    wins = await _wins(session, me.id, [one.week for one in weeks[:WEEKS]])
    written = await _written(session, me.id, [one.week for one in weeks[:WEEKS]])
    year = [
        WeekView(one.week, state) for one, state in zip(weeks[:A_YEAR], counted.states[:A_YEAR], strict=True)
    ]
    latest = [
        WeekView(one.week, one.state, written.get(one.week, ()), wins.get(one.week)) for one in year[:WEEKS]
    ]
    return HistoryView(me.id, community_name, counted, tuple(latest), tuple(year))


async def _wins(session: AsyncSession, member_id: int, weeks: Collection[str]) -> Mapping[str, str | None]:
    query = select(Checkin.week, Checkin.win).where(Checkin.member_id == member_id, Checkin.week.in_(weeks))
    return {row.week: row.win for row in await session.execute(query)}


async def _written(
    session: AsyncSession, member_id: int, weeks: Collection[str]
) -> Mapping[str, tuple[CommitmentView, ...]]:
    query = (
        select(Checkin.week, Commitment)
        .join(Commitment, Commitment.checkin_id == Checkin.id)
        .where(Checkin.member_id == member_id, Checkin.week.in_(weeks))
        .order_by(Checkin.week, Commitment.position)
    )
    found: dict[str, list[Commitment]] = {}
    for week, commitment in await session.execute(query):
        found.setdefault(week, []).append(commitment)
    return {week: seen(rows) for week, rows in found.items()}
