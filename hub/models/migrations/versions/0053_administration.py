"""Proposed changes of the declared file; the trail in the ledger, and searched by person, act, number and time"""

from datetime import datetime
from typing import Any

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
_BY_PEOPLE = "where said_by ~ '^[0-9]'"
_INDEXES = (("at_id", "at, id"), *((f"{one}_at", f"{one}, at, id") for one in ("entity_code", "actor_id", "kind")))
_OF_EVENTS = (("at", "at, id"), ("said_by_at", "said_by, at, id"), ("kind_at", "kind, at, id"))
_PARTS = """
select p.inhrelid::regclass::text from pg_inherits p where p.inhparent = 'events'::regclass and not exists (
    select from pg_index i join pg_inherits a on a.inhrelid = i.indexrelid
    where i.indrelid = p.inhrelid and a.inhparent = '{name}'::regclass)
"""
_OLD_LINES = """
insert into unsealed (event_id, event_at, filing_id, hash)
select -line.id, line.at, 0, trail_digest(line) from audit_entries line
where line.id between {first} and {last} and not exists (select from ledger_leaves where event_id = -line.id)
on conflict do nothing
"""
_CHUNK = 5000


def _instant(name: str, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    with op.get_context().autocommit_block():  # everybody goes on writing while what is there is read
        for name, columns in _INDEXES:
            _index("audit_entries", f"ix_audit_entries_{name}", columns)
        for name, columns in _OF_EVENTS:
            _index_by_part(name, columns)
    if _one("select to_regclass('directory_proposals') is null"):  # else an earlier run came so far
        op.execute("set local lock_timeout = '3s'")  # who waits for a table makes everybody wait behind
        op.add_column("audit_entries", sa.Column("number", sa.String(length=40), server_default="", nullable=False))
        op.execute(DIGEST)
        op.execute(SEAL)
        op.execute("create trigger audit_entries_sealed after insert on audit_entries "
                   "for each row execute function seal_trail()")
        _make_proposals()
    with op.get_context().autocommit_block():
        _index("audit_entries", "ix_audit_entries_number", "number", "where number <> ''")
        for name in ("entity_code_id", "actor_id"):
            op.execute(f"drop index concurrently if exists ix_audit_entries_{name}")
        _seal_old_lines()


def _one(question: str) -> Any:
    return op.get_bind().execute(sa.text(question)).scalar_one()


def _index(table: str, name: str, columns: str, where: str = "") -> None:
    if _one(f"select exists (select from pg_index where indexrelid = to_regclass('{name}') and indisvalid)"):
        return
    op.execute(f"drop index concurrently if exists {name}")  # what a run that was cut left unfinished
    op.execute(f"create index concurrently {name} on {table} ({columns}) {where}")


def _index_by_part(name: str, columns: str) -> None:
    """Parts one by one, since a parent's index cannot be made while others write."""
    whole = f"ix_events_people_{name}"
    patience = "set local lock_timeout = '3s';\n"  # of one transaction with what follows
    op.execute(f"{patience}create index if not exists {whole} on only events ({columns}) {_BY_PEOPLE}")
    for part in op.get_bind().execute(sa.text(_PARTS.format(name=whole))).scalars().all():
        _index(part, f"{part}_people_{name}", columns, _BY_PEOPLE)
        op.execute(f"{patience}alter index {whole} attach partition {part}_people_{name}")


def _seal_old_lines() -> None:
    """What stands there already is sealed as it stands now, in short transactions; the trigger seals what comes."""
    first, newest = (_one(f"select coalesce({one}(id), 0) from audit_entries") for one in ("min", "max"))
    for start in range(first, newest + 1, _CHUNK):
        op.execute(_OLD_LINES.format(first=start, last=start + _CHUNK - 1))


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
