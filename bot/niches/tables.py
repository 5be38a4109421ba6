"""What members suggested; the niches themselves belong to `bot/people`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, UTCDateTime

_WAITING = text("state = 'waiting'")


class NicheSuggestion(Base):
    """A niche a member asked for: `waiting`, then `accepted`, `merged` into an existing one, or `refused`.

    Who asks for what waits already is `seconded`; one decision answers them all.
    """

    __tablename__ = "niche_suggestion"
    __table_args__ = (
        Index(
            "uq_niche_suggestion_waiting",
            "community_id",
            "folded",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("community.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    # The name as search folds it: two people who ask for the same niche ask once.
    folded: Mapped[str] = mapped_column(String(60))
    axis: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12))
    slug: Mapped[str | None] = mapped_column(String(48))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
