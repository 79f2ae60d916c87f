"""Migrations beside a hub at work: nobody waits for an index that is being made, and who is in the way is let pass."""

import threading
import time

import pytest
from sqlalchemy import text

from hub.models.schema import migrate
from tests.fixtures.database import engine_for

WRITES = "set local lock_timeout = '4s'; lock table filings, deliveries, events in row exclusive mode"
VALID = """select count(*) from pg_index
where indisvalid and indexrelid::regclass::text in ('ix_filings_presented_at', 'ix_events_at')"""


@pytest.fixture
def before(make_database):
    """A database as it was before the dashboard."""
    engine = engine_for(make_database())
    migrate(engine, "0050")
    yield engine
    engine.dispose()


def test_everybody_writes_on_while_what_is_there_is_migrated(before):
    migration = threading.Thread(target=migrate, args=(before,))
    with before.connect() as reader, before.connect() as writer:
        reader.execute(text("lock table filings in access share mode"))
        writer.execute(text(WRITES))  # a transaction that began before: the indexes wait for it
        migration.start()
        assert writes_for(before, 1.5) > 5
        writer.rollback()
        assert writes_for(before, 4)  # columns wait for the reader three seconds at most, and then again
        assert migration.is_alive()
    migration.join(60)
    assert not migration.is_alive()
    with before.connect() as connection:
        assert connection.execute(text(VALID)).scalar() == 2


def writes_for(engine, seconds, how=WRITES):
    """How often somebody could write in so many seconds; nobody waits longer than a migration stands in line."""
    ends, written = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        with engine.connect() as other:
            other.execute(text(how))
            written += 1
        time.sleep(0.05)
    return written


OF_THE_TRAIL = "set local lock_timeout = '4s'; lock table audit_entries, events in row exclusive mode"
LINE = "insert into audit_entries (at, entity_code, kind, data) select now(), '', 'saw_file', '{}' from {lines}"


def test_lines_of_the_trail_are_written_while_it_is_made_searchable_and_sealed(make_database):
    engine = engine_for(make_database())
    migrate(engine, "0052")
    with engine.begin() as connection:
        connection.execute(text(LINE.replace("{lines}", "generate_series(1, 7000)")))
    migration = threading.Thread(target=migrate, args=(engine, "0053"))
    with engine.connect() as reader:
        reader.execute(text("lock table audit_entries in access share mode"))
        migration.start()
        assert writes_for(engine, 3.5, OF_THE_TRAIL)
        assert migration.is_alive()
    with engine.begin() as connection:
        connection.execute(text(LINE.replace("{lines}", "generate_series(1, 2)")))
    migration.join(60)
    assert not migration.is_alive()
    with engine.connect() as connection:
        made = connection.execute(text(MADE)).one()
    engine.dispose()
    assert made == (7002, 7002, 0, 8)


MADE = """select (select count(*) from audit_entries), (select count(*) from unsealed where event_id < 0),
(select count(*) from pg_index where not indisvalid), (select count(*) from pg_class
where relname ~ '^ix_(events_people_|audit_entries_(at_id|entity_code_at|actor_id_at|kind_at|number))')"""
