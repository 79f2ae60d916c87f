"""Comparisons with institutions, what differs, signed balances; when an institution did not answer"""

from datetime import datetime
from typing import Any

from alembic import op
import sqlalchemy as sa

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_TABLES = ("institution_outages", "balances", "difference_acts", "differences", "comparisons")


def _instant(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), server_default="", nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _create(table: str, *columns: Any, entity: bool = True, **points: tuple[str, bool]) -> None:
    """A table with a number of its own. `points`: column -> (table it points at, may it be empty)."""
    points = {"entity_id": ("entities", False), **points} if entity else dict(points)
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(
            sa.Column(name, sa.Integer() if at in ("entities", "users") else sa.BigInteger(), nullable=empty)
            for name, (at, empty) in points.items()
        ),
        *columns,
        *(
            sa.ForeignKeyConstraint([name], [f"{at}.id"], name=op.f(f"fk_{table}_{name}"))
            for name, (at, _) in points.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.execute("set local lock_timeout = '3s'")  # who waits for a table makes everybody wait behind
    _create(
        "comparisons", sa.Column("day", sa.Date(), nullable=True), _instant("asked_at"), _text("asked_by", 200),
        _text("claimed_by", 80), *(_instant(name, True) for name in ("lease_until", "started_at", "finished_at")),
        _text("code", 60), _instant("since", True), _instant("until", True),
        sa.Column("listed", sa.Integer(), nullable=True),
        *map(_number, ("tries", "equal", "differing", "cannot_tell", "left_out")),
    )
    op.create_index("uq_comparisons_entity_id_day", "comparisons", ["entity_id", "day"], unique=True,
                    postgresql_where=sa.text("day is not null"))
    op.create_index("ix_comparisons_open", "comparisons", ["id"], postgresql_where=sa.text("finished_at is null"))
    op.create_index("ix_comparisons_entity_id_id", "comparisons", ["entity_id", "id"])
    _make_differences()
    _create(
        "balances", sa.Column("day", sa.Date(), nullable=False), _instant("made_at"), _text("lines"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False), _text("jws"),
    )
    op.create_unique_constraint(op.f("uq_balances_entity_id_day"), "balances", ["entity_id", "day"])
    _create("institution_outages", _instant("since"), _instant("until", True), _text("code", 60))
    op.create_index("uq_institution_outages_open", "institution_outages", ["entity_id"], unique=True,
                    postgresql_where=sa.text("until is null"))
    op.create_index("ix_institution_outages_since", "institution_outages", ["since"])
    op.add_column("institution_states", _instant("failing_since", True))
    for table in ("balances", "difference_acts"):
        for name, event, each in (("kept", "update or delete", "row"), ("not_emptied", "truncate", "statement")):
            op.execute(
                f"create trigger {table}_{name} before {event} on {table} "
                f"for each {each} execute function refuse_change()"
            )


def _make_differences() -> None:
    json = sa.dialects.postgresql.JSONB()
    _create(
        "differences", _text("cuo", 10), _text("kind", 12), _text("ours", 24), _text("theirs", 24),
        sa.Column("details", json, server_default="{}", nullable=False),
        sa.Column("raw_digests", json, server_default="[]", nullable=False),
        _instant("found_at"), _instant("seen_at"), _instant("explained_at", True), _instant("closed_at", True),
        delivery_id=("deliveries", True),
    )
    op.create_index("uq_differences_open", "differences", ["entity_id", "cuo"], unique=True,
                    postgresql_where=sa.text("closed_at is null"))
    for name in ("found_at", "closed_at", "delivery_id"):
        op.create_index(op.f(f"ix_differences_{name}"), "differences", [name])
    _create(
        "difference_acts", _instant("at"), _text("what", 12), _text("text"), entity=False,
        difference_id=("differences", False), by_user_id=("users", False),
    )
    for name in ("difference_id", "at"):
        op.create_index(op.f(f"ix_difference_acts_{name}"), "difference_acts", [name])


def downgrade() -> None:
    op.drop_column("institution_states", "failing_since")
    for table in _TABLES:
        op.drop_table(table)
