"""The whole life of an introduction: settings, slots, rooms, notes, requests, and the circle."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NEW = {
    "enrolment": ("silent", "skips", "paused_until", "extra", "seats"),
    "round": ("plan",),
    "introduction": ("origin", "slot_at", "slot_turn", "room_id", "ended_at"),
    "seat": ("moved_at", "asked", "step_up", "note", "follow_at", "followed_at"),
}


def _id() -> "sa.Column[int]":
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


def _parent(
    column: str, table: str, *, on_delete: str = "CASCADE", nullable: bool = False, key: bool = False
) -> "sa.Column[int]":
    to = sa.ForeignKey(f"{table}.id", ondelete=on_delete)
    return sa.Column(column, BigId, to, nullable=nullable, primary_key=key, autoincrement=False)


def _flag(column: str) -> "sa.Column[bool]":
    return sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false())


def _number(column: str) -> "sa.Column[int]":
    return sa.Column(column, sa.Integer(), nullable=False, server_default="0")


def upgrade() -> None:
    """Widen the tables of `bot/intros`, and create those of `bot/circle`."""
    for column in (_number("silent"), sa.Column("skips", sa.Integer()), _flag("extra"), _number("seats")):
        op.add_column("enrolment", column)
    op.add_column("enrolment", sa.Column("paused_until", UTCDateTime))
    op.add_column("round", sa.Column("plan", sa.JSON(), nullable=False, server_default="{}"))
    _widen_introductions()
    op.create_table(
        "round_settings",
        _parent("community_id", "community", key=True),
        sa.Column("approve", sa.Boolean(), nullable=False),
        sa.Column("new_first", sa.Boolean(), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
    )
    op.create_table(
        "intro_request",
        _id(),
        _parent("community_id", "community"),
        _parent("from_id", "member"),
        _parent("to_id", "member"),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("decided_at", UTCDateTime),
    )
    for column in ("from_id", "to_id"):
        op.create_index(f"ix_intro_request_{column}", "intro_request", [column])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "uq_intro_request_waiting",
        "intro_request",
        ["from_id", "to_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    _create_the_circle()


def _widen_introductions() -> None:
    origin = sa.Column("origin", sa.String(8), nullable=False, server_default="round")
    for column in (origin, _number("slot_turn"), sa.Column("room_id", BigId)):
        op.add_column("introduction", column)
    for name in ("slot_at", "ended_at"):
        op.add_column("introduction", sa.Column(name, UTCDateTime))
    # An introduction that was asked for, or made for a late joiner, belongs to no round.
    with op.batch_alter_table("introduction") as batch:
        batch.alter_column("round_id", existing_type=BigId, nullable=True)
    for name in ("moved_at", "follow_at", "followed_at"):
        op.add_column("seat", sa.Column(name, UTCDateTime))
    for more in (_number("asked"), _flag("step_up")):
        op.add_column("seat", more)
    op.add_column("seat", sa.Column("note", sa.LargeBinary()))


def _create_the_circle() -> None:
    op.create_table(
        "circle",
        _parent("member_id", "member", key=True),
        sa.Column("since", UTCDateTime, nullable=False),
    )
    op.create_table(
        "circle_person",
        _id(),
        _parent("owner_id", "member"),
        _parent("other_id", "member", on_delete="SET NULL", nullable=True),
        sa.Column("next_step", sa.LargeBinary()),
        sa.Column("next_at", UTCDateTime),
        sa.UniqueConstraint("owner_id", "other_id", name="uq_circle_person_owner_id_other_id"),
    )
    for column in ("owner_id", "other_id"):
        op.create_index(f"ix_circle_person_{column}", "circle_person", [column])
    op.create_table(
        "encounter",
        _id(),
        _parent("person_id", "circle_person"),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.UniqueConstraint("person_id", "source", name="uq_encounter_person_id_source"),
    )
    op.create_index("ix_encounter_person_id", "encounter", ["person_id"])


def downgrade() -> None:
    """Back to rounds alone; introductions without a round, and what was written about them, are lost."""
    for table in ("encounter", "circle_person", "circle", "intro_request", "round_settings"):
        op.drop_table(table)
    op.execute("DELETE FROM introduction WHERE round_id IS NULL")
    for table, columns in _NEW.items():
        for column in columns:
            op.drop_column(table, column)
    with op.batch_alter_table("introduction") as batch:
        batch.alter_column("round_id", existing_type=BigId, nullable=False)
