"""Agenda, outbox, drafts and what Kith remembers about itself."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, Sealed, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _queue_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", BigId, nullable=False),
        sa.Column("community_id", BigId),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("due_at", UTCDateTime, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("lease_until", UTCDateTime),
        sa.Column("owner", sa.String(40)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(200)),
    ]


def _due_index(table: str) -> None:
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        f"ix_{table}_due", table, ["due_at", "id"], sqlite_where=waiting, postgresql_where=waiting
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "agenda",
        *_queue_columns(),
        sa.Column("not_after", UTCDateTime),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda")),
        sa.UniqueConstraint("key", name=op.f("uq_agenda_key")),
    )
    _due_index("agenda")
    op.create_table(
        "outbox",
        *_queue_columns(),
        sa.Column("recipient", BigId, nullable=False),
        sa.Column("target", sa.String(10), nullable=False),
        sa.Column("expires_at", UTCDateTime),
        sa.Column("tried_at", UTCDateTime),
        sa.Column("nonce", sa.String(25), nullable=False),
        sa.Column("channel_id", BigId),
        sa.Column("message_id", BigId),
        sa.Column("answers_click", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    _due_index("outbox")
    op.create_index(op.f("ix_outbox_recipient"), "outbox", ["recipient"])
    op.create_table(
        "draft",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("state", sa.String(100), nullable=False),
        sa.Column("filled", Sealed, nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_person_id"), "draft", ["person_id"])
    op.create_table(
        "remembered",
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_remembered")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("remembered", "draft", "outbox", "agenda"):
        op.drop_table(table)
