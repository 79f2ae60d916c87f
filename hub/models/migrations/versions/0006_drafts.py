"""Drafts of the online form, their files, uploads in parts, codes by mail; a letter need not be about a filing"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_token", sa.Uuid(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proved_email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filing_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_drafts_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("form_token", name=op.f("uq_drafts_form_token")),
    )
    op.create_index(op.f("ix_drafts_expires_at"), "drafts", ["expires_at"], unique=False)
    op.create_index(op.f("ix_drafts_filing_id"), "drafts", ["filing_id"], unique=False)
    op.create_table(
        "draft_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=127), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("object_key", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_files_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_files")),
        sa.UniqueConstraint("number", name=op.f("uq_draft_files_number")),
        sa.UniqueConstraint("object_key", name=op.f("uq_draft_files_object_key")),
    )
    op.create_index(op.f("ix_draft_files_draft_id"), "draft_files", ["draft_id"], unique=False)
    _make_uploads()
    op.create_table(
        "email_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_codes")),
    )
    op.create_index(op.f("ix_email_codes_expires_at"), "email_codes", ["expires_at"], unique=False)
    op.alter_column("outbound_messages", "filing_id", existing_type=sa.BigInteger(), nullable=True)


def _make_uploads() -> None:
    op.create_table(
        "file_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_file_uploads_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_uploads")),
    )
    op.create_index(op.f("ix_file_uploads_draft_id"), "file_uploads", ["draft_id"], unique=False)
    op.create_index(op.f("ix_file_uploads_expires_at"), "file_uploads", ["expires_at"], unique=False)
    op.create_table(
        "file_parts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["file_uploads.id"], name=op.f("fk_file_parts_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_parts")),
        sa.UniqueConstraint("object_key", name=op.f("uq_file_parts_object_key")),
        sa.UniqueConstraint("upload_id", "offset", name=op.f("uq_file_parts_upload_id")),
    )


def downgrade() -> None:
    op.execute("delete from outbound_messages where filing_id is null")
    op.alter_column("outbound_messages", "filing_id", existing_type=sa.BigInteger(), nullable=False)
    for table in ("email_codes", "file_parts", "file_uploads", "draft_files", "drafts"):
        op.drop_table(table)
