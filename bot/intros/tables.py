"""What introductions remember: who is enrolled, every round, who met whom, and how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, UTCDateTime


class Enrolment(Base):
    """A member takes part (`on`) or did (`off`); `waited`: rounds in a row they were left out of."""

    __tablename__ = "enrolment"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(8))
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    waited: Mapped[int] = mapped_column(default=0)


class Round(Base):
    """One run of the introductions in a community: `planned`, then `done` or `skipped`."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("community_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    number: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ran_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8))
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Introduction(Base):
    """A pair or trio that a round made; `reasons` are the terms that counted for it."""

    __tablename__ = "introduction"
    __table_args__ = (Index("ix_introduction_round_id", "round_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), index=True
    )
    round_id: Mapped[int] = mapped_column(BigId, ForeignKey("round.id", ondelete="CASCADE"))
    form: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Seat(Base):
    """One member's place in an introduction: `planned` until their card arrived, then `told`."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("introduction_id", "member_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    introduction_id: Mapped[int] = mapped_column(BigId, ForeignKey("introduction.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AvoidedPair(Base):
    """Two members who are never introduced, the smaller id first; who of them asked for it, never why."""

    __tablename__ = "avoided_pair"

    low_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    high_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    low_asked: Mapped[bool] = mapped_column(default=True)
    high_asked: Mapped[bool] = mapped_column(default=True)
