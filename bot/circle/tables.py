"""A member's private diary of the people they met."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, Sealed, UTCDateTime


class Circle(Base):
    """The member keeps a circle; without a row nothing is written down about whom they meet."""

    __tablename__ = "circle"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class CirclePerson(Base):
    """Somebody in a member's circle; `other_id` is emptied when they are deleted ("a former member")."""

    __tablename__ = "circle_person"
    __table_args__ = (UniqueConstraint("owner_id", "other_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    owner_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="SET NULL"), index=True
    )
    # What the owner means to do next with this person, in their own words.
    next_step: Mapped[str | None] = mapped_column(Sealed)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Encounter(Base):
    """One time they met: `introduction` · `follow_up` · `gig` · `pod` · `event` · `helped` · `other`."""

    __tablename__ = "encounter"
    __table_args__ = (
        UniqueConstraint("person_id", "source"),
        Index("ix_encounter_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("circle_person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    # What it came from, once each: "seat:12", "follow:12", or a random id for what the owner wrote down.
    source: Mapped[str] = mapped_column(String(32))
    note: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
