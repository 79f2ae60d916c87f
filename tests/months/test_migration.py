"""Tables that were one become tables by month: no row moves, and programs of the version before go on meanwhile."""

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.models import schema
from tests.fixtures.database import engine_for

ROWS = 20_000
PREVIOUS = ScriptDirectory.from_config(schema._config()).get_revision("0054").down_revision
MESSAGE = "00000000-0000-0000-0000-000000000001"
MADE = f"""insert into outbound_messages (id, kind, channel, content, reference_digest, status, created_at, next_try_at,
  attempts, must_ask, claimed_by, open_seconds_at_first, open_seconds_at_cannot_tell, last_code)
  values ('{MESSAGE}', 'mail', 'mail', '{{}}', '', 'done', now(), now(), 1, false, '', 0, 0, '')"""
TRIED = """insert into attempts (message_id, number, started_at, finished_at, worker, outcome, code, detail, raw_digest)
  select '{message}', n, now() - n * interval '{step}', now(), 'w', 'ack', '', '', ''
  from generate_series(1, {rows}) n"""


def tried(rows=1, step="1 minute", message=MESSAGE):
    return TRIED.format(rows=rows, step=step, message=message)


def upgrade(engine, to):
    config = schema._config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


@pytest.fixture(scope="module")
def template(make_database):
    """The name of a database as it was before the migration, with tries."""
    engine = engine_for(make_database())
    upgrade(engine, PREVIOUS)
    with engine.begin() as connection:
        for statement in (MADE, tried(ROWS)):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return engine.url.database


@pytest.fixture
def before(make_database, template):
    engine = engine_for(make_database(template))
    yield engine
    engine.dispose()


def told(engine):
    with Session(engine) as session:
        return session.execute(text("select count(*), sum(id), max(id) from attempts")).one()


def parts(engine, table):
    with Session(engine) as session:
        query = text("select inhrelid::regclass::text from pg_inherits where inhparent = cast(:t as regclass)")
        return sorted(session.scalars(query, {"t": table}))


def test_every_row_stays_where_it_is_and_keeps_its_number(before):
    was = told(before)
    schema.migrate(before)
    assert told(before) == was
    first = parts(before, "attempts")[-2]
    assert first.startswith("attempts_before_") and "attempts_default" in parts(before, "attempts")
    with Session(before) as session:
        assert session.scalar(text(f"select count(*) from only {first}")) == ROWS
        assert session.scalar(text("select count(*) from attempts_default")) == 0
        new = session.scalar(text(tried() + " returning id"))
        assert new == was[2] + 1
        late = session.scalar(text(tried(step="-40 days") + " returning tableoid::regclass::text"))
        assert late == f"attempts_{datetime.now(UTC) + timedelta(days=40):%Y_%m}"


def test_what_held_before_holds_in_every_month(before):
    schema.migrate(before)
    of_nothing = "00000000-0000-0000-0000-000000000009"
    for statement in (
        "truncate events_2026_11", "truncate events_default", "truncate events", "delete from outbound_messages",
        tried(message=of_nothing), tried(message=of_nothing, step="-40 days"),
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"never changed or deleted|foreign key"), before.begin() as connection:
            connection.exec_driver_sql(statement)


def test_old_programs_write_and_read_while_it_is_done_and_a_long_reader_holds_up_nobody(before):
    """A dump that reads the table for seconds is waited for without a queue forming behind the migration."""
    address = before.url.set(drivername="postgresql").render_as_string(hide_password=False)
    dump = psycopg2.connect(address)
    dump.cursor().execute("select count(*) from attempts")  # its transaction stays open
    migrating = threading.Thread(target=schema.migrate, args=(before,))
    migrating.start()
    slowest, written = _write(address, until=lambda done: done == 15, and_then=dump.commit)
    migrating.join(60)
    assert not migrating.is_alive() and "attempts_default" in parts(before, "attempts")
    assert slowest < 2.0, f"a worker waited {slowest:.1f} s"
    assert told(before)[0] == ROWS + written


def _write(address, until, and_then):
    """As a worker of the version before writes its tries: each in a transaction, some before and some after."""
    slowest, written = 0.0, 0
    with closing(psycopg2.connect(address, options="-c statement_timeout=5s")) as worker:
        worker.autocommit = True
        for number in range(40):
            began = datetime.now(UTC)
            worker.cursor().execute(tried())
            worker.cursor().execute("select id from attempts order by id desc limit 1")
            slowest, written = max(slowest, (datetime.now(UTC) - began).total_seconds()), written + 1
            if until(number):
                and_then()
            threading.Event().wait(0.05)
    return slowest, written


def test_a_migration_that_was_cut_goes_on_from_where_it_was(before):
    with before.begin() as connection:
        connection.exec_driver_sql("alter table attempts add constraint attempts_before check (number > 0)")
        connection.exec_driver_sql("create unique index attempts_by_month on attempts (id, started_at)")
    was = told(before)
    upgrade(before, "0054")
    with before.begin() as connection:  # as if it had been killed before its number was written
        connection.exec_driver_sql(f"update alembic_version set version_num = '{PREVIOUS}'")
    schema.migrate(before)
    assert told(before) == was and "attempts_default" in parts(before, "attempts")
