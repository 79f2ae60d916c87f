"""The trail among a million lines: `python -m tests.bench.trail --lines 1000000` times each search and says its plan.

The lines, and as many events of people, are written by SQL; what is measured are the pages' own queries.
"""

import argparse
import re
import statistics
import tempfile
import time
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from hub import trail_search
from hub.clock import now
from hub.embedded import place, postgres
from hub.models.schema import migrate
from hub.sight import Viewer
from hub.trail_search import Place, Wanted
from tests.fixtures.database import engine_for

ADMIN = Viewer(1, frozenset({"sector_admin"}))
PEOPLE, BODIES = 400, ("minam", "igp", "senamhi", "senace", "oefa", "sernanp", "iiap", "inaigem")
KINDS = ("saw_filing", "saw_file", "signed_in", "saw_route", "leg_registered", "searched_filings", "user_changed")
SPAN = timedelta(days=365)
_USERS = """
    insert into users (email, active, fs_uniquifier, name, entity_code, counter_code, created_at)
    select 'p' || i || '@x.example', true, 'u' || i, 'Persona ' || i, (cast(:bodies as text[]))[1 + i % 8], '', now()
    from generate_series(1, :people) i
"""
_LINES = """
    insert into audit_entries (at, actor_id, entity_code, kind, data, number)
    select :now - i * (cast(:span as interval) / :lines), 1 + i % :people, (cast(:bodies as text[]))[1 + i % 8],
        case when i % 5000 = 0 then 'certificate_revoked' else (cast(:kinds as text[]))[1 + i % 7] end, '{}',
        '2026-' || lpad((i % 200000)::text, 7, '0') || '-0'
    from generate_series(1, :lines) i
"""
_EVENTS = """
    insert into events (at, happened_at, filing_id, kind, author, said_by, data, raw_digest)
    select :now - i * (cast(:span as interval) / :lines), now(), 1 + i % 200000,
        case when i % 5000 = 0 then 'set_aside' else 'presented' end, 'clerk', (1 + i % :people)::text, '{}', ''
    from generate_series(1, :lines) i
"""


def write(session, lines, at):
    """Lines of the trail and events, spread over a year; without triggers, which the ledger's own bench measures."""
    session.execute(text("set local session_replication_role = replica"))
    values = {"now": at, "span": SPAN, "lines": lines, "people": PEOPLE, "bodies": list(BODIES), "kinds": list(KINDS)}
    for statement in (_USERS, _LINES, _EVENTS):
        named = {key: value for key, value in values.items() if f":{key}" in statement}
        session.execute(text(statement), named)
    session.execute(text("set local session_replication_role = origin"))


def fill(session, lines, at):
    """The same, kept, and counted for the planner."""
    write(session, lines, at)
    session.commit()
    with session.get_bind().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def searches(at):
    """What is looked for: the first page and one far behind it, each filter, and filters together."""
    far = Place(at - SPAN / 2, trail_search.LINE, 500_000)
    month = {"since": at - timedelta(days=200), "until": at - timedelta(days=170)}
    return {
        "the newest": Wanted(), "a page far back": Wanted(before=far), "a person": Wanted(person_id=77),
        "a body": Wanted(entity_code="iiap"), "a common act": Wanted(kind="saw_filing"),
        "a rare act": Wanted(kind="certificate_revoked"), "a rare event": Wanted(kind="set_aside"),
        "an act of nobody": Wanted(kind="unit_opened"), "a number": Wanted(number="2026-0001234-0"),
        "a month": Wanted(**month), "a person and an act": Wanted(person_id=77, kind="user_changed"),
        "a person's month": Wanted(person_id=77, **month), "a body's month": Wanted(entity_code="iiap", **month),
        "a body far back": Wanted(entity_code="iiap", before=far),
    }  # fmt: skip


def plans(session, wanted):
    """The plan of each query of a search: lines of EXPLAIN."""
    asked = []

    def hear(connection, _cursor, statement, parameters, *_):
        if statement.startswith("SELECT") and "ORDER BY" in statement:
            asked.append((statement, parameters))

    event.listen(session.get_bind(), "before_cursor_execute", hear)
    trail_search.page(session, ADMIN, "", wanted)
    event.remove(session.get_bind(), "before_cursor_execute", hear)
    raw = session.connection().connection.cursor()
    for statement, parameters in asked:
        raw.execute(f"explain (costs off) {statement}", parameters)
        yield [row[0] for row in raw.fetchall()]


def scans(plan):
    """How each table is read: "Index Scan Backward using ... on ..."."""
    return [line.partition("->")[2].strip() for line in plan if "Scan" in line and "->" in line]


def timed(session, wanted, times=5):
    """Milliseconds, the median."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        trail_search.page(session, ADMIN, "", wanted)
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mesa-bench-"))
    server = postgres.start(folder, fast=True)
    try:
        measure(server.url, options.lines)
    finally:
        server.stop()
        place.remove(folder)


def measure(url, lines):
    engine, at = engine_for(url), now()
    migrate(engine)
    with Session(engine) as session:
        fill(session, lines, at)
        for name, wanted in searches(at).items():
            print(f"{name:22} {timed(session, wanted):8.1f} ms")
            for plan in plans(session, wanted):
                print("   ", *sorted({re.sub(r"_(20\d\d_\d\d|default)|events_\d+", "", scan) for scan in scans(plan)}))
        begun = time.perf_counter()
        chunks = islice(trail_search.everything(session, ADMIN, "", Wanted()), 100_000 // trail_search.CHUNK)
        taken = sum(map(len, chunks))
        print(f"{taken} lines taken along in {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
