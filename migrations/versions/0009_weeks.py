"""Check-ins people keep: away dates, words about what is stuck, dated commitments, help, pods, the digest."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NEW_IN_CHECKIN = ("stuck_words", "reason", "reminded_at", "shared")


def _id() -> "sa.Column[int]":
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


def _parent(column: str, table: str, *, key: bool = False) -> "sa.Column[int]":
    to = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(column, BigId, to, nullable=False, primary_key=key, autoincrement=False)


def upgrade() -> None:
    """Widen check-ins and commitments; create away dates, help requests and the tables of `bot/pods`."""
    for name in ("stuck_words", "reason"):
        op.add_column("checkin", sa.Column(name, sa.LargeBinary()))
    op.add_column("checkin", sa.Column("reminded_at", UTCDateTime))
    op.add_column("checkin", sa.Column("shared", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("commitment", sa.Column("due_at", UTCDateTime))
    with op.batch_alter_table("commitment") as batch:
        batch.add_column(sa.Column("carried_from", BigId))
        batch.create_foreign_key(
            "fk_commitment_carried_from_commitment",
            "commitment",
            ["carried_from"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index("ix_commitment_carried_from", "commitment", ["carried_from"])
    op.create_table(
        "away",
        _id(),
        _parent("member_id", "member"),
        sa.Column("from_day", sa.String(10), nullable=False),
        sa.Column("until_day", sa.String(10)),
    )
    op.create_index("ix_away_member_id", "away", ["member_id"])
    op.create_table(
        "help_request",
        _id(),
        _parent("checkin_id", "checkin"),
        _parent("from_id", "member"),
        _parent("to_id", "member"),
        sa.Column("topic", sa.String(16), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("decided_at", UTCDateTime),
        sa.UniqueConstraint("checkin_id", "to_id", name="uq_help_request_checkin_id_to_id"),
    )
    for column in ("from_id", "to_id"):
        op.create_index(f"ix_help_request_{column}", "help_request", [column])
    _create_pods()


def _create_pods() -> None:
    op.create_table(
        "pod_wish", _parent("member_id", "member", key=True), sa.Column("since", UTCDateTime, nullable=False)
    )
    op.create_table(
        "pod",
        _id(),
        _parent("community_id", "community"),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("thread_id", BigId),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("ends_at", UTCDateTime),
    )
    op.create_index("ix_pod_community_id", "pod", ["community_id"])
    op.create_table(
        "pod_seat",
        _id(),
        _parent("pod_id", "pod"),
        _parent("member_id", "member"),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("wish", sa.String(8)),
        sa.Column("joined_at", UTCDateTime),
        sa.UniqueConstraint("pod_id", "member_id", name="uq_pod_seat_pod_id_member_id"),
    )
    op.create_index("ix_pod_seat_member_id", "pod_seat", ["member_id"])
    op.create_table(
        "digest_settings",
        _parent("community_id", "community", key=True),
        sa.Column("channel_id", BigId, nullable=False),
        sa.Column("since", UTCDateTime, nullable=False),
    )


def downgrade() -> None:
    """Back to plain weeks; what the older version cannot hold is lost."""
    for table in ("digest_settings", "pod_seat", "pod", "pod_wish", "help_request", "away"):
        op.drop_table(table)
    op.drop_index("ix_commitment_carried_from", "commitment")
    with op.batch_alter_table("commitment") as batch:
        batch.drop_constraint("fk_commitment_carried_from_commitment", type_="foreignkey")
        batch.drop_column("carried_from")
    op.drop_column("commitment", "due_at")
    for column in _NEW_IN_CHECKIN:
        op.drop_column("checkin", column)
