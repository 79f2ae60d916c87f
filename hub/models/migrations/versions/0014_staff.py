"""Units, assignments, archives and own documents of bodies; second factors, invitations, the trail; who asks to join"""

from datetime import datetime

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entries", "assignments")
KEPT = ("units", "own_documents", "access_requests")
_JSON = postgresql.JSONB(astext_type=sa.Text())


def _instant(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    homes = {"user": "users", "unit": "units", "delivery": "deliveries", "filing": "filings", "entity": "entities",
             "by_user": "users", "actor": "users", "about_user": "users", "decided_by": "users",
             "because_of": "deliveries"}
    return [
        sa.ForeignKeyConstraint([f"{one}_id"], [f"{homes[one]}.id"], name=op.f(f"fk_{table}_{one}_id"))
        for one in columns
    ]


def upgrade() -> None:
    _make_units()
    _make_inbox()
    _make_ways_in()
    _make_trail()
    _make_requests()
    for table in (*APPEND_ONLY, *KEPT):
        event = "update or delete" if table in APPEND_ONLY else "delete"
        op.execute(
            f"create trigger {table}_kept before {event} on {table} for each row execute function refuse_change()"
        )
        op.execute(
            f"create trigger {table}_not_emptied before truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def _make_units() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        _instant("closed_at", nullable=True),
        *_to("units", "entity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("entity_id", "name", name=op.f("uq_units_entity_id_name")),
    )
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        *_to("memberships", "user", "unit"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_unit_id"), "memberships", ["unit_id"])


def _make_inbox() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=250), nullable=False),
        _instant("at"),
        *_to("assignments", "delivery", "unit", "by_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_delivery_id_id", "assignments", ["delivery_id", "id"])
    op.create_index(op.f("ix_assignments_unit_id"), "assignments", ["unit_id"])
    op.create_table(
        "archived",
        sa.Column("delivery_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=False),
        _instant("at", nullable=True),
        *_to("archived", "delivery", "by_user"),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_archived")),
    )
    op.create_table(
        "own_documents",
        sa.Column("filing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("because_of_id", sa.BigInteger(), nullable=True),
        *_to("own_documents", "filing", "entity", "user", "because_of"),
        sa.PrimaryKeyConstraint("filing_id", name=op.f("pk_own_documents")),
    )
    op.create_index("ix_own_documents_entity_id_filing_id", "own_documents", ["entity_id", "filing_id"])
    op.create_index(op.f("ix_own_documents_because_of_id"), "own_documents", ["because_of_id"])


def _make_ways_in() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        _instant("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("recovery", _JSON, nullable=False),
        *_to("second_factors", "user"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        *_to("invitations", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_user_id"), "invitations", ["user_id"])


def _make_trail() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _instant("at"),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("entity_code", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about_user_id", sa.Integer(), nullable=True),
        sa.Column("data", _JSON, nullable=False),
        *_to("audit_entries", "actor", "about_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_entity_code_id", "audit_entries", ["entity_code", "id"])
    op.create_index(op.f("ix_audit_entries_actor_id"), "audit_entries", ["actor_id"])
    op.create_index(op.f("ix_audit_entries_about_user_id"), "audit_entries", ["about_user_id"])


def _make_requests() -> None:
    op.create_table(
        "access_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        _instant("asked_at"),
        sa.Column("ruc", sa.String(length=11), nullable=False),
        sa.Column("acronym", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("ubigeo", sa.String(length=6), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=150), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        _instant("decided_at", nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("entity_code", sa.String(length=32), nullable=False),
        *_to("access_requests", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
    )
    op.create_index(op.f("ix_access_requests_ruc"), "access_requests", ["ruc"])


def downgrade() -> None:
    for table in ("access_requests", "audit_entries", "invitations", "second_factors", "own_documents", "archived",
                  "assignments", "memberships", "units"):
        op.drop_table(table)
