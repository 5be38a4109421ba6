"""Whom members would be glad to see again, and whom not; for those who put people together."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.core.store import portions
from bot.intros import rules
from bot.intros.tables import AvoidedPair, Seat

Pairs = set[tuple[int, int]]


async def went_well(session: AsyncSession, member_ids: Collection[int]) -> Pairs:
    """Return the pairs among these members who met by an introduction, the smaller id first.

    One of the two said so, and the other said nothing against it.
    """
    among, found = set(member_ids), set()
    mine, theirs = aliased(Seat), aliased(Seat)
    for some in portions(among):
        query = (
            select(mine.member_id, theirs.member_id)
            .join(theirs, theirs.introduction_id == mine.introduction_id)
            .where(
                mine.member_id.in_(some),
                theirs.member_id != mine.member_id,
                mine.outcome == "met",
                theirs.outcome.is_(None) | (theirs.outcome == "met"),
            )
        )
        pairs = (await session.execute(query)).all()
        found |= {rules.pair_key(one, other) for one, other in pairs if other in among}
    return found


async def apart(session: AsyncSession, member_ids: Collection[int]) -> Pairs:
    """Return the pairs among these members who are never introduced, the smaller id first."""
    among, found = set(member_ids), set()
    for some in portions(among):
        query = select(AvoidedPair.low_id, AvoidedPair.high_id).where(AvoidedPair.low_id.in_(some))
        found |= {(low, high) for low, high in (await session.execute(query)).all() if high in among}
    return found
