"""Indexes by which the long lists stay quick with a hundred thousand filings"""

from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

MARKED, PLAIN = "áéíóúàèìòùäëïöüâêîôûñç", "aeiouaeiouaeiouaeiounc"
WORDS = f"to_tsvector('simple'::regconfig, translate(lower(subject::text), '{MARKED}', '{PLAIN}'))"
INDEXES = {
    "ix_deliveries_status_destination_id_id": "deliveries (status, destination_id, id)",
    "ix_deliveries_destination_id_id": "deliveries (destination_id, id)",
    "ix_deliveries_rerouted": "deliveries (destination_id, filing_id) where purpose = 'rerouted'",
    "ix_deliveries_registry_number": "deliveries (destination_registry_number varchar_pattern_ops) "
    "where destination_registry_number <> ''",
    "ix_deliveries_expediente_number": "deliveries (expediente_number varchar_pattern_ops) "
    "where expediente_number <> ''",
    "ix_filings_held": "filings (presented_at) where status = 'held'",
    "ix_filings_number": "filings (filing_number varchar_pattern_ops)",
    "ix_filings_words": f"filings using gin ({WORDS})",
}


def upgrade() -> None:
    for name, what in INDEXES.items():
        op.execute(f"create index {name} on {what}")
    op.drop_index("ix_deliveries_status_destination_id", "deliveries")  # the longer one begins as it did


def downgrade() -> None:
    op.create_index("ix_deliveries_status_destination_id", "deliveries", ["status", "destination_id"])
    for name in INDEXES:
        op.drop_index(name)
