"""Milliseconds of the dashboard's first screen over 90 days of a sector, made through the stages and multiplied.

python -m tests.bench.history [--filings 200000] [--real 4000] [--times 100] [--keep FOLDER]

`real` filings go through the real stages (`mesa demo-history`), with a clock of their own and the sandbox in memory;
each is then copied by SQL until there are `filings`. The figures of the screen are compared with a plain count.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from hub.app import create_app
from hub.cli.history.command import fill
from hub.clock import now
from hub.embedded import place
from hub.figures import counting, reading
from hub.settings import Settings
from tests.bench.multiply import begin, multiply
from tests.bench.pages import HEAD, SECRETS, lines, measured
from tests.fixtures.house import ADMIN, House
from tests.stack import Stack

DAYS = 90
AIMS = {200_000: 100.0, 2_000_000: 150.0}
"""Milliseconds at p95 of the first screen, by how many filings there are."""
PAGES = (
    ("first screen, 7 days", "/tablero"),
    ("first screen, 90 days", "/tablero?dias=90"),
    ("first screen, 90 days, one leg", "/tablero?dias=90&mesa=igp:principal&institucion=oefa"),
    ("one institution, 90 days", "/tablero/instituciones/igp?dias=90"),
    ("trends, 90 days", "/tablero/tendencias?dias=90"),
    ("sector board", "/envios"),
)


@contextmanager
def lived(folder, filings, real, say=print):
    """A running hub with so many filings, made or copied as far as `folder` lacks them: (stack, house)."""
    with Stack(folder, codes=(), workers=0, web_workers=1, fast_database=True, settings=SECRETS) as stack:
        settings = Settings.from_env(stack.environ)
        house = House(create_app(settings), create_engine(settings.sqlalchemy_url), folder)
        kept = folder / "history.filings"
        if not kept.exists() or int(kept.read_text("ascii")) < filings:
            total = _make(house, settings, filings, 0 if kept.exists() else real, say)
            kept.write_text(str(total), "ascii")
        yield stack, house
        house.services.live_directory.stop()
        house.engine.dispose()


def _make(house, settings, filings, real, say):
    """Gives how many there are: a few less than asked for, where the day is not over."""
    began = time.monotonic()
    if real:
        begin(house)
        made = fill(house.engine, settings, real, DAYS, 1, lambda _: None)
        say(f"{made} filings through the stages: {made / (time.monotonic() - began):.0f} a second, one process")
    began = time.monotonic()
    total = multiply(house, filings, say)
    say(f"{total} filings in {time.monotonic() - began:.0f} s more")
    began, spans = time.monotonic(), 0
    with house.session() as session:
        at = now()
        for start, until in _every_span(at):
            counting.count(session, house.directory, start, until, at)
            session.commit()
            spans += 1
    say(f"{spans} spans counted in {time.monotonic() - began:.0f} s")
    return total


def _every_span(at):
    """The days of the history, and the hours of today."""
    today = counting.midnight(at)
    for back in range(DAYS, 0, -1):
        start = today - back * counting.DAY
        yield start, start + counting.DAY
    start = today
    while start < at:
        yield start, start + counting.HOUR
        start += counting.HOUR


def agrees(house):
    """What the screen says of 90 days, and a plain count of it: (filings, pages, handed over, registered) twice."""
    start = reading.since(now(), DAYS)
    with house.session() as session:
        total = reading.total(reading.flows(session, start))
        plain = session.execute(text(
            "select f.*, e.* from (select count(*), coalesce(sum(pages_detected), 0) from filings "
            "where presented_at >= :start) f, (select count(distinct delivery_id), "
            "count(distinct delivery_id) filter (where kind = 'registered') from events where at >= :start "
            "and kind in ('sent', 'registered', 'observed', 'refused')) e"
        ), {"start": start}).one()  # fmt: skip
    return (total.filings, total.pages, total.handed_over, total.registered), tuple(plain)


def main():
    parser = argparse.ArgumentParser(description="Measure the dashboard over months of a sector.")
    parser.add_argument("--filings", type=int, default=200_000)
    parser.add_argument("--real", type=int, default=4_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="mesa-history-"))
    print(f"load {os.getloadavg()[0]:.1f}")
    with lived(folder, options.filings, options.real) as (stack, house):
        admin = stack.session(ADMIN)
        found = {name: measured(stack, admin, path, options.times) for name, path in PAGES}
        shown, plain = agrees(house)
    if not options.keep:
        place.remove(folder)
    print("\n".join([*HEAD, *lines(found)]))
    print(f"figures {shown}, counted plainly {plain}: {'the same' if shown == plain else 'DIFFERENT'}")
    aim = next((aim for most, aim in AIMS.items() if options.filings <= most), max(AIMS.values()))
    late = [name for name, one in found.items() if name.startswith("first screen") and one.p95 > aim]
    print(f"above {aim:.0f} ms: {', '.join(late) or 'none'}; load {os.getloadavg()[0]:.1f}")
    return 0 if shown == plain else 1


if __name__ == "__main__":
    sys.exit(main())
