"""New words for a live gig know the gig they would change, and alerts remember what they named."""

import sqlalchemy as sa
from alembic import op

from bot.core.store import BigId, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen gigs, and what waits for alerts."""
    with op.batch_alter_table("gig") as batch:
        batch.add_column(sa.Column("replaces", BigId))
        batch.create_foreign_key("fk_gig_replaces_gig", "gig", ["replaces"], ["id"], ondelete="SET NULL")
    op.create_index("ix_gig_replaces", "gig", ["replaces"])
    op.add_column("gig_alert_hit", sa.Column("named_at", UTCDateTime))


def downgrade() -> None:
    """Undo it: nothing waits beside a live gig any more, and what was named is not kept."""
    op.execute("DELETE FROM gig WHERE replaces IS NOT NULL AND state <> 'edit'")
    op.execute("DELETE FROM gig_alert_hit WHERE named_at IS NOT NULL")
    op.drop_column("gig_alert_hit", "named_at")
    op.drop_index("ix_gig_replaces", "gig")
    with op.batch_alter_table("gig") as batch:
        batch.drop_constraint("fk_gig_replaces_gig", type_="foreignkey")
        batch.drop_column("replaces")
