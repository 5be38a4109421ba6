"""The first thing a member does about an introduction, and the end of one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.intros.tables import Enrolment, Introduction, Seat


async def moved(session: AsyncSession, seat: Seat, now: datetime) -> None:
    """Remember the member's first move about an introduction; they are not silent any more."""
    if seat.moved_at is None:
        seat.moved_at = now
    await session.execute(
        update(Enrolment)
        .where(Enrolment.member_id == seat.member_id, Enrolment.silent > 0)
        .values(silent=0)
        .execution_options(synchronize_session=False)
    )


async def end(session: AsyncSession, introduction_id: int, now: datetime) -> bool:
    """End an introduction, so that nothing more is asked about it; False when it was over before."""
    introduction = await session.get(Introduction, introduction_id, with_for_update=True)
    if introduction is None or introduction.ended_at is not None:
        return False
    introduction.ended_at = now
    await session.flush()
    return True
