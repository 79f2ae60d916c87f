"""The ledger: the hashes of a tree's blocks, so that a proof reads one block of leaves and not the whole batch"""

from alembic import op
import sqlalchemy as sa

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ledger_batches", sa.Column("blocks", sa.LargeBinary(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    op.drop_column("ledger_batches", "blocks")
