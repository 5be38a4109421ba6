"""What introductions remember: who is enrolled, every round, who met whom, and how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, Sealed, UTCDateTime

_WAITING = text("state = 'waiting'")


class Enrolment(Base):
    """A member takes part (`on`), pauses until a day (`paused`), or did once (`off`).

    `waited`: rounds in a row they were left out of. `silent`: introductions in a row without a move by them
    """

    __tablename__ = "enrolment"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(8))
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    waited: Mapped[int] = mapped_column(default=0)
    silent: Mapped[int] = mapped_column(default=0)
    # The number of the one round they sit out.
    skips: Mapped[int | None]
    paused_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Glad to meet one more when somebody joins late or is left over; and seats a month at roundtables.
    extra: Mapped[bool] = mapped_column(default=False)
    seats: Mapped[int] = mapped_column(default=0)


class RoundSettings(Base):
    """How a community wants its rounds; without a row the defaults."""

    __tablename__ = "round_settings"

    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # A moderator looks at each round before it goes out.
    approve: Mapped[bool] = mapped_column(default=False)
    # New pairs while anyone is unmet, or repeats at a quarter less (MATCHING.md 4).
    new_first: Mapped[bool] = mapped_column(default=True)
    # Days without introductions, as ISO dates.
    holidays: Mapped[list[str]] = mapped_column(JSON, default=list)


class Round(Base):
    """One run of the introductions: `planned`, perhaps `ready` for a moderator, then `done` or `skipped`.

    `plan` is what a preview showed: its groups, the pairs locked together and those split.
    """

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("community_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    number: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ran_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(8))
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Introduction(Base):
    """People who were introduced; `reasons` are the terms that counted for it.

    `origin`: made by a `round`, for a `late` joiner or a left-over partner, or `asked` for. `ended_at`:
    somebody stepped back or left, so nothing more is asked about it.
    """

    __tablename__ = "introduction"
    __table_args__ = (Index("ix_introduction_round_id", "round_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), index=True
    )
    round_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("round.id", ondelete="CASCADE"))
    origin: Mapped[str] = mapped_column(String(8), default="round")
    form: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    slot_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # Counts the slots picked: a reminder of an earlier one is recognised when it falls due.
    slot_turn: Mapped[int] = mapped_column(default=0)
    room_id: Mapped[int | None] = mapped_column(BigId)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Seat(Base):
    """One member's place in an introduction: `planned` until their card arrived, then `told`.

    `outcome`: `met` · `not_yet` · `did_not_happen` · `not_a_fit`. `moved_at`: the first thing they did about
    it. `step_up`: they would like to meet in a less reserved form, told only when everybody would.
    `follow_at`: when they want to be reminded to write again.
    """

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("introduction_id", "member_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    introduction_id: Mapped[int] = mapped_column(BigId, ForeignKey("introduction.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked: Mapped[int] = mapped_column(default=0)
    step_up: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Sealed)
    follow_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    followed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class IntroRequest(Base):
    """One member asked to meet another: `waiting`, `accepted`, `declined` (silently) or `expired`."""

    __tablename__ = "intro_request"
    __table_args__ = (
        Index(
            "uq_intro_request_waiting",
            "from_id",
            "to_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    from_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    to_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Sealed)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


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
