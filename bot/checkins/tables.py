"""What check-ins store: a member's plan, the weeks that opened, and the commitments made in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, Sealed, UTCDateTime
from bot.people.tables import Member


class CheckinPlan(Base):
    """When a member wants to be asked, and the one prompt that is planned next."""

    __tablename__ = "checkin_plan"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    weekday: Mapped[int]
    hour: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="on")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_week: Mapped[str | None] = mapped_column(String(10))
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Counts the prompts ever planned. It is part of the agenda key, so that a week that was cancelled can be
    # planned again, and a work row that was replaced is recognised when it runs after all.
    turn: Mapped[int] = mapped_column(default=0)


class Away(Base):
    """Local days on which a member is not asked, both included; without an end until they come back."""

    __tablename__ = "away"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    from_day: Mapped[str] = mapped_column(String(10))
    until_day: Mapped[str | None] = mapped_column(String(10))


class Checkin(Base):
    """One member's week: ``open`` until written, then ``answered``; ``skipped`` when we could not ask.

    ``passed``: the member let it go, with a reason or without. ``away``: they were away. ``shared`` names
    what they show to their pod: ``commitments`` · ``win`` · ``stuck``.
    """

    __tablename__ = "checkin"
    __table_args__ = (UniqueConstraint("member_id", "week"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"))
    week: Mapped[str] = mapped_column(String(10))
    prompted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # The topic, and in their own words.
    stuck: Mapped[str | None] = mapped_column(Sealed)
    stuck_words: Mapped[str | None] = mapped_column(Sealed)
    win: Mapped[str | None] = mapped_column(Sealed)
    state: Mapped[str] = mapped_column(String(12), default="open")
    reason: Mapped[str | None] = mapped_column(Sealed)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    shared: Mapped[list[str]] = mapped_column(JSON, default=list)


class Commitment(Base):
    """One thing a member means to do in a week, and what came of it."""

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("checkin_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    checkin_id: Mapped[int] = mapped_column(BigId, ForeignKey("checkin.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Sealed)
    outcome: Mapped[str | None] = mapped_column(String(12))
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    carried_from: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("commitment.id", ondelete="SET NULL"), index=True
    )


class HelpRequest(Base):
    """Somebody stuck asked a member who offers just that; `state` as that of an introduction asked for.

    ``words`` are what the asking member chose to share of what they wrote.
    """

    __tablename__ = "help_request"
    __table_args__ = (UniqueConstraint("checkin_id", "to_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    checkin_id: Mapped[int] = mapped_column(BigId, ForeignKey("checkin.id", ondelete="CASCADE"))
    from_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    to_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    topic: Mapped[str] = mapped_column(String(16))
    words: Mapped[str | None] = mapped_column(Sealed)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


async def commitments_of(session: AsyncSession, checkin_id: int) -> list[Commitment]:
    """Read the commitments of a week in their order."""
    found = await session.scalars(
        select(Commitment).where(Commitment.checkin_id == checkin_id).order_by(Commitment.position)
    )
    return list(found)


async def latest(
    session: AsyncSession, member_id: int, limit: int, *, before: str | None = None, answered: bool = False
) -> list[Checkin]:
    """Read a member's latest weeks, newest first; only those before a week, only those answered."""
    query = select(Checkin).where(Checkin.member_id == member_id)
    if before is not None:
        query = query.where(Checkin.week < before)
    if answered:
        query = query.where(Checkin.answered_at.is_not(None))
    return list(await session.scalars(query.order_by(Checkin.week.desc()).limit(limit)))


async def plans_of(session: AsyncSession, person_id: int) -> list[tuple[CheckinPlan, Member]]:
    """Read the plans of a person that are on, in every community."""
    query = (
        select(CheckinPlan, Member)
        .join(Member, Member.id == CheckinPlan.member_id)
        .where(Member.person_id == person_id, CheckinPlan.state == "on")
    )
    return [(plan, member) for plan, member in (await session.execute(query)).all()]
