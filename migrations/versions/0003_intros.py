"""Introductions: enrolments, rounds, introductions, seats and pairs kept apart."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _parent(column: str, table: str, *, primary_key: bool = False) -> "sa.Column[int]":
    return sa.Column(
        column,
        BigId,
        sa.ForeignKey(f"{table}.id", ondelete="CASCADE"),
        primary_key=primary_key,
        autoincrement=False,
        nullable=False,
    )


def _id() -> "sa.Column[int]":
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


def upgrade() -> None:
    """Create the tables of `bot/intros`."""
    op.create_table(
        "enrolment",
        _parent("member_id", "member", primary_key=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("joined_at", UTCDateTime, nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
    )
    op.create_table(
        "round",
        _id(),
        _parent("community_id", "community"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime, nullable=False),
        sa.Column("ran_at", UTCDateTime),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.UniqueConstraint("community_id", "number", name="uq_round_community_id_number"),
    )
    _create_introductions()
    op.create_table(
        "avoided_pair",
        _parent("low_id", "member", primary_key=True),
        _parent("high_id", "member", primary_key=True),
    )


def _create_introductions() -> None:
    op.create_table(
        "introduction",
        _id(),
        _parent("community_id", "community"),
        _parent("round_id", "round"),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
    )
    op.create_index(op.f("ix_introduction_community_id"), "introduction", ["community_id"])
    op.create_index(op.f("ix_introduction_round_id"), "introduction", ["round_id"])
    op.create_table(
        "seat",
        _id(),
        _parent("introduction_id", "introduction"),
        _parent("member_id", "member"),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("answered_at", UTCDateTime),
        sa.UniqueConstraint("introduction_id", "member_id", name="uq_seat_introduction_id_member_id"),
    )
    op.create_index(op.f("ix_seat_member_id"), "seat", ["member_id"])


def downgrade() -> None:
    """Drop them again, children first."""
    for table in ("avoided_pair", "seat", "introduction", "round", "enrolment"):
        op.drop_table(table)
