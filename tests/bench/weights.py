"""What a filing weighs in the database: `python -m tests.bench.weights --filings 3000`. For docs/capacity.md.

Filings of a month go through the real stages (`mesa demo-history`) and are sealed; then the tables are measured, with
their indexes, and the log of the database.
"""

import argparse
import tempfile
from pathlib import Path

from sqlalchemy import create_engine, text

from hub.cli.history.command import _tools, fill
from hub.embedded import place
from hub.sealer import seal_events
from hub.settings import Settings
from tests.bench.pages import SECRETS
from tests.stack import Stack

WEIGHED = text("""
    select coalesce(p.relname, c.relname) as table, sum(pg_total_relation_size(c.oid))::bigint as bytes,
      sum(greatest(c.reltuples, 0))::bigint as rows
    from pg_class c left join pg_inherits on inhrelid = c.oid left join pg_class p on p.oid = inhparent
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace group by 1 order by 2 desc
""")
LOG = text("select pg_current_wal_lsn() - '0/0'")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--filings", type=int, default=3000)
    filings, folder = parser.parse_args().filings, Path(tempfile.mkdtemp(prefix="mesa-weights-"))
    try:
        with Stack(folder, codes=(), workers=0, web_workers=1, fast_database=True, settings=SECRETS) as stack:
            weigh(Settings.from_env(stack.environ), filings)
    finally:
        place.remove(folder)


def weigh(settings, filings):
    engine = create_engine(settings.sqlalchemy_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = {row.table: row.bytes for row in connection.execute(WEIGHED)}
        since = connection.scalar(LOG)
        fill(engine, settings, filings, 30, 1, lambda _: None)
        while seal_events(_tools(engine, settings)):
            pass
        log = connection.scalar(LOG) - since
        connection.exec_driver_sql("vacuum analyze")
        grown = [(row.table, row.rows, row.bytes - before.get(row.table, 0)) for row in connection.execute(WEIGHED)]
    total = sum(more for _, _, more in grown)
    print(f"{filings} filings: {total / filings / 1024:.1f} KB each, {float(log) / filings / 1024:.1f} KB of log each")
    for table, rows, more in grown:
        if more > total / 200:
            print(f"  {table:<22} {rows / filings:6.1f} rows {more / filings:8.0f} bytes")
    engine.dispose()


if __name__ == "__main__":
    main()
