"""What the gig board knows about two members: whether one of them accepted the other for a gig."""

from __future__ import annotations

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gigs.tables import Gig, Interest


async def acquainted(session: AsyncSession, one: int, other: int) -> bool:
    """Tell whether one accepted the other's pitch: contact was opened between them."""
    return (await session.execute(_accepted(one, other).limit(1))).first() is not None


async def met(session: AsyncSession, one: int, other: int) -> bool:
    """Tell whether they worked together: a pitch was accepted for a gig that was filled."""
    filled = _accepted(one, other).where(Gig.state == "filled")
    return (await session.execute(filled.limit(1))).first() is not None


async def worked_together(session: AsyncSession, gig_id: int) -> list[tuple[int, int, str]]:
    """Return (member, other, source) both ways for every accepted pitch on a gig."""
    query = (
        select(Gig.member_id, Interest.member_id, Interest.id)
        .join(Interest, Interest.gig_id == Gig.id)
        .where(Gig.id == gig_id, Interest.state == "accepted")
        .order_by(Interest.id)
    )
    pairs = (await session.execute(query)).all()
    return [(one, other, f"gig:{pitch}") for a, b, pitch in pairs for one, other in ((a, b), (b, a))]


def _accepted(one: int, other: int) -> Select[int]:
    """Accepted pitches between two members, whoever of them posted the gig."""
    either = or_(
        and_(Gig.member_id == one, Interest.member_id == other),
        and_(Gig.member_id == other, Interest.member_id == one),
    )
    return (
        select(Interest.id).join(Gig, Gig.id == Interest.gig_id).where(Interest.state == "accepted", either)
    )
