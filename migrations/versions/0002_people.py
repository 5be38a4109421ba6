"""Communities, people, members, their skills, niches and consents."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ACTIVE = sa.text("withdrawn_at IS NULL")


def _to(table: str, parent: str) -> sa.ForeignKey:
    """Name the constraint as the models do: migrations see no naming convention."""
    name = op.f(f"fk_{table}_{parent}_id_{parent}")
    return sa.ForeignKey(f"{parent}.id", ondelete="CASCADE", name=name)


def upgrade() -> None:
    """Create the tables of `bot/people`."""
    op.create_table(
        "community",
        sa.Column("id", BigId, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("lobby_channel_id", BigId),
        sa.Column("gig_channel_id", BigId),
        sa.Column("gig_channel_kind", sa.String(8), nullable=False),
        sa.Column("mod_channel_id", BigId),
        sa.Column("round_weekday", sa.Integer(), nullable=False),
        sa.Column("round_hour", sa.Integer(), nullable=False),
        sa.Column("round_weeks", sa.Integer(), nullable=False),
        sa.Column("started", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime, nullable=False),
    )
    op.create_table(
        "person",
        sa.Column("id", BigId, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("zone", sa.String(64)),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("dm_channel_id", BigId),
        sa.Column("dm_state", sa.String(16), nullable=False),
        sa.Column("stopped_at", UTCDateTime),
    )
    op.create_table(
        "member",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("community_id", BigId, _to("member", "community"), nullable=False),
        sa.Column("person_id", BigId, _to("member", "person"), nullable=False),
        sa.Column("headline", sa.String(200), nullable=False),
        sa.Column("discipline", sa.String(32)),
        sa.Column("stage", sa.String(32)),
        sa.Column("work_mode", sa.String(32)),
        sa.Column("direction", sa.String(32)),
        sa.Column("comfort", sa.String(16), nullable=False),
        sa.Column("joined_at", UTCDateTime, nullable=False),
        sa.UniqueConstraint("community_id", "person_id", name=op.f("uq_member_community_id_person_id")),
    )
    op.create_index(op.f("ix_member_person_id"), "member", ["person_id"])
    _create_what_members_hold()


def _create_what_members_hold() -> None:
    op.create_table(
        "member_skill",
        sa.Column("member_id", BigId, _to("member_skill", "member"), primary_key=True),
        sa.Column("side", sa.String(8), primary_key=True),
        sa.Column("skill", sa.String(48), primary_key=True),
    )
    op.create_table(
        "member_niche",
        sa.Column("member_id", BigId, _to("member_niche", "member"), primary_key=True),
        sa.Column("niche", sa.String(48), primary_key=True),
    )
    op.create_index(op.f("ix_member_niche_niche"), "member_niche", ["niche"])
    op.create_table(
        "consent",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("member_id", BigId, _to("consent", "member"), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("text_version", sa.String(16), nullable=False),
        sa.Column("granted_at", UTCDateTime, nullable=False),
        sa.Column("withdrawn_at", UTCDateTime),
    )
    op.create_index(op.f("ix_consent_member_id"), "consent", ["member_id"])
    op.create_index(
        "uq_consent_open",
        "consent",
        ["member_id", "purpose"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )


def downgrade() -> None:
    """Drop them again, children first."""
    for table in ("consent", "member_niche", "member_skill", "member", "person", "community"):
        op.drop_table(table)
