"""What Kith remembers about communities, people, and a person's place in a community."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, UTCDateTime

_ACTIVE = text("withdrawn_at IS NULL")


class Community(Base):
    """A Discord server that uses Kith, with its settings; the id is the guild's."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str] = mapped_column(String(16), default="en-US")
    lobby_channel_id: Mapped[int | None] = mapped_column(BigId)
    gig_channel_id: Mapped[int | None] = mapped_column(BigId)
    gig_channel_kind: Mapped[str] = mapped_column(String(8), default="forum")
    mod_channel_id: Mapped[int | None] = mapped_column(BigId)
    panel_channel_id: Mapped[int | None] = mapped_column(BigId)
    panel_message_id: Mapped[int | None] = mapped_column(BigId)
    # A role for every niche with at least so many members; None: this community wants no niche roles.
    niche_roles_from: Mapped[int | None]
    round_weekday: Mapped[int] = mapped_column(default=1)
    round_hour: Mapped[int] = mapped_column(default=10)
    round_weeks: Mapped[int] = mapped_column(default=1)
    started: Mapped[bool] = mapped_column(default=False)
    paused: Mapped[bool] = mapped_column(default=False)
    # Which of `introductions` · `gigs` · `checkins` · `digest` this community does not use.
    modules_off: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When Kith was removed from the server; nothing is said there, and after a while all of it is deleted.
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Person(Base):
    """A Discord user, the same one in every community; the id is the user's."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    zone: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16), default="en-US")
    dm_channel_id: Mapped[int | None] = mapped_column(BigId)
    dm_state: Mapped[str] = mapped_column(String(16), default="unknown")
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Member(Base):
    """One person in one community, with the profile they wrote for it."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("community_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"), index=True)
    headline: Mapped[str] = mapped_column(String(200), default="")
    stage: Mapped[str | None] = mapped_column(String(32))
    work_mode: Mapped[str | None] = mapped_column(String(32))
    direction: Mapped[str | None] = mapped_column(String(32))
    comfort: Mapped[str] = mapped_column(String(16), default="text")
    hours_open: Mapped[int | None]
    clients: Mapped[int | None]
    open_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    contact_hours: Mapped[list[str]] = mapped_column(JSON, default=list)
    links: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Only what differs from `visibility.DEFAULTS`.
    visibility: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # The hint about an incomplete profile is given once.
    hinted: Mapped[bool] = mapped_column(default=False)
    barred_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MemberTag(Base):
    """One word of a profile, of one kind: `offer` · `ask` · `enjoy` · `weak` · `discipline` · `language`."""

    __tablename__ = "member_tag"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(48), primary_key=True)


class MemberNiche(Base):
    """A niche a member gathers around: a slug of `seeds/niches.toml` or of the community's own."""

    __tablename__ = "member_niche"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    niche: Mapped[str] = mapped_column(String(48), primary_key=True, index=True)


class CommunityNiche(Base):
    """What a community made of a niche: its own one, another name, merged `into` another, or with a role."""

    __tablename__ = "community_niche"
    __table_args__ = (UniqueConstraint("community_id", "slug"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(48))
    name: Mapped[str] = mapped_column(String(60))
    axis: Mapped[str] = mapped_column(String(12))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    into: Mapped[str | None] = mapped_column(String(48))
    role_id: Mapped[int | None] = mapped_column(BigId)


class Consent(Base):
    """A member said yes to one purpose; at most one yes per purpose is open at a time."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_open",
            "member_id",
            "purpose",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    text_version: Mapped[str] = mapped_column(String(16))
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AuditEntry(Base):
    """Something a moderator decided; `actor_id` is emptied when that person deletes themselves."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), index=True
    )
    actor_id: Mapped[int | None] = mapped_column(BigId, index=True)
    action: Mapped[str] = mapped_column(String(32))
    member_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="SET NULL"), index=True
    )
    detail: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
