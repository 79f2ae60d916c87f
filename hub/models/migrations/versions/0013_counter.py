"""The counter: pages beside folios, custody and its slips, indexes of the counter's search"""

from alembic import op
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WORDS = (
    "to_tsvector('simple'::regconfig, translate(lower((names || ' ' || business_name)::text), "
    "'áéíóúàèìòùäëïöüâêîôûñç', 'aeiouaeiouaeiouaeiounc'))"
)
"""As hub.models.filings.NAME_WORDS."""


def upgrade() -> None:
    op.add_column("filings", sa.Column("pages_detected", sa.Integer(), nullable=True))
    op.create_table(
        "transfer_slips",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("filing_id", sa.BigInteger(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_transfer_slips_filing_id")),
        sa.ForeignKeyConstraint(["from_id"], ["entities.id"], name=op.f("fk_transfer_slips_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["entities.id"], name=op.f("fk_transfer_slips_to_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_transfer_slips_made_by_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["users.id"], name=op.f("fk_transfer_slips_received_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_slips")),
        sa.UniqueConstraint("from_id", "year", "sequence", name=op.f("uq_transfer_slips_from_id")),
    )
    op.create_index(op.f("ix_transfer_slips_filing_id"), "transfer_slips", ["filing_id"], unique=False)
    op.create_index(
        "ix_transfer_slips_on_their_way", "transfer_slips", ["to_id"], postgresql_where=sa.text("received_at is null")
    )
    op.create_table(
        "custody_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("filing_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("counter_code", sa.String(length=32), nullable=False),
        sa.Column("slip_id", sa.BigInteger(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_custody_items_filing_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["entities.id"], name=op.f("fk_custody_items_holder_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["transfer_slips.id"], name=op.f("fk_custody_items_slip_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["users.id"], name=op.f("fk_custody_items_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_items")),
    )
    op.create_index(op.f("ix_custody_items_filing_id"), "custody_items", ["filing_id"], unique=False)
    op.create_index(op.f("ix_custody_items_slip_id"), "custody_items", ["slip_id"], unique=False)
    op.create_index(
        "ix_custody_items_held", "custody_items", ["holder_id"], postgresql_where=sa.text("state = 'held'")
    )
    for table in ("custody_items", "transfer_slips"):
        op.execute(f"create trigger {table}_kept before delete on {table} for each row execute function refuse_change()")
        op.execute(
            f"create trigger {table}_not_emptied before truncate on {table} "
            "for each statement execute function refuse_change()"
        )
    op.execute("create index ix_filers_ruc on filers (ruc) where ruc <> ''")
    op.execute(f"create index ix_filers_words on filers using gin ({WORDS})")


def downgrade() -> None:
    op.execute("drop index ix_filers_words")
    op.execute("drop index ix_filers_ruc")
    for table in ("custody_items", "transfer_slips"):
        op.execute(f"drop trigger {table}_kept on {table}")
        op.execute(f"drop trigger {table}_not_emptied on {table}")
        op.drop_table(table)
    op.drop_column("filings", "pages_detected")
