"""What is left of a person who was deleted: a keyed mark, where somebody else depends on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, UTCDateTime


class Forgotten(Base):
    """A wish to be kept apart (`avoid`, with the other) or a `bar`, kept for someone who left no name.

    `mark` is a hash under the operator's key: it tells that this person came back, and nobody anything else.
    """

    __tablename__ = "forgotten"
    __table_args__ = (Index("ix_forgotten_community_id_mark", "community_id", "mark"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    other_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True
    )
    until: Mapped[datetime] = mapped_column(UTCDateTime)
