"""What the gig board knows about two members: whether one of them accepted the other for a gig."""

from __future__ import annotations

from sqlalchemy import Exists, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gigs.tables import Gig, GigOutcome, Interest


async def acquainted(session: AsyncSession, one: int, other: int) -> bool:
    """Tell whether one accepted the other's pitch: contact was opened between them."""
    return (await session.execute(_accepted(one, other).limit(1))).first() is not None


async def met(session: AsyncSession, one: int, other: int) -> bool:
    """Tell whether they worked together: a pitch was accepted, the gig filled, and nobody denies it.

    A no about it counts where the other side does not say yes (`manners.worked`).
    """
    denied = and_(_said(hired=False), ~_said(hired=True))
    filled = _accepted(one, other).where(Gig.state == "filled", ~denied)
    return (await session.execute(filled.limit(1))).first() is not None


async def worked_together(
    session: AsyncSession, gig_id: int, interest_id: int | None = None
) -> list[tuple[int, int, str]]:
    """Return (member, other, source) both ways for every accepted pitch on a gig, or for this one."""
    query = (
        select(Gig.member_id, Interest.member_id, Interest.id)
        .join(Interest, Interest.gig_id == Gig.id)
        .where(Gig.id == gig_id, Interest.state == "accepted")
        .order_by(Interest.id)
    )
    if interest_id is not None:
        query = query.where(Interest.id == interest_id)
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


def _said(*, hired: bool) -> Exists:
    """Whether one side of a pitch said afterwards that somebody was hired, or that nobody was."""
    return exists().where(GigOutcome.interest_id == Interest.id, GigOutcome.hired.is_(hired))
