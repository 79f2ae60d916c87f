"""A Sobre may correct the filing of an earlier one: several of them belong to one filing"""

from alembic import op

revision = "0057"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '3s'")  # who waits for a table makes everybody wait behind
    op.create_index(op.f("ix_received_sobres_filing_id"), "received_sobres", ["filing_id"])
    op.drop_constraint("uq_received_sobres_filing_id", "received_sobres")


def downgrade() -> None:
    op.create_unique_constraint("uq_received_sobres_filing_id", "received_sobres", ["filing_id"])
    op.drop_index(op.f("ix_received_sobres_filing_id"))
