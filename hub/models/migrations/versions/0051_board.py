"""What the dashboard adds up by span of time; notes on legs; windows of maintenance; when a form was opened"""

from datetime import datetime
from typing import Any

from alembic import op
import sqlalchemy as sa

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_TABLES = ("leg_notes", "board_waits", "board_shares", "board_flows", "board_spans")


_PARTS = """
select p.inhrelid::regclass::text from pg_inherits p where p.inhparent = '{table}'::regclass and not exists (
    select from pg_index i join pg_inherits a on a.inhrelid = i.indexrelid
    where i.indrelid = p.inhrelid and a.inhparent = '{name}'::regclass)
"""


def _instant(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _leg() -> list[sa.Column[Any]]:
    return [_text("channel", 8), _number("origin_id"), _text("counter_code", 32), _number("destination_id")]


def _of_span(table: str, *columns: sa.Column[Any], key: tuple[str, ...]) -> None:
    op.create_table(
        table,
        _instant("start"),
        *columns,
        sa.ForeignKeyConstraint(["start"], ["board_spans.start"], name=op.f(f"fk_{table}_start")),
        sa.PrimaryKeyConstraint("start", *key, name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    with op.get_context().autocommit_block():  # everybody goes on writing while what is there is read
        _index("filings", "ix_filings_presented_at", "presented_at")
        _index_by_part("events", "ix_events_at", "at")
    op.execute("set local lock_timeout = '3s'")  # who waits for a table makes everybody wait behind
    op.create_table(
        "board_spans",
        _instant("start"),
        _instant("until"),
        _instant("counted_at"),
        sa.PrimaryKeyConstraint("start", name=op.f("pk_board_spans")),
    )
    leg = ("channel", "origin_id", "counter_code", "destination_id")
    counted = ("filings", "from_outside", "pages", "handed_over", "same_day", "within_day", "registered")
    _of_span("board_flows", *_leg(), *map(_number, counted), _instant("last_cargo_at", nullable=True), key=leg)
    _of_span("board_shares", _text("what", 8), _text("value", 40), *_leg(), _number("filings"),
             key=("what", "value", *leg))
    _of_span("board_waits", _text("what", 16), _number("destination_id"), _number("bucket"), _number("times"),
             key=("what", "destination_id", "bucket"))
    _make_notes()
    op.add_column("filings", _instant("began_at", nullable=True))
    for name in ("maintenance_from", "maintenance_until"):
        op.add_column("institution_states", _instant(name, nullable=True))
    op.add_column("institution_states", sa.Column("maintenance_reason", sa.Text(), server_default="", nullable=False))


def _index(table: str, name: str, column: str) -> None:
    op.execute(f"drop index concurrently if exists {name}")  # what a run that was cut left unfinished
    op.execute(f"create index concurrently {name} on {table} using brin ({column})")


def _index_by_part(table: str, name: str, column: str) -> None:
    """Parts one by one, since a parent's index cannot be made while others write."""
    patience = "set local lock_timeout = '3s';\n"  # of one transaction with what follows
    op.execute(f"{patience}create index if not exists {name} on only {table} using brin ({column})")
    for part in op.get_bind().execute(sa.text(_PARTS.format(table=table, name=name))).scalars().all():
        _index(part, f"{part}_{column}_idx", column)
        op.execute(f"{patience}alter index {name} attach partition {part}_{column}_idx")


def _make_notes() -> None:
    op.create_table(
        "leg_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("filing_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        _number("by_user_id"),
        _instant("at"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name=op.f("fk_leg_notes_filing_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_leg_notes_delivery_id")),
        sa.ForeignKeyConstraint(["by_user_id"], ["users.id"], name=op.f("fk_leg_notes_by_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg_notes")),
    )
    op.create_index(op.f("ix_leg_notes_filing_id"), "leg_notes", ["filing_id"])


def downgrade() -> None:
    op.drop_index("ix_events_at", "events")
    op.drop_index("ix_filings_presented_at", "filings")
    for name in ("maintenance_from", "maintenance_until", "maintenance_reason"):
        op.drop_column("institution_states", name)
    op.drop_column("filings", "began_at")
    for table in _TABLES:
        op.drop_table(table)
