"""Profiles worth matching on: tags, visibility, a community's own niches, the audit, the message budget."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEW_IN_MEMBER = (
    "hours_open",
    "clients",
    "open_until",
    "contact_hours",
    "links",
    "visibility",
    "hinted",
    "barred_at",
)
_NEW_IN_COMMUNITY = ("panel_channel_id", "panel_message_id", "niche_roles_from", "left_at")


def _to(parent: str, on_delete: str = "CASCADE") -> sa.ForeignKey:
    return sa.ForeignKey(f"{parent}.id", ondelete=on_delete)


def upgrade() -> None:
    """Widen `member` and `community`, turn skills into tags, add what communities decide."""
    for name in ("panel_channel_id", "panel_message_id"):
        op.add_column("community", sa.Column(name, BigId))
    op.add_column("community", sa.Column("niche_roles_from", sa.Integer()))
    op.add_column("community", sa.Column("left_at", UTCDateTime))
    _widen_members()
    _turn_skills_into_tags()
    op.create_table(
        "community_niche",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("community_id", BigId, _to("community"), nullable=False),
        sa.Column("slug", sa.String(48), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("axis", sa.String(12), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("into", sa.String(48)),
        sa.Column("role_id", BigId),
        sa.UniqueConstraint("community_id", "slug", name="uq_community_niche_community_id_slug"),
    )
    op.create_table(
        "audit",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("community_id", BigId, _to("community"), nullable=False),
        sa.Column("actor_id", BigId),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("member_id", BigId, _to("member", "SET NULL")),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
    )
    for column in ("community_id", "actor_id", "member_id"):
        op.create_index(f"ix_audit_{column}", "audit", [column])
    op.add_column("outbox", sa.Column("budgeted", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Who asked was not written down before, so both are taken to have asked.
    for name in ("low_asked", "high_asked"):
        op.add_column("avoided_pair", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))


def _widen_members() -> None:
    for name in ("hours_open", "clients"):
        op.add_column("member", sa.Column(name, sa.Integer()))
    for name in ("open_until", "barred_at"):
        op.add_column("member", sa.Column(name, UTCDateTime))
    op.add_column("member", sa.Column("contact_hours", sa.JSON(), nullable=False, server_default="[]"))
    for name in ("links", "visibility"):
        op.add_column("member", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("member", sa.Column("hinted", sa.Boolean(), nullable=False, server_default=sa.false()))


def _turn_skills_into_tags() -> None:
    op.create_table(
        "member_tag",
        sa.Column("member_id", BigId, _to("member"), primary_key=True),
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("value", sa.String(48), primary_key=True),
    )
    op.execute(
        "INSERT INTO member_tag (member_id, kind, value) SELECT member_id, side, skill FROM member_skill"
    )
    op.execute(
        "INSERT INTO member_tag (member_id, kind, value) "
        "SELECT id, 'discipline', discipline FROM member WHERE discipline IS NOT NULL"
    )
    op.drop_table("member_skill")
    op.drop_column("member", "discipline")


def downgrade() -> None:
    """Back to one discipline and plain skills; what the older version cannot hold is lost."""
    op.add_column("member", sa.Column("discipline", sa.String(32)))
    op.execute(
        "UPDATE member SET discipline = (SELECT min(value) FROM member_tag "
        "WHERE member_tag.member_id = member.id AND member_tag.kind = 'discipline')"
    )
    op.create_table(
        "member_skill",
        sa.Column("member_id", BigId, _to("member"), primary_key=True),
        sa.Column("side", sa.String(8), primary_key=True),
        sa.Column("skill", sa.String(48), primary_key=True),
    )
    op.execute(
        "INSERT INTO member_skill (member_id, side, skill) "
        "SELECT member_id, kind, value FROM member_tag WHERE kind IN ('offer', 'ask')"
    )
    for table in ("audit", "community_niche", "member_tag"):
        op.drop_table(table)
    for table, columns in (
        ("member", _NEW_IN_MEMBER),
        ("community", _NEW_IN_COMMUNITY),
        ("outbox", ("budgeted",)),
        ("avoided_pair", ("low_asked", "high_asked")),
    ):
        for column in columns:
            op.drop_column(table, column)
