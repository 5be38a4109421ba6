"""What is stored about a community besides its settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, UTCDateTime


class Setback(Base):
    """Something Kith may not do in a channel any more (Discord's `code`); gone once it works again."""

    __tablename__ = "setback"
    __table_args__ = (UniqueConstraint("community_id", "channel_id", "code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    channel_id: Mapped[int] = mapped_column(BigId)
    code: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    times: Mapped[int] = mapped_column(default=1)
