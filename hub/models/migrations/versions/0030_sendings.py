"""What institutions send in by a contract"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sendings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("filing_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("subsanacion_id", sa.BigInteger(), nullable=True),
        sa.Column("told_id", sa.Integer(), nullable=False),
        sa.Column("contract", sa.String(length=12), nullable=False),
        sa.Column("sender_ruc", sa.String(length=11), nullable=False),
        sa.Column("sender_name", sa.String(length=250), nullable=False),
        sa.Column("sender_unit", sa.String(length=250), nullable=False),
        sa.Column("cuo", sa.String(length=10), nullable=False),
        sa.Column("cuo_ref", sa.String(length=10), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("document_date", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("annex_names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("annex_url", sa.String(length=200), nullable=False),
        sa.Column("annexes", sa.String(length=8), nullable=False),
        sa.Column("annex_code", sa.String(length=60), nullable=False),
        sa.Column("annex_tries", sa.Integer(), nullable=False),
        sa.Column("annex_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annex_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_sendings_filing_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_sendings_delivery_id")),
        sa.ForeignKeyConstraint(["subsanacion_id"], ["subsanaciones.id"], name=op.f("fk_sendings_subsanacion_id")),
        sa.ForeignKeyConstraint(["told_id"], ["entities.id"], name=op.f("fk_sendings_told_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sendings")),
        sa.UniqueConstraint("sender_ruc", "cuo", name=op.f("uq_sendings_sender_ruc_cuo")),
    )
    for column in ("filing_id", "delivery_id", "cuo"):
        op.create_index(op.f(f"ix_sendings_{column}"), "sendings", [column], unique=False)
    op.create_index(
        "ix_sendings_annexes_due", "sendings", ["annex_next_at"], postgresql_where=sa.text("annexes = 'waiting'")
    )
    op.execute("create trigger sendings_kept before delete on sendings for each row execute function refuse_change()")
    op.execute(
        "create trigger sendings_not_emptied before truncate on sendings "
        "for each statement execute function refuse_change()"
    )
    op.create_index("ix_deliveries_national_cuo", "deliveries", ["national_cuo"],
                    postgresql_where=sa.text("national_cuo <> ''"))  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_deliveries_national_cuo", "deliveries")
    op.execute("drop trigger sendings_not_emptied on sendings")
    op.execute("drop trigger sendings_kept on sendings")
    op.drop_table("sendings")
