"""Suggested niches, the searchable directory, vouches, reports, and the marks of those who left."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _id() -> "sa.Column[int]":
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


def _parent(
    column: str, table: str, *, on_delete: str = "CASCADE", nullable: bool = False, key: bool = False
) -> "sa.Column[int]":
    to = sa.ForeignKey(f"{table}.id", ondelete=on_delete)
    return sa.Column(column, BigId, to, nullable=nullable, primary_key=key, autoincrement=False)


def _unique_where(table: str, name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def upgrade() -> None:
    """Create the tables of `bot/niches`, `find`, `vouches`, `safety` and `privacy`."""
    op.create_table(
        "niche_suggestion",
        _id(),
        _parent("community_id", "community"),
        _parent("member_id", "member"),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("folded", sa.String(60), nullable=False),
        sa.Column("axis", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("slug", sa.String(48)),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("decided_at", UTCDateTime),
    )
    op.create_index("ix_niche_suggestion_member_id", "niche_suggestion", ["member_id"])
    _unique_where(
        "niche_suggestion", "uq_niche_suggestion_waiting", ["community_id", "folded"], "state = 'waiting'"
    )
    _create_the_directory()
    _create_vouches_and_reports()
    op.create_table(
        "forgotten",
        _id(),
        _parent("community_id", "community"),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        _parent("other_id", "member", nullable=True),
        sa.Column("until", UTCDateTime, nullable=False),
    )
    op.create_index("ix_forgotten_community_id_mark", "forgotten", ["community_id", "mark"])
    op.create_index("ix_forgotten_other_id", "forgotten", ["other_id"])


def _create_the_directory() -> None:
    op.create_table(
        "facet",
        _parent("community_id", "community", key=True),
        sa.Column("facet", sa.String(12), primary_key=True),
        sa.Column("value", sa.String(48), primary_key=True),
        _parent("member_id", "member", key=True),
    )
    op.create_index("ix_facet_member_id", "facet", ["member_id"])
    op.create_table(
        "search",
        _id(),
        _parent("member_id", "member"),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
    )
    op.create_index("ix_search_member_id", "search", ["member_id"])
    op.create_table(
        "search_hit",
        _parent("search_id", "search", key=True),
        _parent("member_id", "member", key=True),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_search_hit_member_id", "search_hit", ["member_id"])


def _create_vouches_and_reports() -> None:
    op.create_table(
        "vouch",
        _id(),
        _parent("community_id", "community"),
        _parent("giver_id", "member"),
        _parent("receiver_id", "member"),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("decided_at", UTCDateTime),
    )
    op.create_index("ix_vouch_receiver_id", "vouch", ["receiver_id"])
    _unique_where("vouch", "uq_vouch_standing", ["giver_id", "receiver_id"], "state IN ('offered', 'shown')")
    op.create_table(
        "report",
        _id(),
        _parent("community_id", "community"),
        _parent("reporter_id", "member", on_delete="SET NULL", nullable=True),
        _parent("about_id", "member"),
        sa.Column("place", sa.String(12), nullable=False),
        sa.Column("subject", BigId),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("decided_by", BigId),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("decided_at", UTCDateTime),
    )
    op.create_index("ix_report_about_id", "report", ["about_id"])
    op.create_index("ix_report_reporter_id", "report", ["reporter_id"])
    op.create_index("ix_report_community_id_state", "report", ["community_id", "state"])


def downgrade() -> None:
    """Drop them again, children first."""
    for table in (
        "forgotten",
        "report",
        "vouch",
        "search_hit",
        "search",
        "facet",
        "niche_suggestion",
    ):
        op.drop_table(table)
