"""What a person took off the list of what needs somebody, by a note that says why"""

from alembic import op
import sqlalchemy as sa

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attended_needs",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["leg_notes.id"], name=op.f("fk_attended_needs_note_id")),
        sa.PrimaryKeyConstraint("kind", "about", name=op.f("pk_attended_needs")),
    )


def downgrade() -> None:
    op.drop_table("attended_needs")
