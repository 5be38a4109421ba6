"""Queries of the introductions, shared by its use cases; each takes the caller's session."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.intros.scoring import Candidate, Reason
from bot.intros.slots import Hours, offered
from bot.intros.tables import AvoidedPair, Enrolment, Introduction, Round, Seat
from bot.intros.views import CardView
from bot.people.hours import week_mask
from bot.people.service import CommunityView, MemberView, PeopleService
from bot.people.tables import Member
from bot.people.visibility import seen_by

PURPOSE = "introductions"
HERE = ("on", "paused")


async def enrolled(
    session: AsyncSession,
    people: PeopleService,
    community_id: int,
    among: Collection[int] | None = None,
    states: Collection[str] = ("on",),
) -> dict[int, int]:
    """Member id to rounds waited, of everyone (or those `among`) who takes part and did not `/stop`.

    With `HERE` as `states` those who pause are among them: they meet whom they were told to meet.
    """
    agreed = set(await people.consented(session, community_id, PURPOSE, among))
    query = (
        select(Enrolment.member_id, Enrolment.waited)
        .join(Member, Member.id == Enrolment.member_id)
        .where(Member.community_id == community_id, Enrolment.state.in_(states))
    )
    if among is not None:
        query = query.where(Enrolment.member_id.in_(among))
    return {member: waited for member, waited in (await session.execute(query)).all() if member in agreed}


async def present(
    session: AsyncSession,
    people: PeopleService,
    introduction: Introduction,
    among: Collection[int],
    states: Collection[str] = HERE,
) -> set[int]:
    """Who of these still wants to hear about an introduction; where it was asked for, that yes is enough.

    Without `paused` among the states those who pause are left out.
    """
    here = set(await enrolled(session, people, introduction.community_id, among, states))
    if introduction.origin == "ask":
        for purpose in (PURPOSE, "requests"):
            here.update(await people.consented(session, introduction.community_id, purpose, among))
        if "paused" not in states:
            away = select(Enrolment.member_id).where(Enrolment.state == "paused")
            here.difference_update(await session.scalars(away.where(Enrolment.member_id.in_(among))))
    return here


def hears(community: CommunityView) -> bool:
    """Tell whether anything may be said there now: neither paused nor a server that removed Kith."""
    return not community.paused and community.left_at is None


async def planned_round(session: AsyncSession, community_id: int) -> Round | None:
    """The community's next round, or None."""
    query = select(Round).where(Round.community_id == community_id, Round.state == "planned")
    return (await session.scalars(query.order_by(Round.number.desc()).limit(1))).one_or_none()


async def met_pairs(session: AsyncSession, community_id: int) -> list[tuple[int, int, int]]:
    """(member, member, round number) of every two who were introduced to each other.

    An introduction made outside of rounds counts for the last round that began before it.
    """
    mine, other = Seat.__table__.alias("mine"), Seat.__table__.alias("other")
    before = aliased(Round)
    latest = (
        select(func.max(before.number))
        .where(
            before.community_id == Introduction.community_id,
            before.ran_at <= Introduction.created_at,
        )
        .scalar_subquery()
    )
    number = func.coalesce(Round.number, latest, 0).label("number")
    query = (
        select(mine.c.member_id, other.c.member_id, number)
        .select_from(mine)
        .join(other, other.c.introduction_id == mine.c.introduction_id)
        .join(Introduction, Introduction.id == mine.c.introduction_id)
        .outerjoin(Round, Round.id == Introduction.round_id)
        .where(Introduction.community_id == community_id, mine.c.member_id < other.c.member_id)
        .order_by(number, mine.c.member_id, other.c.member_id)
    )
    return [(one, two, found) for one, two, found in (await session.execute(query)).all()]


async def avoided_pairs(session: AsyncSession, community_id: int) -> list[tuple[int, int]]:
    """Pairs that are kept apart."""
    query = (
        select(AvoidedPair.low_id, AvoidedPair.high_id)
        .join(Member, Member.id == AvoidedPair.low_id)
        .where(Member.community_id == community_id)
        .order_by(AvoidedPair.low_id, AvoidedPair.high_id)
    )
    return [(low, high) for low, high in (await session.execute(query)).all()]


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


async def card_view(
    session: AsyncSession, people: PeopleService, seat: Seat, now: datetime | None = None
) -> CardView:
    """What the card of this seat shows `now`; without it, what it showed at first."""
    introduction = await session.get_one(Introduction, seat.introduction_id)
    seats = await seats_of(session, introduction.id)
    views = await people.views(session, [one.member_id for one in seats])
    here = await present(session, people, introduction, views.keys())
    awake = await present(session, people, introduction, [seat.member_id], ("on",))
    community = await people.community(session, introduction.community_id)
    following = await planned_round(session, introduction.community_id)
    others = tuple(
        seen_by(views[one.member_id], "matches")
        for one in seats
        if one.id != seat.id and one.member_id in views
    )
    left = introduction.ended_at is not None or any(other.id not in here for other in others)
    return CardView(
        seat_id=seat.id,
        community_name=community.name if community else "",
        me=views[seat.member_id],
        others=others,
        form=introduction.form,
        reasons=tuple(_reason(raw) for raw in introduction.reasons),
        slots=offered(hours_of(views.values()), introduction.created_at, now or introduction.created_at),
        number=await _round_number(session, introduction),
        created_at=introduction.created_at,
        outcome=seat.outcome,
        next_at=following.due_at if following else None,
        gone=left or not others,
        introduction_id=introduction.id,
        community_id=introduction.community_id,
        slot_at=introduction.slot_at,
        slot_turn=introduction.slot_turn,
        step_up=seat.step_up,
        stepped=all(one.step_up for one in seats),
        quiet=introduction.slot_at is None and all(one.moved_at is None for one in seats),
        awake=seat.member_id in awake,
    )


def hours_of(views: Iterable[MemberView]) -> list[Hours]:
    """Contact hours and zone of each."""
    return [(view.contact_hours, view.zone) for view in views]


async def _round_number(session: AsyncSession, introduction: Introduction) -> int:
    """The round an introduction came with; for one made outside of rounds a number that varies as well."""
    round_ = await session.get(Round, introduction.round_id) if introduction.round_id else None
    return round_.number if round_ else introduction.id


def _reason(raw: dict[str, object]) -> Reason:
    """A reason as it was stored."""
    return Reason(**{**raw, "values": tuple(raw["values"])})  # type: ignore[arg-type]  # stored by our own asdict
