"""Legs that a restored hub found waiting or stopped: they may have been handed out in the hours that are gone"""

from alembic import op
import sqlalchemy as sa

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '3s'")  # who waits for a table makes everybody wait behind
    op.add_column("deliveries", sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("deliveries", "restored_at")
