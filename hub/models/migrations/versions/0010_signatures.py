"""Signatures of the PDFs that come in: which documents were read, and who signed them"""

from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signature_readings",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_signature_readings_document_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_signature_readings")),
    )
    op.create_table(
        "document_signatures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("signer", sa.String(length=250), nullable=False),
        sa.Column("organisation", sa.String(length=250), nullable=False),
        sa.Column("ruc", sa.String(length=11), nullable=False),
        sa.Column("authority", sa.String(length=250), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_stamped", sa.Boolean(), nullable=False),
        sa.Column("is_intact", sa.Boolean(), nullable=False),
        sa.Column("covers_all", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_document_signatures_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_signatures")),
    )
    op.create_index(op.f("ix_document_signatures_document_id"), "document_signatures", ["document_id"])


def downgrade() -> None:
    op.drop_table("document_signatures")
    op.drop_table("signature_readings")
