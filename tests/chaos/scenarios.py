"""Three guards, each taken away in turn: the comparison must find what it was for, and nothing with it in place."""

import os
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import psycopg2

from hub.embedded import place
from tests.bench.papers import pdf_of
from tests.chaos.points import slug
from tests.stack import Stack, a_filing

SCENARIOS = {
    "without the lease sweep": "lease",
    "without the question before a second try": "question",
    "without the receiver's de-duplication": "receiver",
}
SETTINGS = {"MESA_CALL_TIMEOUT": "1", "MESA_LEASE": "2"}


def bites(name, *, with_guard=False):
    """Play a scenario; gives what the comparison found wrong, as sentences (none: the guard holds)."""
    guard = SCENARIOS[name]
    folder = Path(tempfile.mkdtemp(prefix="mesa-scenario-"))
    for part in ("armed", "taken", "hits", "pids"):
        (folder / "chaos" / part).mkdir(parents=True)
    without = guard if guard != "receiver" and not with_guard else ""
    settings = SETTINGS | {"CHAOS_FOLDER": str(folder / "chaos"), "CHAOS_WITHOUT": without}
    flags = ["--register-after=600", "--retry-first=0.3"]
    code = "oefa" if guard == "question" else "igp"
    stack = Stack(folder, codes=(code,), settings=settings, worker_module="tests.chaos.worker", sandbox_flags=flags)
    try:
        with stack:
            return _PLAYS[guard](stack, code, with_guard)
    finally:
        place.remove(folder)


def _file(stack, code):
    session = stack.session()
    form = a_filing(session, code, f"Escrito {uuid4().hex[:8]}")
    files = {"main_document": ("solicitud.pdf", pdf_of("prueba"), "application/pdf")}
    answer = session.post(f"{stack.url}/mesa-de-partes/recepcion", data=form, files=files, timeout=20)
    assert answer.ok, answer.text[:1000]


def _kill_worker_at(stack, point, act):
    """Arm a point, do `act`, wait for the hit and raise the worker again."""
    chaos = stack.folder / "chaos"
    (chaos / "armed" / slug(point)).write_text("self")
    act()
    _until(lambda: list((chaos / "hits").iterdir()), 15, f"{point} was never reached")
    stack.processes["worker-0"].wait(10)
    stack.start("worker-0")


def _lease(stack, code, _with_guard):
    _kill_worker_at(stack, "after the claim", lambda: _file(stack, code))
    return _unsent(stack, 10)


def _question(stack, code, _with_guard):
    """The national contract's receiver answers -1, with no text, to a CUO that it has already."""
    _kill_worker_at(stack, "after the POST", lambda: _file(stack, code))
    return _unsent(stack, 12)


def _receiver(stack, code, with_guard):
    """The first POST is slow to be stored; asked meanwhile, the receiver says that it has nothing, and truly so."""
    stack.control(code, deduplicate=with_guard, delay=3)
    _file(stack, code)
    _until(lambda: _status(stack) == "sending", 10, "it was never sent")
    time.sleep(0.3)
    stack.control(code, delay=0)
    _until(lambda: _status(stack) == "sent", 15, "it never arrived")
    time.sleep(3.5)
    entries = stack.held(code)
    return [f"{entry['cuo']}: {code} holds it {len(entries)} times" for entry in entries[1:]]


_PLAYS = {"lease": _lease, "question": _question, "receiver": _receiver}


def _unsent(stack, seconds):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if _status(stack) in ("sent", "registered"):
            return []
        time.sleep(0.2)
    return [f"after {seconds} s the leg is {_status(stack)}: lost"]


def _status(stack):
    with psycopg2.connect(stack.server.url) as connection, connection.cursor() as cursor:
        cursor.execute("select status from deliveries")
        row = cursor.fetchone()
    return row[0] if row else ""


def _until(claim, seconds, sentence):
    ends = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < ends, sentence
        time.sleep(0.05)


if __name__ == "__main__":
    for scenario in SCENARIOS:
        for held in (True, False):
            print(scenario, "with the guard" if held else "without it", bites(scenario, with_guard=held), os.getpid())
