"""The district of an address, who proved a mobile, and accounts that a provider of identities knows"""

from alembic import op
import sqlalchemy as sa

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("filers", "citizens"):
        op.add_column(table, sa.Column("ubigeo", sa.String(length=6), server_default="", nullable=False))
    op.add_column("drafts", sa.Column("proved_phone", sa.String(length=20), server_default="", nullable=False))
    op.create_table(
        "sign_in_identities",
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sign_in_identities_user_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_sign_in_identities")),
    )
    op.create_index(op.f("ix_sign_in_identities_user_id"), "sign_in_identities", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("sign_in_identities")
    op.drop_column("drafts", "proved_phone")
    for table in ("citizens", "filers"):
        op.drop_column(table, "ubigeo")
