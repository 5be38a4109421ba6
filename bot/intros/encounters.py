"""Tells others of Kith who met whom through an introduction: what counts in a member's own circle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.intros.tables import Seat

KIND = "introduction"

OnMet: TypeAlias = Callable[[AsyncSession, int, int, str, str, datetime], Awaitable[None]]
"""Member, other member, kind, source, when; within the unit of work of the answer."""
OnUnmet: TypeAlias = Callable[[AsyncSession, int, str], Awaitable[None]]
"""Member, source."""


class Encounters:
    """Follows the answers to "did you meet?"; what one member said counts for that member alone."""

    def __init__(self) -> None:
        """Start with nobody to tell."""
        self.on_met: list[OnMet] = []
        self.on_unmet: list[OnUnmet] = []

    async def answered(self, session: AsyncSession, seat: Seat, before: str | None, at: datetime) -> None:
        """Tell of an answer that began or ceased to be "met"; `before` is the answer until now."""
        if seat.outcome == before or "met" not in (seat.outcome, before):
            return
        source = _source(seat.id)
        if seat.outcome != "met":
            for unmet in self.on_unmet:
                await unmet(session, seat.member_id, source)
            return
        others = select(Seat.member_id).where(
            Seat.introduction_id == seat.introduction_id, Seat.member_id != seat.member_id
        )
        for other in (await session.scalars(others.order_by(Seat.id))).all():
            for met in self.on_met:
                await met(session, seat.member_id, other, KIND, source, at)


async def past_met(session: AsyncSession, member_id: int) -> list[tuple[int, str, str, datetime]]:
    """Return (other member, kind, source, when) of everyone a member said they met, oldest first."""
    other = aliased(Seat)
    query = (
        select(Seat.id, Seat.answered_at, other.member_id)
        .join(other, other.introduction_id == Seat.introduction_id)
        .where(Seat.member_id == member_id, Seat.outcome == "met", other.member_id != member_id)
        .order_by(Seat.answered_at, Seat.id, other.id)
    )
    found = (await session.execute(query)).all()
    return [(met, KIND, _source(seat_id), at) for seat_id, at, met in found if at is not None]


def _source(seat_id: int) -> str:
    return f"seat:{seat_id}"
