"""Whoever owns the database reaches into the trail: `mesa ledger verify` names the line. A test a case."""

import pytest
from sqlalchemy import text

from hub import trail
from hub.audit.trail import digest_of
from hub.models import AuditEntry
from tests.stages.ledger import seal
from tests.stages.ledger_town import named, town
from tests.stages.legs import later
from tests.stages.sector import NOW

__all__ = ["town"]
AWKWARD = {"unit": 'Botánica "norte"\n\\ñ\x01🌳', "numbers": ["1", "2"], "count": 3, "is_on": True, "nobody": None}


@pytest.fixture
def line(town):
    """The number of a line with everything that JSON can say, sealed."""
    trail.note(town.session, "unit_opened", NOW, actor_id=None, entity_code="igp", **AWKWARD)
    trail.note(town.session, "leg_registered", NOW, actor_id=None, entity_code="igp", number="0000000012")
    town.session.flush()
    seal(town.session, later(minutes=1))
    return town.session.query(AuditEntry.id).order_by(AuditEntry.id).first()[0]


def test_lines_as_they_were_written_are_good(town, line):
    assert town.audit() == [] and town.tally.counts["lines"] == 2
    assert town.tally.counts["leaves"] == town.tally.counts["events"] + 2


CHANGES = {
    "at": "at + interval '1 microsecond'", "actor_id": "(select min(id) from users)", "entity_code": "'oefa'",
    "kind": "'unit_closed'", "data": "data || '{\"unit\": \"Sur\"}'", "number": "'0000000099'", "id": "id + 1000",
    "about_user_id": "(select min(id) from users)",
}  # fmt: skip


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_is_named_by_its_line(town, line, column):
    town.sql("insert into users (email, active, fs_uniquifier, name, entity_code, counter_code, created_at)"
             " values ('a@b.example', true, 'x', '', '', '', now())")  # fmt: skip
    town.sql(f"update audit_entries set {column} = {CHANGES[column]} where id = :id", id=line)
    if column == "id":
        assert named(town, "line_missing", line=line) and named(town, "line_added", line=line + 1000)
    else:
        assert named(town, "line_altered", line=line)
        assert f"Línea {line} del historial" in town.audit()[0] and "se cambió después" in town.audit()[0]


def test_every_column_is_tried(town, line):
    assert set(town.one("select * from audit_entries limit 1")._fields) == set(CHANGES)


def test_a_deleted_line_is_named_by_its_leaf(town, line):
    town.sql("delete from audit_entries where id = :id", id=line)
    assert named(town, "line_missing", line=line) and "se borró" in town.audit()[0]


def test_a_line_written_past_the_ledger_is_named(town, line):
    town.sql("insert into audit_entries (at, entity_code, kind, data) values (now(), 'igp', 'user_off', '{}')")
    assert named(town, "line_added", kind="user_off")


def test_a_line_changed_with_its_leaf_breaks_the_root(town, line):
    town.sql("update audit_entries set kind = 'unit_closed' where id = :id", id=line)
    query = text("select *, data::text as data from audit_entries where id = :id")
    forged = digest_of(town.session.execute(query, {"id": line}).one())
    town.sql("update ledger_leaves set hash = :hash where event_id = -:id", id=line, hash=forged)
    assert named(town, "root_differs")


def test_a_line_that_waits_too_long_is_told(town, line):
    trail.note(town.session, "unit_closed", NOW, actor_id=None)
    town.session.flush()
    assert town.codes(now=later(minutes=60)) == {"line_unsealed"}
