"""A seat and its introduction, for the member who acts; and whether anything may be said about it."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.core.errors import KithError
from bot.intros import reading, rules
from bot.intros.tables import AvoidedPair, Introduction, Seat
from bot.people.service import MemberView, PeopleService


async def own_seat(
    session: AsyncSession, people: PeopleService, person_id: int, seat_id: int
) -> tuple[Seat, Introduction]:
    """Lock and return a person's seat; raises `intro_over` where it is gone, `not_yours` for another's."""
    seat = await session.get(Seat, seat_id)
    if seat is None:
        raise KithError("intro_over")
    owner = await people.view(session, seat.member_id)
    if owner.person_id != person_id:
        raise KithError("not_yours")
    # The introduction first, as the agenda's handlers do, so that neither waits for the other.
    introduction = await session.get(
        Introduction, seat.introduction_id, with_for_update=True, populate_existing=True
    )
    seat = await session.get(Seat, seat_id, with_for_update=True, populate_existing=True)
    if introduction is None or seat is None:
        raise KithError("intro_over")
    return seat, introduction


async def open_seat(
    session: AsyncSession, people: PeopleService, person_id: int, seat_id: int
) -> tuple[Seat, Introduction]:
    """Return a person's seat as `own_seat` does; raises `intro_ended` where somebody stepped back."""
    seat, introduction = await own_seat(session, people, person_id, seat_id)
    members = [one.member_id for one in await reading.seats_of(session, introduction.id)]
    here = await reading.present(session, people, introduction, members)
    if introduction.ended_at is not None or len(members) < 2 or len(here) < len(members):  # noqa: PLR2004 - a pair
        raise KithError("intro_ended")
    return seat, introduction


async def speakable(
    session: AsyncSession, people: PeopleService, introduction: Introduction | None
) -> Introduction | None:
    """Return the introduction if it goes on and its community may hear of it now."""
    if introduction is None or introduction.ended_at is not None:
        return None
    community = await people.community(session, introduction.community_id)
    return introduction if community is not None and reading.hears(community) else None


async def kept_apart(session: AsyncSession, member_id: int, others: list[int]) -> bool:
    """Whether this member and one of the others are never to be introduced again."""
    pairs = [rules.pair_key(member_id, other) for other in others]
    wanted = [(AvoidedPair.low_id == low) & (AvoidedPair.high_id == high) for low, high in pairs]
    if not wanted:
        return False
    return await session.scalar(select(AvoidedPair.low_id).where(or_(*wanted)).limit(1)) is not None


async def with_views(
    session: AsyncSession, people: PeopleService, seats: list[Seat]
) -> list[tuple[Seat, MemberView]]:
    """Each seat with its member."""
    views = await people.views(session, [seat.member_id for seat in seats])
    return [(seat, views[seat.member_id]) for seat in seats if seat.member_id in views]
