"""What institutions exchange by themselves: rates, left documents, Sobres, the signed directory, conformance"""

from datetime import datetime

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

APPEND_ONLY = ("received_sobres", "directory_versions", "conformance_reports", "activations")
_JSON = postgresql.JSONB(astext_type=sa.Text())
_HOMES = {"entity": "entities", "sender": "entities", "filing": "filings", "report": "conformance_reports",
          "document": "left_documents"}


def _instant(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _to(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([f"{one}_id"], [f"{_HOMES[one]}.id"], name=op.f(f"fk_{table}_{one}_id"))
        for one in columns
    ]


def upgrade() -> None:
    op.create_table(
        "call_rates",
        _text("ruc", 11),
        _instant("spent_until"),
        sa.PrimaryKeyConstraint("ruc", name=op.f("pk_call_rates")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(
        "ix_outbound_told", "outbound_messages", ["created_at"],
        postgresql_where=sa.text("status = 'waiting' and kind in ('acuse', 'cargo', 'estado', 'respuesta')"),
    )
    _make_left()
    _make_sobres()
    _make_directory()
    _make_conformance()
    for table in APPEND_ONLY:
        for name, event, each in (("kept", "update or delete", "row"), ("not_emptied", "truncate", "statement")):
            op.execute(
                f"create trigger {table}_{name} before {event} on {table} "
                f"for each {each} execute function refuse_change()"
            )


def _make_left() -> None:
    op.create_table(
        "left_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        _text("sha256", 64),
        _big("size"),
        _big("received"),
        _text("object_key", 80),
        _instant("created_at"),
        _instant("expires_at"),
        *_to("left_documents", "entity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_documents")),
        sa.UniqueConstraint("entity_id", "sha256", name=op.f("uq_left_documents_entity_id_sha256")),
    )
    op.create_index(op.f("ix_left_documents_expires_at"), "left_documents", ["expires_at"])
    op.create_table(
        "left_parts",
        _id(),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        _big("offset"),
        _big("size"),
        _text("sha256", 64),
        _text("object_key", 80),
        *_to("left_parts", "document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_parts")),
        sa.UniqueConstraint("document_id", "offset", name=op.f("uq_left_parts_document_id_offset")),
        sa.UniqueConstraint("object_key", name=op.f("uq_left_parts_object_key")),
    )


def _make_sobres() -> None:
    op.create_table(
        "received_sobres",
        _id(),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        _text("cuo", 10),
        _text("reference_digest", 64),
        _text("raw_digest", 64),
        _instant("received_at"),
        _big("filing_id"),
        *_to("received_sobres", "sender", "filing"),
        sa.ForeignKeyConstraint(
            ["raw_digest"], ["raw_messages.digest"], name=op.f("fk_received_sobres_raw_digest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_sobres")),
        sa.UniqueConstraint("sender_id", "message_id", name=op.f("uq_received_sobres_sender_id_message_id")),
        sa.UniqueConstraint("sender_id", "cuo", name=op.f("uq_received_sobres_sender_id_cuo")),
        sa.UniqueConstraint("filing_id", name=op.f("uq_received_sobres_filing_id")),
    )


def _make_directory() -> None:
    op.create_table(
        "directory_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("content_digest", 64),
        sa.Column("jws", sa.Text(), nullable=False),
        _instant("issued_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_versions")),
    )
    op.create_index("ix_directory_versions_issued_at", "directory_versions", ["issued_at"])


def _make_conformance() -> None:
    op.create_table(
        "conformance_reports",
        _id(),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        _instant("made_at"),
        sa.Column("has_passed", sa.Boolean(), nullable=False),
        sa.Column("report", _JSON, nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        *_to("conformance_reports", "entity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conformance_reports")),
    )
    op.create_index(op.f("ix_conformance_reports_entity_id"), "conformance_reports", ["entity_id"])
    op.create_table(
        "activations",
        _id(),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        _instant("at"),
        _text("address", 500),
        sa.Column("report_id", sa.BigInteger(), nullable=True),
        _text("by", 200),
        sa.Column("reason", sa.Text(), nullable=False),
        *_to("activations", "entity", "report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activations")),
    )
    op.create_index(op.f("ix_activations_entity_id"), "activations", ["entity_id"])


def downgrade() -> None:
    op.drop_index("ix_outbound_told", "outbound_messages")
    for table in ("activations", "conformance_reports", "directory_versions", "received_sobres", "left_parts",
                  "left_documents", "call_rates"):
        op.drop_table(table)
