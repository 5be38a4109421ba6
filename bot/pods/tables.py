"""What pods store: who would like one, the pods, their seats, and how a community wants its digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, UTCDateTime


class PodWish(Base):
    """A member would like to be in a pod, and waits for one."""

    __tablename__ = "pod_wish"

    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime] = mapped_column(UTCDateTime)


class Pod(Base):
    """Three to five members for a term: `forming` until enough said yes, `active`, then `ended`."""

    __tablename__ = "pod"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(8))
    thread_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PodSeat(Base):
    """A place in a pod: `asked`, `in` or `out`; `wish`: to `renew`, `change` or `end` after the term."""

    __tablename__ = "pod_seat"
    __table_args__ = (UniqueConstraint("pod_id", "member_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    pod_id: Mapped[int] = mapped_column(BigId, ForeignKey("pod.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    wish: Mapped[str | None] = mapped_column(String(8))
    joined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class DigestSettings(Base):
    """A community that wants a weekly digest of its check-ins, and where; without a row there is none."""

    __tablename__ = "digest_settings"

    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    channel_id: Mapped[int] = mapped_column(BigId)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
