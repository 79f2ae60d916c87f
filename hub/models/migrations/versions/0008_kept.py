"""What was registered stays: no row of a filing, its legs, its papers or its proof is deleted"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = (
    "filers", "documents", "deliveries", "observations", "subsanaciones", "papers", "casilla_notices",
    "inbound_messages", "outages", "decree_days", "incidents", "event_heads",
)
FROZEN_BEFORE = (
    "filings", "events", "raw_messages", "declarations", "ledger_batches", "ledger_leaves", "ledger_stamps",
)
"""Their rows were held by earlier migrations; emptying the whole table was not."""


def upgrade() -> None:
    for table in KEPT:
        op.execute(f"create trigger {table}_kept before delete on {table} for each row execute function refuse_change()")
    for table in KEPT + FROZEN_BEFORE:
        op.execute(
            f"create trigger {table}_not_emptied before truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    for table in KEPT:
        op.execute(f"drop trigger {table}_kept on {table}")
    for table in KEPT + FROZEN_BEFORE:
        op.execute(f"drop trigger {table}_not_emptied on {table}")
