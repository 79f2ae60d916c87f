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


def writes_for(engine, seconds):
    """How often somebody could write in so many seconds; nobody waits longer than a migration stands in line."""
    ends, written = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        with engine.connect() as other:
            other.execute(text(WRITES))
            written += 1
        time.sleep(0.05)
    return written
