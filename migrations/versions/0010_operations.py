"""Run by busy people: modules a community left out, setbacks it was told of, and what processes share."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the community; create setbacks, shared pace and processes."""
    op.add_column("community", sa.Column("modules_off", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "setback",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("community_id", BigId, sa.ForeignKey("community.id", ondelete="CASCADE"), nullable=False),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("code", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("first_at", UTCDateTime, nullable=False),
        sa.Column("last_at", UTCDateTime, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "community_id", "channel_id", "code", name="uq_setback_community_id_channel_id_code"
        ),
    )
    op.create_table(
        "pace",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("level", sa.Double, nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("shards", sa.JSON(), nullable=False),
        sa.Column("shard_count", sa.Integer, nullable=False),
        sa.Column("started_at", UTCDateTime, nullable=False),
        sa.Column("seen_at", UTCDateTime, nullable=False),
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("process", "pace", "setback"):
        op.drop_table(table)
    op.drop_column("community", "modules_off")
