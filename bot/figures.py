"""What moderators are told of other features: part of the composition root, beside `app.py`.

Counts and settings only: nobody is named here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.rules import COUNTED_FROM
from bot.community.views import Beside, Decided, Figures, LastRound, RoundsSeen, Table, Told
from bot.gigs.tables import Gig, GigBoard
from bot.intros.planning import last_round, open_round
from bot.intros.settings import read_rules
from bot.intros.tables import Enrolment, Introduction, Round, Seat
from bot.people.tables import Community, Member
from bot.pods.tables import DigestSettings

WEEK = timedelta(days=7)
WEEKS_DRAWN = 8
WHOLE_WEEK = datetime(2026, 1, 4, 18, tzinfo=UTC)
"""A Sunday evening, before Monday 09:00 in every zone: from there answers are counted in whole weeks.

Weeks that overlap, looked at one after the other, would tell who answered between them.
"""
WAITING = ("queued", "held")
PUBLISHED = ("live", "filled", "expired", "withdrawn")
OUTCOMES = ("met", "not_yet", "did_not_happen", "not_a_fit")


async def rounds(session: AsyncSession, community_id: int) -> RoundsSeen:
    """When a community's round comes, and how the last one went, in numbers."""
    coming, last = await open_round(session, community_id), await last_round(session, community_id)
    numbers = [last.report.get(name, 0) for name in ("enrolled", "matched", "left_out")] if last else []
    return RoundsSeen(
        coming.due_at if coming else None,
        coming is not None and coming.state == "ready",
        LastRound(last.ran_at or last.due_at, *numbers) if last else None,
    )


async def decided(session: AsyncSession, community_id: int) -> Decided:
    """What moderators decided about rounds and the digest of check-ins."""
    community = await session.get_one(Community, community_id)
    kept = await read_rules(session, community_id)
    digest = await session.get(DigestSettings, community_id)
    return Decided(
        round_weeks=community.round_weeks,
        approve=kept.approve,
        new_first=kept.new_first,
        holidays=tuple(sorted(kept.holidays)),
        checkin_digest=digest.channel_id if digest else None,
    )


async def figures(session: AsyncSession, community_id: int, until: datetime) -> Figures:
    """A week in numbers; people are counted, not introductions."""
    by = answered_by(until)
    met, not_yet, answered = await _answers(session, community_id, by - WEEK, by)
    waiting, since = await _waiting(session, community_id)
    past = []
    for weeks in range(WEEKS_DRAWN - 1, -1, -1):
        end = until - weeks * WEEK
        past.append((end, await _introduced(session, community_id, end - WEEK, end)))
    return Figures(
        enrolled=await _enrolled(session, community_id),
        introduced=past[-1][1],
        left_out=await _left_out(session, community_id, until - WEEK, until),
        met=met,
        not_yet=not_yet,
        answered=answered,
        answered_by=by,
        gigs_waiting=waiting,
        gigs_since=since,
        past=tuple(past),
    )


def answered_by(now: datetime) -> datetime:
    """Return the end of the last whole week, for answers."""
    return WHOLE_WEEK + (now - WHOLE_WEEK) // WEEK * WEEK


async def _enrolled(session: AsyncSession, community_id: int) -> int:
    query = (
        select(func.count(Enrolment.member_id))
        .join(Member, Member.id == Enrolment.member_id)
        .where(Member.community_id == community_id, Member.barred_at.is_(None), Enrolment.state != "off")
    )
    return await session.scalar(query) or 0


async def _introduced(session: AsyncSession, community_id: int, since: datetime, until: datetime) -> int:
    query = (
        select(func.count(Seat.member_id.distinct()))
        .join(Introduction, Introduction.id == Seat.introduction_id)
        .where(Introduction.community_id == community_id)
        .where(Introduction.created_at > since, Introduction.created_at <= until)
    )
    return await session.scalar(query) or 0


async def _left_out(session: AsyncSession, community_id: int, since: datetime, until: datetime) -> int:
    query = select(Round.report).where(
        Round.community_id == community_id, Round.state == "done", Round.ran_at > since, Round.ran_at <= until
    )
    return sum(report.get("left_out", 0) for report in await session.scalars(query))


