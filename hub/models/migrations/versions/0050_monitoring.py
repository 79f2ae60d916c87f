"""What the hub knows of its own health: heartbeats, probes, and what operators were told"""

from datetime import datetime

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None


def _instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _figures(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(astext_type=sa.Text()), nullable=False)


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        _text("worker", 300),
        _instant("started_at"),
        _instant("beat_at"),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "probes",
        _text("host", 255),
        _text("name", 1000),
        _instant("tried_at"),
        _instant("failing_since", nullable=True),
        _number("failures_in_a_row"),
        _text("code", 60),
        _figures("measured"),
        sa.PrimaryKeyConstraint("host", "name", name=op.f("pk_probes")),
    )
    op.create_table(
        "operator_alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _text("kind", 40),
        _text("subject", 1100),
        _number("level"),
        _instant("opened_at"),
        _instant("closed_at", nullable=True),
        _instant("told_at", nullable=True),
        _number("times_told"),
        _figures("details"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator_alerts")),
    )
    op.create_index(
        "uq_operator_alerts_open", "operator_alerts", ["kind", "subject"], unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index("ix_operator_alerts_closed_at", "operator_alerts", ["closed_at"])


def downgrade() -> None:
    for table in ("operator_alerts", "probes", "heartbeats"):
        op.drop_table(table)
