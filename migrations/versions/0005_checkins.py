"""Weekly check-ins: plans, weeks and commitments."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, Sealed, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of `bot/checkins`."""
    op.create_table(
        "checkin_plan",
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("next_week", sa.String(10), nullable=True),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_checkin_plan_member_id_member", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name="pk_checkin_plan"),
    )
    op.create_table(
        "checkin",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("prompted_at", UTCDateTime(), nullable=False),
        sa.Column("closes_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("stuck", Sealed(), nullable=True),
        sa.Column("win", Sealed(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_checkin_member_id_member", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_checkin"),
        sa.UniqueConstraint("member_id", "week", name="uq_checkin_member_id_week"),
    )
    op.create_table(
        "commitment",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("checkin_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=True),
        sa.Column("text", Sealed(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["checkin.id"], name="fk_commitment_checkin_id_checkin", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_commitment"),
        sa.UniqueConstraint("checkin_id", "position", name="uq_commitment_checkin_id_position"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("commitment")
    op.drop_table("checkin")
    op.drop_table("checkin_plan")
