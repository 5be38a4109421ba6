"""The gig board."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, Sealed, UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _gig()
    op.create_table(
        "gig_interest",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("gig_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("pitch", Sealed, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["gig_id"], ["gig.id"], name=op.f("fk_gig_interest_gig_id_gig"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_gig_interest_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gig_interest")),
        sa.UniqueConstraint("gig_id", "member_id", name=op.f("uq_gig_interest_gig_id_member_id")),
    )
    op.create_index(op.f("ix_gig_interest_member_id"), "gig_interest", ["member_id"])
    op.create_table(
        "gig_decision",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("gig_id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["gig_id"], ["gig.id"], name=op.f("fk_gig_decision_gig_id_gig"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gig_decision")),
    )
    op.create_index(op.f("ix_gig_decision_gig_id"), "gig_decision", ["gig_id"])


def _gig() -> None:
    op.create_table(
        "gig",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("community_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("budget", sa.String(200), nullable=False),
        sa.Column("low", sa.BigInteger, nullable=False),
        sa.Column("high", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("per", sa.String(8), nullable=False),
        sa.Column("terms", sa.String(200), nullable=False),
        sa.Column("niches", sa.JSON, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("channel_id", BigId),
        sa.Column("message_id", BigId),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("expires_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_gig_community_id_community"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_gig_member_id_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gig")),
    )
    op.create_index(op.f("ix_gig_member_id"), "gig", ["member_id"])
    op.create_index(op.f("ix_gig_community_id_state"), "gig", ["community_id", "state"])
    op.create_index(op.f("ix_gig_community_id_fingerprint"), "gig", ["community_id", "fingerprint"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("gig_decision")
    op.drop_table("gig_interest")
    op.drop_table("gig")
