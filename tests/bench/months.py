"""What parts by month cost and spare: `python -m tests.bench.months --rows 2000000`.

The tries of two years are written into the table as it was, it is migrated while a worker goes on writing, and both are
asked the same. The server is of its own and keeps nothing; it writes to disk as in production.
"""

import argparse
import tempfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from hub import partitions
from hub.embedded import place, postgres
from hub.models import schema
from tests.fixtures.database import engine_for

MONTHS, PER_MESSAGE = 24, 4
MESSAGES = """insert into outbound_messages (id, kind, channel, content, reference_digest, status, created_at,
  next_try_at, attempts, must_ask, claimed_by, open_seconds_at_first, open_seconds_at_cannot_tell, last_code)
  select md5(n::text)::uuid, 'mail', 'mail', '{{}}', '', 'done', now(), now(), 1, false, '', 0, 0, ''
  from generate_series(1, {messages}) n"""
TRIES = """insert into attempts (message_id, number, started_at, finished_at, worker, outcome, code, detail, raw_digest)
  select md5((1 + n / {per})::text)::uuid, n % {per}, now() - (({rows} - n) * interval '{days} days' / {rows}), now(),
    'host:1234:abcd', 'ack', '', '', md5(n::text) || md5(n::text) from generate_series(1, {rows} - 1) n"""
ONE = """insert into attempts (message_id, number, started_at, finished_at, worker, outcome, code, detail, raw_digest)
  values (md5('1')::uuid, 9, now(), now(), 'w', 'ack', '', '', '')"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    rows = parser.parse_args().rows
    folder = Path(tempfile.mkdtemp(prefix="mesa-months-"))
    server = postgres.start(folder, fast=False)
    try:
        measure(server.url, rows)
    finally:
        server.stop()
        place.remove(folder)


def measure(url, rows):
    engine, config = engine_for(url), schema._config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, ScriptDirectory.from_config(config).get_revision("0054").down_revision)
        connection.execute(text(MESSAGES.format(messages=1 + rows // PER_MESSAGE)))
        connection.execute(text(TRIES.format(rows=rows, per=PER_MESSAGE, days=30 * MONTHS)))
        connection.commit()
    asked(url, rows, "one table")
    migrated(url, engine)
    asked(url, rows, "migrated: all of it in the first part")
    by_month(url, rows)
    asked(url, rows, f"{MONTHS} parts of a month each")
    emptied(url)
    engine.dispose()


def migrated(url, engine):
    """How long the migration takes and how long a worker that writes waits for it at most."""
    done, waits = threading.Event(), []

    def write():
        with closing(psycopg2.connect(url)) as worker:
            worker.autocommit = True
            while not done.is_set():
                waits.append(timed(worker, ONE))
                done.wait(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    began = time.monotonic()
    schema.migrate(engine)
    took = time.monotonic() - began
    done.set()
    writer.join()
    print(f"migration {took:.1f} s; of {len(waits)} writes meanwhile the slowest took {max(waits) * 1000:.0f} ms")


def by_month(url, rows):
    """The same rows as after two years with parts: taken out of the first one, into a part for each month."""
    connection = psycopg2.connect(url)
    cursor = connection.cursor()
    cursor.execute("select inhrelid::regclass::text from pg_inherits where inhparent = 'attempts'::regclass")
    old = next(name for (name,) in cursor.fetchall() if "_before_" in name)
    cursor.execute(f"alter table attempts detach partition {old}")
    connection.commit()
    engine = engine_for(url)
    with engine.connect() as other, partitions.Session(other) as session:
        cursor.execute(f"select distinct date_trunc('month', started_at at time zone 'UTC') from {old} order by 1")
        for (month,) in cursor.fetchall():
            partitions.make(session, "attempts", month.replace(tzinfo=partitions.UTC), rows_from=old)
        session.commit()
    connection.commit()
    cursor.execute(f"drop table {old}")
    connection.commit()
    engine.dispose()


def asked(url, rows, what):
    since = datetime.now(UTC) - timedelta(days=20)
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        timed(connection, "vacuum analyze attempts")
        step = max(1, rows // PER_MESSAGE // 200)
        lookups = sorted(
            timed(connection, "select * from attempts where message_id = md5(%s)::uuid order by id", str(n * step))
            for n in range(1, 200)
        )
        newest = sorted(
            timed(connection, "select * from attempts where message_id = md5(%s)::uuid and started_at >= %s",
                  str(rows // PER_MESSAGE - n), since)
            for n in range(1, 200)
        )  # fmt: skip
        writes = sorted(timed(connection, ONE) for _ in range(200))
    found = (lookups[100], lookups[188], newest[100], writes[100])
    middle, worst, bound, write = (f"{one * 1000:.2f} ms" for one in found)
    print(f"{what}: tries of any message p50 {middle}, p95 {worst}; since 20 days p50 {bound}; a write p50 {write}")


def emptied(url):
    """A month leaves: detached, against deleted row by row and vacuumed."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("select inhrelid::regclass::text from pg_inherits where inhparent = 'attempts'::regclass")
        months = sorted(name for (name,) in cursor.fetchall() if "default" not in name)
        detached = timed(connection, f"alter table attempts detach partition {months[3]}")
        print(f"a month detached: {detached * 1000:.0f} ms")
        deleted = timed(connection, f"delete from {months[4]}")
        vacuumed = timed(connection, f"vacuum {months[4]}")
        print(f"a month deleted: {deleted * 1000:.0f} ms, and {vacuumed * 1000:.0f} ms of vacuum")


def timed(connection, statement, *values):
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        if cursor.description:
            cursor.fetchall()
    return time.monotonic() - began


if __name__ == "__main__":
    main()
