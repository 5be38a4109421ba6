"""What introductions know about two members: who met, who knows of whom, who is kept apart."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.core.store import insert_new
from bot.intros import rules
from bot.intros.tables import AvoidedPair, Seat


async def acquainted(session: AsyncSession, one: int, other: int) -> bool:
    """Tell whether both read on a card that they were introduced to each other."""
    mine, theirs, query = _shared(one, other)
    return await _any(session, query.where(mine.state == "told", theirs.state == "told"))


async def met(session: AsyncSession, one: int, other: int) -> bool:
    """Tell whether at least one of two who were introduced said that they met."""
    mine, theirs, query = _shared(one, other)
    return await _any(session, query.where(or_(mine.outcome == "met", theirs.outcome == "met")))


async def ask_apart(session: AsyncSession, member_id: int, other_id: int) -> None:
    """Write down that a member asked never to be introduced to another; asking twice changes nothing."""
    low, high = rules.pair_key(member_id, other_id)
    asked = "low_asked" if member_id == low else "high_asked"
    flags = {"low_asked": False, "high_asked": False, asked: True}
    if not await insert_new(session, AvoidedPair, low_id=low, high_id=high, **flags):
        pair = (AvoidedPair.low_id == low) & (AvoidedPair.high_id == high)
        await session.execute(update(AvoidedPair).where(pair).values({asked: True}))


async def ask_together(session: AsyncSession, member_id: int, other_id: int) -> None:
    """Take a member's wish back; the other's own wish, if there is one, keeps them apart as before."""
    low, high = rules.pair_key(member_id, other_id)
    pair = (AvoidedPair.low_id == low) & (AvoidedPair.high_id == high)
    asked = "low_asked" if member_id == low else "high_asked"
    await session.execute(update(AvoidedPair).where(pair).values({asked: False}))
    nobody_asks = ~AvoidedPair.low_asked & ~AvoidedPair.high_asked
    await session.execute(delete(AvoidedPair).where(pair, nobody_asks))


async def asked_apart_from(session: AsyncSession, member_id: int) -> Sequence[int]:
    """Return who asked never to be introduced to this member."""
    below = select(AvoidedPair.high_id).where(AvoidedPair.low_id == member_id, AvoidedPair.high_asked)
    above = select(AvoidedPair.low_id).where(AvoidedPair.high_id == member_id, AvoidedPair.low_asked)
    return sorted({*(await session.scalars(below)), *(await session.scalars(above))})


async def has_asked_apart(session: AsyncSession, member_id: int, others: Sequence[int]) -> bool:
    """Tell whether a member asked never to be introduced to one of these."""
    below = select(AvoidedPair.low_id).where(
        AvoidedPair.low_id == member_id, AvoidedPair.high_id.in_(others), AvoidedPair.low_asked
    )
    above = select(AvoidedPair.low_id).where(
        AvoidedPair.high_id == member_id, AvoidedPair.low_id.in_(others), AvoidedPair.high_asked
    )
    return await _any(session, below) or await _any(session, above)


def _shared(one: int, other: int) -> tuple[type[Seat], type[Seat], Select[int]]:
    """Two members' seats in the same introductions."""
    mine, theirs = aliased(Seat), aliased(Seat)
    query = (
        select(mine.id)
        .join(theirs, theirs.introduction_id == mine.introduction_id)
        .where(mine.member_id == one, theirs.member_id == other)
    )
    return mine, theirs, query


async def _any(session: AsyncSession, query: Select[int]) -> bool:
    return (await session.execute(query.limit(1))).first() is not None
