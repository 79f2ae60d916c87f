"""Accounts of citizens: who they are of, their links, their drafts and their filings"""

from alembic import op
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizens",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("document_kind", sa.String(length=8), nullable=False),
        sa.Column("document_number", sa.String(length=20), nullable=False),
        sa.Column("names", sa.String(length=250), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("ruc", sa.String(length=11), nullable=False),
        sa.Column("business_name", sa.String(length=250), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_citizens_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_citizens")),
    )
    op.create_table(
        "account_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_links_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
    )
    op.create_index(op.f("ix_account_links_expires_at"), "account_links", ["expires_at"], unique=False)
    op.add_column("drafts", sa.Column("account_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_drafts_account_id"), "drafts", "users", ["account_id"], ["id"])
    op.create_index(op.f("ix_drafts_account_id"), "drafts", ["account_id"], unique=False)
    op.add_column("filings", sa.Column("account_id", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_filings_account_id"), "filings", "users", ["account_id"], ["id"])
    op.create_index(
        "ix_filings_account_id_id", "filings", ["account_id", "id"], unique=False,
        postgresql_where=sa.text("account_id is not null"),
    )
    op.execute("insert into roles (name) values ('citizen') on conflict (name) do nothing")


def downgrade() -> None:
    op.drop_index("ix_filings_account_id_id", table_name="filings")
    op.drop_column("filings", "account_id")
    op.drop_index(op.f("ix_drafts_account_id"), table_name="drafts")
    op.drop_column("drafts", "account_id")
    op.drop_table("account_links")
    op.drop_table("citizens")
