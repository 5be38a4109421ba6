"""Queries of the introductions, shared by its use cases; each takes the caller's session."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.intros import rules
from bot.intros.matching import RoundInputs
from bot.intros.scoring import Candidate, Reason
from bot.intros.tables import AvoidedPair, Enrolment, Introduction, Round, Seat
from bot.intros.views import CardView
from bot.people.hours import week_mask
from bot.people.service import CommunityView, MemberView, PeopleService
from bot.people.tables import Member
from bot.people.visibility import seen_by

PURPOSE = "introductions"


async def enrolled(
    session: AsyncSession,
    people: PeopleService,
    community_id: int,
    among: Collection[int] | None = None,
) -> dict[int, int]:
    """Member id to rounds waited, of everyone (or those `among`) who takes part and did not `/stop`."""
    agreed = set(await people.consented(session, community_id, PURPOSE, among))
    query = (
        select(Enrolment.member_id, Enrolment.waited)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Member.community_id == community_id, Enrolment.state == "on")
    )
    if among is not None:
        query = query.where(Enrolment.member_id.in_(among))
    return {member: waited for member, waited in (await session.execute(query)).all() if member in agreed}


def hears(community: CommunityView) -> bool:
    """Tell whether anything may be said there now: neither paused nor a server that removed Kith."""
    return not community.paused and community.left_at is None


async def planned_round(session: AsyncSession, community_id: int) -> Round | None:
    """The community's next round, or None."""
    query = select(Round).where(Round.community_id == community_id, Round.state == "planned")
    return (await session.scalars(query.order_by(Round.number.desc()).limit(1))).one_or_none()


async def met_pairs(session: AsyncSession, community_id: int) -> list[tuple[int, int, int]]:
    """(member, member, round number) of every two who were introduced to each other."""
    mine, other = Seat.__table__.alias("mine"), Seat.__table__.alias("other")
    query = (
        select(mine.c.member_id, other.c.member_id, Round.number)
        .select_from(mine)
        .join(other, other.c.introduction_id == mine.c.introduction_id)
        .join(Introduction, Introduction.id == mine.c.introduction_id)
        .join(Round, Round.id == Introduction.round_id)
        .where(Introduction.community_id == community_id, mine.c.member_id < other.c.member_id)
        .order_by(Round.number, mine.c.member_id, other.c.member_id)
    )
    return [(one, two, number) for one, two, number in (await session.execute(query)).all()]


async def avoided_pairs(session: AsyncSession, community_id: int) -> list[tuple[int, int]]:
    """Pairs that are kept apart."""
    query = (
        select(AvoidedPair.low_id, AvoidedPair.high_id)
        .join(Member, Member.id == AvoidedPair.low_id)
        .where(Member.community_id == community_id)
        .order_by(AvoidedPair.low_id, AvoidedPair.high_id)
    )
    return [(low, high) for low, high in (await session.execute(query)).all()]


async def round_inputs(
    session: AsyncSession, people: PeopleService, community_id: int, number: int, now: datetime
) -> RoundInputs:
    """Everything the matching of this round depends on."""
    pool = await enrolled(session, people, community_id)
    start = rules.week_start(now)
    views = await people.views(session, pool)
    return RoundInputs(
        number=number,
        candidates=tuple(candidate(view, pool[view.id], start) for view in views.values()),
        met=tuple(await met_pairs(session, community_id)),
        avoided=tuple(await avoided_pairs(session, community_id)),
        seed=community_id * 1000 + number,
    )


def candidate(view: MemberView, waited: int, start: datetime) -> Candidate:
    """A member as the matching sees them: what nobody may see gives no reason either.

    How and when somebody likes to meet counts in any case: it decides form and hours, and is not told.
    """
    shown = seen_by(view, "matches")
    return Candidate(
        member_id=view.id,
        hours=week_mask(view.contact_hours, view.zone, start),
        niches=frozenset(shown.niches),
        offers=frozenset(shown.offers),
        asks=frozenset(shown.asks),
        discipline=shown.discipline,
        stage=shown.stage,
        work_mode=shown.work_mode,
        direction=shown.direction,
        comfort=view.comfort,
        waited=waited,
    )


async def seats_of(session: AsyncSession, introduction_id: int) -> list[Seat]:
    """Everyone's seat in an introduction."""
    query = select(Seat).where(Seat.introduction_id == introduction_id).order_by(Seat.id)
    return list((await session.scalars(query)).all())


async def card_view(session: AsyncSession, people: PeopleService, seat: Seat) -> CardView:
    """What the card of this seat shows."""
    introduction = await session.get_one(Introduction, seat.introduction_id)
    round_ = await session.get_one(Round, introduction.round_id)
    seats = await seats_of(session, introduction.id)
    views = await people.views(session, [one.member_id for one in seats])
    here = await enrolled(session, people, introduction.community_id, views.keys())
    community = await people.community(session, introduction.community_id)
    following = await planned_round(session, introduction.community_id)
    start = rules.week_start(introduction.created_at)
    hours = [week_mask(view.contact_hours, view.zone, start) for view in views.values()]
    others = tuple(
        seen_by(views[one.member_id], "matches")
        for one in seats
        if one.id != seat.id and one.member_id in views
    )
    return CardView(
        seat_id=seat.id,
        community_name=community.name if community else "",
        me=views[seat.member_id],
        others=others,
        form=introduction.form,
        reasons=tuple(_reason(raw) for raw in introduction.reasons),
        slots=tuple(rules.common_slots(hours, start, introduction.created_at)),
        number=round_.number,
        created_at=introduction.created_at,
        outcome=seat.outcome,
        next_at=following.due_at if following else None,
        gone=not others or any(other.id not in here for other in others),
    )


def _reason(raw: dict[str, object]) -> Reason:
    """A reason as it was stored."""
    return Reason(**{**raw, "values": tuple(raw["values"])})  # type: ignore[arg-type]  # stored by our own asdict
