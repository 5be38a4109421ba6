"""What members show of their weeks, and to whom: to their pod, or a win to the whole community.

For use inside another's unit of work. Of a week nothing is shown but what its member chose.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkins.tables import Checkin, Commitment
from bot.people.tables import Member

SHARES = ("commitments", "win", "stuck")
"""What a pod can be shown."""
NOTHING = "nothing"
"""Chosen on purpose; a week in which nothing was chosen follows the week before."""
PUBLIC = "win_public"
"""The win of this one week, for everyone in the community; never carried to the next week."""
NOT_STUCK = "nothing"
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SharedWeek:
    """What a member chose to show of a week: commitments as (text, outcome), a win, where they are stuck."""

    member_id: int
    commitments: tuple[tuple[str, str | None], ...] = ()
    win: str | None = None
    stuck: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Check-ins written in a week; of the week before, those written and the commitments done since."""

    written: int
    written_before: int
    done: int


@dataclass(frozen=True, slots=True)
class Win:
    """A win that its member may show to the community, or does."""

    checkin_id: int
    member_id: int
    text: str
    public: bool
    written_at: datetime


def shown(shared: Sequence[str]) -> tuple[str, ...] | None:
    """Read what was chosen for the pod in one week; None where nothing was said."""
    if not any(one in (*SHARES, NOTHING) for one in shared):
        return None
    return tuple(one for one in SHARES if one in shared)


async def choice(session: AsyncSession, member_id: int, week: str | None = None) -> tuple[str, ...]:
    """Return what a member shows to their pod: what they chose in this week, else last; at first nothing."""
    query = select(Checkin.shared).where(Checkin.member_id == member_id)
    if week is not None:
        query = query.where(Checkin.week <= week)
    for shared in await session.scalars(query.order_by(Checkin.week.desc())):
        chosen = shown(shared)
        if chosen is not None:
            return chosen
    return ()


async def choose(session: AsyncSession, member_id: int, chosen: Collection[str]) -> bool:
    """Keep what a member shows to their pod, from their latest week on; False before their first week."""
    query = select(Checkin).where(Checkin.member_id == member_id).order_by(Checkin.week.desc()).limit(1)
    latest = (await session.scalars(query.with_for_update())).one_or_none()
    if latest is None:
        return False
    kept = [one for one in SHARES if one in chosen] or [NOTHING]
    latest.shared = [*kept, *(one for one in latest.shared if one == PUBLIC)]
    return True


async def hide(session: AsyncSession, member_id: int) -> None:
    """Show nothing of a member's weeks to a pod until they choose again: another pod, another choice."""
    for row in await session.scalars(select(Checkin).where(Checkin.member_id == member_id)):
        if shown(row.shared):
            row.shared = [NOTHING, *(one for one in row.shared if one == PUBLIC)]


async def weeks(
    session: AsyncSession, member_ids: Sequence[int], since: datetime, until: datetime
) -> Mapping[int, SharedWeek]:
    """Return what these members show of the week they wrote in this time; who shows nothing is left out."""
    query = select(Checkin).where(Checkin.member_id.in_(member_ids), _written(since, until))
    found: dict[int, SharedWeek] = {}
    for row in await session.scalars(query.order_by(Checkin.week)):
        chosen = await choice(session, row.member_id, row.week)
        week = SharedWeek(
            member_id=row.member_id,
            commitments=await _commitments(session, row.id) if "commitments" in chosen else (),
            win=row.win if "win" in chosen else None,
            stuck=row.stuck if "stuck" in chosen and row.stuck != NOT_STUCK else None,
        )
        if week.commitments or week.win or week.stuck:
            found[row.member_id] = week
        else:
            found.pop(row.member_id, None)
    return found


async def counts(session: AsyncSession, community_id: int, since: datetime, until: datetime) -> Counts:
    """Count a community's check-ins, and what came of the commitments of the week before."""
    before = _here(community_id) & _written(since - WEEK, since)
    done = (
        select(func.count(Commitment.id))
        .join(Checkin, Checkin.id == Commitment.checkin_id)
        .where(before, Commitment.outcome == "done")
    )
    return Counts(
        written=await _number(session, _here(community_id) & _written(since, until)),
        written_before=await _number(session, before),
        done=await session.scalar(done) or 0,
    )


async def wins(session: AsyncSession, community_id: int, since: datetime, until: datetime) -> Sequence[Win]:
    """Return the wins that members show to their community, in the order of writing."""
    query = select(Checkin).where(_here(community_id), _written(since, until), Checkin.win.is_not(None))
    rows = await session.scalars(query.order_by(Checkin.answered_at, Checkin.id))
    return [win for win in map(_win, rows) if win is not None and win.public]


async def latest_win(session: AsyncSession, member_id: int) -> Win | None:
    """Return the win of the week a member wrote last, if there is one."""
    written = (Checkin.member_id == member_id) & Checkin.answered_at.is_not(None)
    row = (
        await session.scalars(select(Checkin).where(written).order_by(Checkin.week.desc()).limit(1))
    ).first()
    return _win(row) if row is not None else None


async def win_of(session: AsyncSession, checkin_id: int) -> Win | None:
    """Return the win of a week, if there is one."""
    row = await session.get(Checkin, checkin_id)
    return _win(row) if row is not None else None


async def share_win(session: AsyncSession, checkin_id: int, *, public: bool = True) -> bool:
    """Show the win of a week to the community, or no longer; False when nothing changed."""
    row = await session.get(Checkin, checkin_id, with_for_update=True)
    if row is None or row.win is None or (PUBLIC in row.shared) == public:
        return False
    row.shared = [*row.shared, PUBLIC] if public else [one for one in row.shared if one != PUBLIC]
    return True


async def has_shared(session: AsyncSession, member_id: int) -> bool:
    """Tell whether a member ever showed a win to the community."""
    rows = await session.scalars(select(Checkin.shared).where(Checkin.member_id == member_id))
    return any(PUBLIC in shared for shared in rows)


def _win(row: Checkin) -> Win | None:
    if not row.win or row.answered_at is None:
        return None
    return Win(row.id, row.member_id, row.win, PUBLIC in row.shared, row.answered_at)


def _written(since: datetime, until: datetime) -> ColumnElement[bool]:
    return (Checkin.answered_at > since) & (Checkin.answered_at <= until)


def _here(community_id: int) -> ColumnElement[bool]:
    return Checkin.member_id.in_(select(Member.id).where(Member.community_id == community_id))


async def _number(session: AsyncSession, which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count(Checkin.id)).where(which)) or 0


async def _commitments(session: AsyncSession, checkin_id: int) -> tuple[tuple[str, str | None], ...]:
    query = select(Commitment).where(Commitment.checkin_id == checkin_id).order_by(Commitment.position)
    return tuple((row.text, row.outcome) for row in await session.scalars(query))
