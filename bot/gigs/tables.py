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
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    hours: Mapped[str] = mapped_column(String(60), default="")
    length: Mapped[str] = mapped_column(String(60), default="")
    apply: Mapped[str] = mapped_column(String(300), default="")
    # Friendly to first-timers: the poster says so, and pays at least the community's floor.
    starter: Mapped[bool] = mapped_column(default=False)
    # Who may see it so far: `people` the poster chose · its `niche` · the `board`; each for `lead_hours`.
    audience: Mapped[str] = mapped_column(String(8), default="board")
    lead_hours: Mapped[int | None]
    # The live gig whose words these would take the place of; such a row is never on the board itself.
    replaces: Mapped[int | None] = mapped_column(BigId, ForeignKey("gig.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    score: Mapped[int]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(32))
    # The MinHash of its words; the bands of it are in `gig_band`.
    sketch: Mapped[list[int]] = mapped_column(JSON, default=list)
    # What moderators asked to be changed, and the poster's words against a decision.
    change: Mapped[str | None] = mapped_column(String(300))
    appeal: Mapped[str | None] = mapped_column(Sealed)
    # The channel of the board it lives in; `channel_id` is the post itself where that is a forum's.
    board_id: Mapped[int | None] = mapped_column(BigId)
    channel_id: Mapped[int | None] = mapped_column(BigId)
    message_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    filled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    renewals: Mapped[int] = mapped_column(default=0)


class GigBand(Base):
    """One band of a gig's sketch: texts that share one may be near-duplicates."""

    __tablename__ = "gig_band"
    __table_args__ = (Index("ix_gig_band_community_id_band", "community_id", "band"),)

    gig_id: Mapped[int] = mapped_column(BigId, ForeignKey("gig.id", ondelete="CASCADE"), primary_key=True)
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))


class GigBoard(Base):
    """A channel of the board beside the main one, and which gigs live there; empty lists take every one."""

    __tablename__ = "gig_board"
    __table_args__ = (UniqueConstraint("community_id", "channel_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(8))
    # `home`: gigs that fit live here · `links`: they are only announced with a link.
    role: Mapped[str] = mapped_column(String(8), default="home")
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    niches: Mapped[list[str]] = mapped_column(JSON, default=list)


class GigGuide(Base):
    """The pinned guidelines of a board's channel."""

    __tablename__ = "gig_guide"

    channel_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), index=True
    )
    post_id: Mapped[int] = mapped_column(BigId)
    message_id: Mapped[int] = mapped_column(BigId)


class GigCopy(Base):
    """A link to a gig in another channel than its own."""

    __tablename__ = "gig_copy"

    gig_id: Mapped[int] = mapped_column(BigId, ForeignKey("gig.id", ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    message_id: Mapped[int | None] = mapped_column(BigId)


class GigLead(Base):
    """Somebody the poster handed a gig to before the board saw it."""

    __tablename__ = "gig_lead"

    gig_id: Mapped[int] = mapped_column(BigId, ForeignKey("gig.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SavedGig(Base):
    """A gig a member wants to find again."""

    __tablename__ = "saved_gig"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    gig_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("gig.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class GigAlert(Base):
    """Which new gigs a member wants to hear of; empty lists take every one. Hundredths, as on a gig."""

    __tablename__ = "gig_alert"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), index=True
    )
    niches: Mapped[list[str]] = mapped_column(JSON, default=list)
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    low: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    per: Mapped[str | None] = mapped_column(String(8))
    paused: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class GigAlertHit(Base):
    """A gig that waits for a member's next alert, or was named in one: it is not named to them again."""

    __tablename__ = "gig_alert_hit"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    gig_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("gig.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    named_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RateAnswer(Base):
    """What somebody is paid, volunteered without a name; `band` is the coarse band's start in whole units."""

    __tablename__ = "rate_answer"
    __table_args__ = (Index("ix_rate_answer_community_id_skill", "community_id", "skill"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    skill: Mapped[str] = mapped_column(String(48))
    stage: Mapped[str] = mapped_column(String(32))
    region: Mapped[str] = mapped_column(String(16))
    currency: Mapped[str] = mapped_column(String(3))
    per: Mapped[str] = mapped_column(String(8))
    band: Mapped[int]
    month: Mapped[str] = mapped_column(String(7))


class GigOutcome(Base):
    """What one side of an accepted pitch said two weeks after the gig was filled; private."""

    __tablename__ = "gig_outcome"

    interest_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("gig_interest.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[str] = mapped_column(String(8), primary_key=True)
    hired: Mapped[bool | None]
    paid: Mapped[bool | None]
    finished: Mapped[bool | None]
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Interest(Base):
    """A member would like to do a gig; the pitch is for its poster only."""

    __tablename__ = "gig_interest"
    __table_args__ = (UniqueConstraint("gig_id", "member_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    gig_id: Mapped[int] = mapped_column(BigId, ForeignKey("gig.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    pitch: Mapped[str] = mapped_column(Sealed)
    hours: Mapped[str] = mapped_column(String(60), default="")
    start: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(12))
    thread_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GigDecision(Base):
    """A moderator let a gig through or refused it; kept as the record of who decided and when."""

    __tablename__ = "gig_decision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    gig_id: Mapped[int] = mapped_column(BigId, ForeignKey("gig.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(BigId)
    decision: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
