"""What members reported to the moderators."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, Sealed, UTCDateTime


class Report(Base):
    """One report about a member: `open`, then `settled` with an outcome.

    It stays when the reporter deletes themselves, without them, and goes with the reported person.
    """

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_community_id_state", "community_id", "state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="SET NULL"), index=True
    )
    about_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    # Where it was pressed: `profile` · `intro` · `gig` · `pitch` · `vouch`, and the row it showed.
    place: Mapped[str] = mapped_column(String(12))
    subject: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(String(16))
    words: Mapped[str | None] = mapped_column(Sealed)
    state: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str | None] = mapped_column(String(16))
    decided_by: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
