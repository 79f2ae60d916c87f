"""Milliseconds of the server for the main pages, with a hundred thousand filings stored.

python -m tests.bench.pages [--filings 100000] [--times 100] [--keep FOLDER]

A web process as in production (gunicorn), one request after the other over loopback; what is measured is the whole
answer as who asked has it. With --keep the filled house stays in the folder, and the next run measures it again.
"""

import argparse
import json
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import requests
from sqlalchemy import create_engine

from hub.app import create_app
from hub.embedded import place
from hub.settings import Settings
from tests.bench import crowd
from tests.bench.pdfs import processor
from tests.fixtures.house import ADMIN, CLERK, OFFICER, House
from tests.stack import Stack, children_of, csrf_of
from tests.web.account import PASSWORD
from tests.web.citizen import DRAFT, Filer

AIM = 50.0
"""Milliseconds at p95 of each page."""
HEAD = ("| page | p50 | p95 | processor time |", "|---|---|---|---|")
SECRETS = {"MESA_SECRET_KEY": "medida", "MESA_TRACKING_SECRET": "medida"}


@contextmanager
def crowded(folder, filings, say=print):
    """A running hub with so many filings (filled unless `folder` was before): (stack, house, crowd)."""
    with Stack(folder, codes=(), workers=0, web_workers=1, fast_database=True, settings=SECRETS) as stack:
        settings = Settings.from_env(stack.environ)
        house, kept = House(create_app(settings), create_engine(settings.sqlalchemy_url), folder), folder / "crowd.json"
        if not kept.exists():
            began = time.monotonic()
            kept.write_text(json.dumps(asdict(crowd.fill(house, filings, say))), "ascii")
            say(f"{filings} filings stored in {time.monotonic() - began:.0f} s")
        yield stack, house, crowd.Crowd(**json.loads(kept.read_text("ascii")))
        house.services.live_directory.stop()
        house.engine.dispose()


def citizen(stack, email):
    """A requests session of an account."""
    session = requests.Session()
    door = f"{stack.url}/cuenta/ingresar"
    token = csrf_of(session.get(door, timeout=20).text)
    answer = session.post(door, data={"csrf_token": token, "email": email, "password": PASSWORD}, timeout=20)
    assert answer.ok and "/ingresar" not in answer.url, answer.text[:2000]
    return session


def filer(house):
    """A requests session of nobody in particular, whose draft is ready to be sent."""
    one, session = Filer(house).fills(), requests.Session()
    session.cookies.set("borrador", one.visitor.client.get_cookie("borrador", path="/presentar").value)
    return session


def pages(stack, house, found):
    """(name, session, path) of every page that is measured."""
    heavy, light, draft = citizen(stack, crowd.HEAVY), citizen(stack, crowd.LIGHT), filer(house)
    clerk, officer, admin = (stack.session(email) for email in (CLERK, OFFICER, ADMIN))
    return (
        ("home", draft, "/"),
        ("choosing a destination", draft, "/presentar?q=sismo"),
        ("a form page", draft, f"{DRAFT}/documento"),
        ("review", draft, f"{DRAFT}/revisar"),
        ("tracking", draft, f"/seguimiento/{found.track_code}"),
        ("tray of 2 %", light, "/mis-tramites"),
        ("tray of 2 %, by subject", light, "/mis-tramites?asunto=sismo"),
        ("tray of 50 %", heavy, "/mis-tramites"),
        ("tray of 50 %, by subject", heavy, "/mis-tramites?asunto=sismo número 7"),
        ("tray of 50 %, by institution and days", heavy, "/mis-tramites?institucion=igp&desde=2026-01-01"),
        ("tray of 50 %, casilla", heavy, "/mis-tramites/casilla"),
        ("counter, today", clerk, "/mesa-de-partes"),
        ("counter, search by number", clerk, f"/mesa-de-partes/buscar?q={found.number}"),
        ("counter, search by name", clerk, "/mesa-de-partes/buscar?q=quispe ana"),
        ("inbox", officer, "/bandeja"),
        ("inbox, registered", officer, "/bandeja?estado=registered"),
        ("inbox, one filing", officer, f"/bandeja/{found.inbox_cuo}"),
        ("sector board", admin, "/envios"),
        ("sector board, by institution", admin, "/envios?institucion=igp"),
        ("sector board, by number", admin, f"/envios?texto={found.number[:10]}"),
    )


def measure(folder, filings=100_000, times=100, say=print):
    """The Figures of each page, by its name."""
    with crowded(folder, filings, say) as (stack, house, found):
        wanted = pages(stack, house, found)
        return {name: measured(stack, session, path, times) for name, session, path in wanted}


@dataclass(frozen=True)
class Figures:
    """Of one page, in milliseconds: `spent` is processor time of web and database, whatever else runs."""

    p50: float
    p95: float
    spent: float


def measured(stack, session, path, times):
    waits = []
    for turn in range(times + 5):  # the first ones load templates and plans
        if turn == 5:
            spent = _processor(stack)
        began = time.perf_counter()
        answer = session.get(stack.url + path, timeout=60, allow_redirects=False)
        waits.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
    waits, spent = sorted(waits[5:]), _processor(stack) - spent
    return Figures(waits[len(waits) // 2], waits[int(len(waits) * 0.95)], 1000 * spent / times)


def _processor(stack):
    """Seconds of processor time of the web process and of the database's, so far."""
    return sum(processor(pid) for of in (stack.processes["web"].pid, stack.server.pid) for pid in children_of(of))


def lines(found):
    """The figures as rows of docs/benchmarks.md."""
    return [
        f"| {name} | {one.p50:.1f} ms | {one.p95:.1f} ms | {one.spent:.1f} ms |" for name, one in found.items()
    ]


def missed(found):
    return [name for name, one in found.items() if one.p95 > AIM]


def main():
    parser = argparse.ArgumentParser(description="Measure the main pages with many filings stored.")
    parser.add_argument("--filings", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="mesa-pages-"))
    found = measure(folder, options.filings, options.times)
    if not options.keep:
        place.remove(folder)
    print("\n".join([*HEAD, *lines(found)]))
    print(f"above {AIM:.0f} ms: {', '.join(missed(found)) or 'none'}")


if __name__ == "__main__":
    main()
