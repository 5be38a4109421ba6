"""What the gig board stores."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, Sealed, UTCDateTime


class Gig(Base):
    """A piece of paid work; amounts are in hundredths of the currency."""

    __tablename__ = "gig"
    __table_args__ = (
        Index("ix_gig_community_id_state", "community_id", "state"),
        Index("ix_gig_community_id_fingerprint", "community_id", "fingerprint"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text)
    budget: Mapped[str] = mapped_column(String(200))
    low: Mapped[int] = mapped_column(BigInteger)
    high: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    per: Mapped[str] = mapped_column(String(8))
    terms: Mapped[str] = mapped_column(String(200))
    niches: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12))
    score: Mapped[int]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[int | None] = mapped_column(BigId)
    message_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Interest(Base):
    """A member would like to do a gig; the pitch is for its poster only."""

    __tablename__ = "gig_interest"
    __table_args__ = (UniqueConstraint("gig_id", "member_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    gig_id: Mapped[int] = mapped_column(BigId, ForeignKey("gig.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    pitch: Mapped[str] = mapped_column(Sealed)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class GigDecision(Base):
    """A moderator let a gig through or refused it; kept as the record of who decided and when."""

    __tablename__ = "gig_decision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    gig_id: Mapped[int] = mapped_column(BigId, ForeignKey("gig.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(BigId)
    decision: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
