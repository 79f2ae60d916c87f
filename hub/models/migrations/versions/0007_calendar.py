"""Calendar: when a day by decree was last brought to the open terms; who ended a day, who closed an outage"""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decree_days", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("decree_days", sa.Column("ended_by", sa.String(length=200), server_default="", nullable=False))
    op.add_column("outages", sa.Column("ended_by", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("outages", "ended_by")
    op.drop_column("decree_days", "ended_by")
    op.drop_column("decree_days", "settled_at")
