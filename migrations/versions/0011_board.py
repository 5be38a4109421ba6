"""A gig board moderators dare to open: several channels, near-duplicates, leads, alerts, rates, outcomes."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NEW_TABLES = (
    "gig_outcome",
    "rate_answer",
    "gig_alert_hit",
    "gig_alert",
    "saved_gig",
    "gig_lead",
    "gig_copy",
    "gig_guide",
    "gig_board",
    "gig_band",
)
_NEW_IN_GIG = (
    "skills",
    "hours",
    "length",
    "apply",
    "starter",
    "audience",
    "lead_hours",
    "sketch",
    "change",
    "appeal",
    "board_id",
    "waiting_since",
    "edited_at",
    "filled_at",
    "renewals",
)


def _id() -> "sa.Column[int]":
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


def _parent(column: str, table: str, *, key: bool = False) -> "sa.Column[int]":
    to = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(column, BigId, to, nullable=False, primary_key=key, autoincrement=False)


def _lists(*names: str) -> "list[sa.Column[object]]":
    return [sa.Column(name, sa.JSON(), nullable=False, server_default="[]") for name in names]


def upgrade() -> None:
    """Widen gigs, pitches and decisions; create what is new."""
    _widen()
    _boards()
    _members()
    _afterwards()


def _widen() -> None:
    for column in _lists("skills", "sketch"):
        op.add_column("gig", column)
    for name, size in (("hours", 60), ("length", 60), ("apply", 300)):
        op.add_column("gig", sa.Column(name, sa.String(size), nullable=False, server_default=""))
    op.add_column("gig", sa.Column("starter", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("gig", sa.Column("audience", sa.String(8), nullable=False, server_default="board"))
    op.add_column("gig", sa.Column("lead_hours", sa.Integer))
    op.add_column("gig", sa.Column("change", sa.String(300)))
    op.add_column("gig", sa.Column("appeal", sa.LargeBinary))
    op.add_column("gig", sa.Column("board_id", BigId))
    for name in ("waiting_since", "edited_at", "filled_at"):
        op.add_column("gig", sa.Column(name, UTCDateTime))
    op.add_column("gig", sa.Column("renewals", sa.Integer, nullable=False, server_default="0"))
    for name in ("hours", "start"):
        op.add_column("gig_interest", sa.Column(name, sa.String(60), nullable=False, server_default=""))
    op.add_column("gig_interest", sa.Column("thread_id", BigId))
    op.add_column("gig_interest", sa.Column("decided_at", UTCDateTime))
    op.add_column("gig_decision", sa.Column("reason", sa.String(300), nullable=False, server_default=""))


def _boards() -> None:
    op.create_table(
        "gig_band",
        _parent("gig_id", "gig", key=True),
        sa.Column("band", sa.BigInteger, primary_key=True, autoincrement=False),
        _parent("community_id", "community"),
    )
    op.create_index("ix_gig_band_community_id_band", "gig_band", ["community_id", "band"])
    op.create_table(
        "gig_board",
        _id(),
        _parent("community_id", "community"),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        *_lists("kinds", "niches"),
        sa.UniqueConstraint("community_id", "channel_id", name="uq_gig_board_community_id_channel_id"),
    )
    op.create_table(
        "gig_guide",
        sa.Column("channel_id", BigId, primary_key=True, autoincrement=False),
        _parent("community_id", "community"),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
    )
    op.create_index("ix_gig_guide_community_id", "gig_guide", ["community_id"])
    op.create_table(
        "gig_copy",
        _parent("gig_id", "gig", key=True),
        sa.Column("channel_id", BigId, primary_key=True, autoincrement=False),
        sa.Column("message_id", BigId),
    )


def _members() -> None:
    op.create_table(
        "gig_lead",
        _parent("gig_id", "gig", key=True),
        _parent("member_id", "member", key=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
    )
    op.create_index("ix_gig_lead_member_id", "gig_lead", ["member_id"])
    for table in ("saved_gig", "gig_alert_hit"):
        op.create_table(
            table,
            _parent("member_id", "member", key=True),
            _parent("gig_id", "gig", key=True),
            sa.Column("at", UTCDateTime, nullable=False),
        )
        op.create_index(f"ix_{table}_gig_id", table, ["gig_id"])
    op.create_table(
        "gig_alert",
        _parent("member_id", "member", key=True),
        _parent("community_id", "community"),
        *_lists("niches", "skills", "kinds"),
        sa.Column("low", sa.BigInteger),
        sa.Column("currency", sa.String(3)),
        sa.Column("per", sa.String(8)),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
    )
    op.create_index("ix_gig_alert_community_id", "gig_alert", ["community_id"])


def _afterwards() -> None:
    op.create_table(
        "rate_answer",
        _id(),
        _parent("community_id", "community"),
        sa.Column("skill", sa.String(48), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("region", sa.String(16), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("per", sa.String(8), nullable=False),
        sa.Column("band", sa.Integer, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
    )
    op.create_index("ix_rate_answer_community_id_skill", "rate_answer", ["community_id", "skill"])
    op.create_table(
        "gig_outcome",
        _parent("interest_id", "gig_interest", key=True),
        sa.Column("side", sa.String(8), primary_key=True),
        sa.Column("hired", sa.Boolean),
        sa.Column("paid", sa.Boolean),
        sa.Column("finished", sa.Boolean),
        sa.Column("asked_at", UTCDateTime, nullable=False),
        sa.Column("answered_at", UTCDateTime),
    )


def downgrade() -> None:
    """Undo it."""
    for table in _NEW_TABLES:
        op.drop_table(table)
    op.drop_column("gig_decision", "reason")
    for name in ("hours", "start", "thread_id", "decided_at"):
        op.drop_column("gig_interest", name)
    for name in _NEW_IN_GIG:
        op.drop_column("gig", name)
