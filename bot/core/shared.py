"""What several processes on one database share: how fast they may talk, and which of them are alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Double, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, UTCDateTime


class Pace(Base):
    """A token bucket that all processes draw from: what was in it, and when."""

    __tablename__ = "pace"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Process(Base):
    """One running Kith, its shards, and when it was last heard of."""

    __tablename__ = "process"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    shards: Mapped[list[int]] = mapped_column(JSON)
    shard_count: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
