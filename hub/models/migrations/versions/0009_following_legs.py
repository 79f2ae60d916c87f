"""What a following leg is: the one it corrects at the same institution, and why a person sent it elsewhere"""

from alembic import op
import sqlalchemy as sa

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("corrects_cuo", sa.String(length=10), server_default="", nullable=False))
    op.add_column("deliveries", sa.Column("opened_because", sa.Text(), server_default="", nullable=False))
    op.add_column("deliveries", sa.Column("answers", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_observations_open",
        "observations",
        ["correct_by"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )


def downgrade() -> None:
    op.drop_index("ix_observations_open", table_name="observations", postgresql_where=sa.text("closed_at is null"))
    op.drop_column("deliveries", "answers")
    op.drop_column("deliveries", "opened_because")
    op.drop_column("deliveries", "corrects_cuo")
