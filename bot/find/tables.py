"""The directory that is searched, and the searches members keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, BigId, UTCDateTime


class Facet(Base):
    """One thing by which a listed member can be found; only what they show to the whole community.

    Rows follow the profile in the transaction that changes it, so that a search touches no profile it may not
    show. The key's order is the search's: all members with one value, sorted.

    A facet that begins with `?` is nothing the member shows: they keep a search that waits for it
    (`rules.watched`), so that a changed profile meets only those searches that it may fit.
    """

    __tablename__ = "facet"
    __table_args__ = (Index("ix_facet_member_id", "member_id"),)

    community_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("community.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    facet: Mapped[str] = mapped_column(String(12), primary_key=True)
    value: Mapped[str] = mapped_column(String(48), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class Search(Base):
    """What a member looked for; `alert`: they want to be told when someone comes."""

    __tablename__ = "search"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("member.id", ondelete="CASCADE"), index=True)
    filters: Mapped[dict[str, str]] = mapped_column(JSON)
    alert: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SearchHit(Base):
    """Someone who came and fits a kept search; each is told about once."""

    __tablename__ = "search_hit"

    search_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("search.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    member_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    told: Mapped[bool] = mapped_column(default=False)
