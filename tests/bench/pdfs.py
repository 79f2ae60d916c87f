"""Papers: how many constancias one core draws and seals in a second, and how soon one is ready while others file.

`python -m tests.bench.pdfs` measures both on a hub of its own.
"""

import os
import tempfile
import time
from pathlib import Path

import psycopg2
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from hub import entities
from hub.clock import now
from hub.constancias import constancia_for_paper
from hub.embedded import place
from hub.models import Filing
from hub.papers.constancia import draw
from hub.presses import press_from
from hub.settings import Settings
from tests.bench import hub

RATE = 5.0
"""Filings a second at which a constancia must be ready within five seconds."""
READY = """
select percentile_cont(array[0.5, 0.95, 1.0]) within group (order by extract(epoch from done_at - ordered_at)),
       count(*) filter (where done_at is null), count(*)
from paper_orders where kind = 'constancia' and ordered_at >= to_timestamp(%s)
"""


def per_second(stack, seconds=10.0):
    """(drawn, drawn and sealed) in a second of this process's processor time, of the stack's own filings."""
    settings = Settings.from_env(stack.environ | {"MESA_TSA": ""})
    press, engine = press_from(settings), create_engine(settings.sqlalchemy_url)
    with Session(engine) as session:
        directory = entities.load(session, now())
        ids = session.scalars(select(Filing.id).limit(50)).all()
        where = {"secret": b"medida", "public_url": settings.public_url}
        facts = [constancia_for_paper(session, directory, one, **where) for one in ids]

        def drawn(one):
            return draw(one, settings.year_name, now(), press.sealer.place)

        figures = tuple(_rate(one, facts, seconds) for one in (drawn, lambda one: press.sealer.seal(drawn(one))))
    engine.dispose()
    return figures


def _rate(make, facts, seconds):
    make(facts[0])  # the first one loads the fonts and the libraries
    began, made = time.process_time(), 0
    while time.process_time() - began < seconds:
        make(facts[made % len(facts)])
        made += 1
    return made / seconds


def readiness(meter, seconds=30.0, rate=RATE):
    """Seconds from the filing to its constancia at `rate` filings a second: p50, p95, the slowest, how many, unmade.

    `processor`: seconds of the press's own processor time for each, signatures read and all.
    """
    pid = meter.stack.processes["papers-0"].pid
    meter.load(2)
    _wait_until_made(meter, 0.0)  # the press has started and is warm
    began, spent = time.time(), processor(pid)
    meter.load(seconds, rate=rate)
    p50, p95, slowest, unmade, count = _wait_until_made(meter, began)
    each = (processor(pid) - spent) / max(1, count)
    return {"p50": p50, "p95": p95, "slowest": slowest, "count": count, "unmade": unmade, "processor": each}


def _wait_until_made(meter, began):
    """(p50, p95, slowest, unmade, count) of what was filed since `began`, once all is made; at most a minute later."""
    ends = time.time() + 60
    with psycopg2.connect(meter.stack.server.url) as connection, connection.cursor() as cursor:
        while True:
            cursor.execute(READY, (began,))
            quantiles, unmade, count = cursor.fetchone()
            connection.rollback()
            if unmade == 0 or time.time() > ends:
                return (*(quantiles or (0.0, 0.0, 0.0)), unmade, count)
            time.sleep(0.5)


def processor(pid):
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lines(stack, folder, say=print):
    """The lines of the table: papers a second and core on `stack`; how soon one is ready, on a hub of its own."""
    drawn, sealed = per_second(stack)
    say(f"Constancias, a second and core: {drawn:.1f} drawn, {sealed:.1f} drawn and sealed")
    with hub.stack_of(folder, papers=1) as own:
        soon = readiness(hub.Meter(own))
    say(f"Constancia ready after its filing: p50 {soon['p50']:.2f} s, p95 {soon['p95']:.2f} s")
    return [
        f"| constancias, a second and core: drawn / drawn and sealed | {drawn:.1f} / {sealed:.1f} |",
        f"| from filing to its constancia, sealed and stamped, at {RATE:.0f} filings a second: p50 / p95 / slowest of "
        f"{soon['count']} | {soon['p50']:.2f} s / {soon['p95']:.2f} s / {soon['slowest']:.2f} s |",
        f"| processor time of `mesa papers` for each of them | {1000 * soon['processor']:.0f} ms |",
    ]


def main():
    folder = Path(tempfile.mkdtemp(prefix="mesa-bench-"))
    with hub.stack_of(folder / "hub") as stack:
        hub.Meter(stack).load(3)
        print("\n".join(lines(stack, folder / "papers")), flush=True)
    place.remove(folder)


if __name__ == "__main__":
    main()
