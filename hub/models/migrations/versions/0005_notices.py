"""Notification: until when an act is to be notified, how it was by hand; the statement of representation"""

from typing import Any

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEW: tuple[tuple[str, sa.Column[Any]], ...] = (
    ("casilla_notices", sa.Column("notify_by", sa.Date(), nullable=True)),
    ("casilla_notices", sa.Column("is_late", sa.Boolean(), server_default="false", nullable=False)),
    ("casilla_notices", sa.Column("notified_note", sa.String(length=200), server_default="", nullable=False)),
    ("filings", sa.Column("declares_representation", sa.Boolean(), server_default="false", nullable=False)),
)


def upgrade() -> None:
    for table, column in _NEW:
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(_NEW):
        op.drop_column(table, column.name)