async def _answers(
    session: AsyncSession, community_id: int, since: datetime, until: datetime
) -> tuple[int, int, int]:
    """How many said that they met, that they have not yet, and anything at all."""
    query = (
        select(
            func.coalesce(func.sum(case((Seat.outcome == "met", 1), else_=0)), 0),
            func.coalesce(func.sum(case((Seat.outcome == "not_yet", 1), else_=0)), 0),
            func.count(Seat.id),
        )
        .join(Introduction, Introduction.id == Seat.introduction_id)
        .where(Introduction.community_id == community_id, Seat.outcome.is_not(None))
        .where(Seat.answered_at > since, Seat.answered_at <= until)
    )
    met, not_yet, answered = (await session.execute(query)).one()
    return int(met), int(not_yet), int(answered)


async def _waiting(session: AsyncSession, community_id: int) -> tuple[int, datetime | None]:
    """How many gigs wait for a moderator, and since when the oldest does."""
    since = func.coalesce(Gig.waiting_since, Gig.created_at)
    rows = select(since).where(Gig.community_id == community_id, Gig.state.in_(WAITING)).order_by(since)
    found = (await session.scalars(rows)).all()
    return len(found), found[0] if found else None


async def tables(session: AsyncSession, community_id: int, now: datetime) -> list[Table]:
    """The files of an export that are not about members: rounds, what came of introductions, gigs."""
    return [
        await _rounds_table(session, community_id),
        await _outcomes_table(session, community_id, answered_by(now)),
        await _gigs_table(session, community_id),
    ]


async def _rounds_table(session: AsyncSession, community_id: int) -> Table:
    query = select(Round).where(Round.community_id == community_id).order_by(Round.number)
    numbers = ("enrolled", "matched", "left_out", "skipped", "unreachable")
    rows = [
        (row.number, row.state, row.due_at, row.ran_at, *(row.report.get(name) for name in numbers))
        for row in await session.scalars(query)
    ]
    return Table("rounds", ("number", "state", "due", "went_out", *numbers), tuple(rows))


async def _outcomes_table(session: AsyncSession, community_id: int, by: datetime) -> Table:
    """Answers by round; where fewer than five answered they stay out, as they would tell who said what."""
    outcome_by = case((Seat.answered_at <= by, Seat.outcome), else_=None).label("outcome_by")
    query = (
        select(Round.number, Introduction.origin, outcome_by, func.count(Seat.id))
        .select_from(Seat)
        .join(Introduction, Introduction.id == Seat.introduction_id)
        .outerjoin(Round, Round.id == Introduction.round_id)
        .where(Introduction.community_id == community_id)
        .group_by(Round.number, Introduction.origin, "outcome_by")
        .order_by(Round.number)
    )
    found: dict[tuple[int | None, str], dict[str | None, int]] = {}
    for number, origin, outcome, count in (await session.execute(query)).all():
        found.setdefault((number, origin), {})[outcome] = count
    rows = []
    for (round_number, origin), counts in found.items():
        told = sum(count for outcome, count in counts.items() if outcome)
        enough = told >= COUNTED_FROM
        outcomes = [counts.get(name, 0) if enough else None for name in OUTCOMES]
        rows.append((round_number, origin, sum(counts.values()), told if enough else None, *outcomes))
    return Table("introductions", ("round", "origin", "people", "answered", *OUTCOMES), tuple(rows))


async def _gigs_table(session: AsyncSession, community_id: int) -> Table:
    """Gigs that were on the board; what was refused or still waits is between its poster and moderators."""
    query = (
        select(Gig)
        .where(Gig.community_id == community_id, Gig.state.in_(PUBLISHED), Gig.message_id.is_not(None))
        .order_by(Gig.id)
    )
    rows = [
        (row.kind, row.state, row.title, row.budget, row.niches, row.skills, row.created_at, row.expires_at)
        for row in await session.scalars(query)
    ]
    columns = ("kind", "state", "title", "budget", "niches", "skills", "posted", "until")
    return Table("gigs", columns, tuple(rows))


async def beside(session: AsyncSession, community_id: int) -> tuple[Beside, ...]:
    """The channels of the gig board beside the main one, and the one of the digest of check-ins."""
    query = select(GigBoard.role, GigBoard.channel_id).where(GigBoard.community_id == community_id)
    rows = (await session.execute(query.order_by(GigBoard.id))).all()
    main = await session.scalar(select(Community.gig_channel_id).where(Community.id == community_id))
    found = [
        Beside("links" if role == "links" else "board", channel) for role, channel in rows if channel != main
    ]
    digest = await session.get(DigestSettings, community_id)
    return (*found, *([Beside("digest", digest.channel_id)] if digest else []))


TOLD = Told(rounds, decided, figures, tables, beside)
