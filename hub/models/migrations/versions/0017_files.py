"""Files that an antivirus has yet to look through; indexes by which long lists stay quick"""

from alembic import op
import sqlalchemy as sa

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


def _make_scans() -> None:
    op.create_table(
        "file_scans",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("object_key", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_scans")),
    )
    op.create_index("ix_file_scans_open", "file_scans", ["next_try_at"], postgresql_where=sa.text("scanned_at is null"))
    op.create_index("ix_file_scans_found", "file_scans", ["scanned_at"], postgresql_where=sa.text("found <> ''"))


def upgrade() -> None:
    _make_scans()
    for name, what in INDEXES.items():
        op.execute(f"create index {name} on {what}")
    op.drop_index("ix_deliveries_status_destination_id", "deliveries")  # the longer one begins as it did


def downgrade() -> None:
    op.create_index("ix_deliveries_status_destination_id", "deliveries", ["status", "destination_id"])
    for name in INDEXES:
        op.drop_index(name)
    op.drop_table("file_scans")
