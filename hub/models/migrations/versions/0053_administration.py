"""Proposed changes of the declared file; the trail in the ledger, and searched by person, act, number and time"""

from datetime import datetime

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

DIGEST = """
create function trail_digest(line audit_entries) returns bytea language sql stable as $$
  select sha256(convert_to(jsonb_build_array(
    line.id, to_char(line.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), line.actor_id, line.entity_code,
    line.kind, line.about_user_id, line.number, line.data
  )::text, 'UTF8'))
$$
"""
SEAL = """
create function seal_trail() returns trigger language plpgsql as $$
begin
  insert into unsealed (event_id, event_at, filing_id, hash) values (-new.id, new.at, 0, trail_digest(new));
  return new;
end $$
"""
_BY_PEOPLE = "said_by ~ '^[0-9]'"


def _instant(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _make_proposals()
    op.add_column("audit_entries", sa.Column("number", sa.String(length=40), server_default="", nullable=False))
    _search_the_trail()
    op.execute(DIGEST)
    op.execute(SEAL)
    op.execute("create trigger audit_entries_sealed after insert on audit_entries "
               "for each row execute function seal_trail()")
    # What stands there already is sealed as it stands now.
    op.execute("insert into unsealed (event_id, event_at, filing_id, hash) "
               "select -line.id, line.at, 0, trail_digest(line) from audit_entries line")


def _make_proposals() -> None:
    op.create_table(
        "directory_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        _instant("made_at"),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("entity_code", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("diff", sa.Text(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _instant("applied_at", nullable=True),
        _instant("withdrawn_at", nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_directory_proposals_made_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["users.id"], name=op.f("fk_directory_proposals_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_proposals")),
    )
    op.create_index(op.f("ix_directory_proposals_entity_code"), "directory_proposals", ["entity_code"])
    for event, each in (("delete", "row"), ("truncate", "statement")):
        op.execute(f"create trigger directory_proposals_{event} before {event} on directory_proposals "
                   f"for each {each} execute function refuse_change()")


def _search_the_trail() -> None:
    op.drop_index("ix_audit_entries_entity_code_id", "audit_entries")
    op.drop_index("ix_audit_entries_actor_id", "audit_entries")
    op.create_index("ix_audit_entries_at_id", "audit_entries", ["at", "id"])
    for one in ("entity_code", "actor_id", "kind"):
        op.create_index(f"ix_audit_entries_{one}_at", "audit_entries", [one, "at", "id"])
    op.create_index("ix_audit_entries_number", "audit_entries", ["number"], postgresql_where=sa.text("number <> ''"))
    op.create_index("ix_events_people_at", "events", ["at", "id"], postgresql_where=sa.text(_BY_PEOPLE))
    for one in ("said_by", "kind"):
        op.create_index(f"ix_events_people_{one}_at", "events", [one, "at", "id"],
                        postgresql_where=sa.text(_BY_PEOPLE))


def downgrade() -> None:
    op.execute("drop trigger audit_entries_sealed on audit_entries")
    op.execute("drop function seal_trail()")
    op.execute("drop function trail_digest(audit_entries)")
    for name in ("said_by_at", "kind_at", "at"):
        op.drop_index(f"ix_events_people_{name}", "events")
    for name in ("at_id", "entity_code_at", "actor_id_at", "kind_at", "number"):
        op.drop_index(f"ix_audit_entries_{name}", "audit_entries")
    op.create_index("ix_audit_entries_actor_id", "audit_entries", ["actor_id"])
    op.create_index("ix_audit_entries_entity_code_id", "audit_entries", ["entity_code", "id"])
    op.drop_column("audit_entries", "number")
    op.drop_table("directory_proposals")
