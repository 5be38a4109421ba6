"""Who may be asked for help now; each function takes the caller's session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins import topics
from bot.checkins.tables import Away, HelpRequest
from bot.checkins.topics import Helper, Need
from bot.core.schedule import local_date
from bot.people.hours import week_mask
from bot.people.service import MemberView, PeopleService
from bot.people.tables import Consent, Member, MemberNiche, MemberTag, Person
from bot.people.visibility import audience_of

Apart: TypeAlias = Callable[[AsyncSession, int, int], Awaitable[bool]]
Resting: TypeAlias = Callable[[AsyncSession, Sequence[int]], Awaitable[Collection[int]]]

OPEN_PURPOSES = ("introductions", "requests")
"""Who said yes to one of these may be asked whether they want to meet somebody."""
LOOKED_AT = 60
"""So many of those who fit best, and were not asked for longest, are looked at closely."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Where to look, for whom, and what for; `resting` tells who of some members pauses introductions."""

    people: PeopleService
    me: MemberView
    wanted: Need
    now: datetime
    apart: Apart
    resting: Resting


async def found(session: AsyncSession, pool: Pool, seed: int) -> list[int]:
    """Return who could be asked, in the order in which they are."""
    asked_at = await _candidates(session, pool)
    views = await pool.people.views(session, asked_at)
    away = await _away(session, views, pool.now) | set(await pool.resting(session, sorted(views)))
    mine = _hours(pool.me, pool.now)
    helpers = [
        Helper(
            view.id,
            frozenset(view.offers),
            frozenset(view.niches) if audience_of(view, "niches") == "members" else frozenset(),
            (mine & _hours(view, pool.now)).bit_count(),
            asked_at[view.id],
        )
        for view in views.values()
        if view.id not in away and await _open_to(session, pool, view)
    ]
    return topics.ranked(pool.wanted, helpers, seed)


async def heard_less(session: AsyncSession, ids: Sequence[int], now: datetime) -> list[int]:
    """Keep those who may be asked once more this week, and let nobody else ask them meanwhile."""
    await session.execute(select(Member.id).where(Member.id.in_(ids)).order_by(Member.id).with_for_update())
    query = select(HelpRequest.to_id, HelpRequest.created_at).where(
        HelpRequest.to_id.in_(ids), HelpRequest.created_at > now - topics.WEEK
    )
    heard: dict[int, list[datetime]] = {}
    for member_id, at in (await session.execute(query)).all():
        heard.setdefault(member_id, []).append(at)
    return [one for one in ids if topics.may_be_asked(heard.get(one, []), now)]


async def _candidates(session: AsyncSession, pool: Pool) -> dict[int, datetime | None]:
    """Return who offers it and may be asked, with when they last were; those who fit best first."""
    last = (
        select(func.max(HelpRequest.created_at)).where(HelpRequest.to_id == Member.id).scalar_subquery()
    ).label("last")
    best = func.max(case((MemberTag.value == (pool.wanted.best or ""), 1), else_=0))
    query = (
        select(Member.id, last)
        .join(MemberTag, MemberTag.member_id == Member.id)
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.community_id == pool.me.community_id,
            Member.id != pool.me.id,
            Member.barred_at.is_(None),
            Person.stopped_at.is_(None),
            MemberTag.kind == "offer",
            MemberTag.value.in_(pool.wanted.skills),
            Member.id.in_(_agreed()),
            Member.id.not_in(_by_me(pool)),
            Member.id.not_in(_often(pool.now)),
        )
        .group_by(Member.id)
        .order_by(best.desc(), func.count().desc(), last.is_not(None), last, Member.id)
        .limit(LOOKED_AT)
    )
    if pool.wanted.niches:
        sharing = select(MemberNiche.member_id).where(MemberNiche.niche.in_(pool.wanted.niches))
        query = query.where(Member.id.in_(sharing))
    return {row.id: row.last for row in (await session.execute(query)).all()}


def _agreed() -> Select[int]:
    return select(Consent.member_id).where(Consent.purpose.in_(OPEN_PURPOSES), Consent.withdrawn_at.is_(None))


def _by_me(pool: Pool) -> Select[int]:
    return select(HelpRequest.to_id).where(
        HelpRequest.from_id == pool.me.id, HelpRequest.created_at > pool.now - topics.AGAIN_AFTER
    )


def _often(now: datetime) -> Select[int]:
    return (
        select(HelpRequest.to_id)
        .where(HelpRequest.created_at > now - topics.WEEK)
        .group_by(HelpRequest.to_id)
        .having(func.count() >= topics.ASKED_A_WEEK)
    )


async def _open_to(session: AsyncSession, pool: Pool, view: MemberView) -> bool:
    """Tell whether the asker may know what somebody offers, and nothing keeps the two apart."""
    audience = audience_of(view, "offers")
    if audience == "nobody" or await pool.apart(session, pool.me.id, view.id):
        return False
    if audience == "members":
        return True
    for met in pool.people.acquainted:
        if await met(session, pool.me.id, view.id):
            return True
    return False


async def _away(session: AsyncSession, views: dict[int, MemberView], now: datetime) -> set[int]:
    """Tell who of these is away on their own calendar's today."""
    query = select(Away).where(Away.member_id.in_(views))
    found = set()
    for row in await session.scalars(query):
        today = local_date(now, views[row.member_id].zone or "UTC").isoformat()
        if row.from_day <= today and (row.until_day is None or today <= row.until_day):
            found.add(row.member_id)
    return found


def _hours(view: MemberView, now: datetime) -> int:
    start = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return week_mask(view.contact_hours, view.zone, start)
