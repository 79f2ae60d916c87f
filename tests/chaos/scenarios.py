"""Three guards, each taken away in turn: the comparison must find what it was for, and nothing with it in place."""

import os
import tempfile
import time
from contextlib import contextmanager
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
SETTINGS = {"MESA_CALL_TIMEOUT": "1", "MESA_LEASE": "2", "MESA_ASK_AFTER": "600"}
"""Nobody asks after a leg of an earlier scenario: that would be taken for the question of this one."""
WITH, LOST, PATIENCE = 30, 6, 40
"""Seconds: for a guard to put things right, which takes it three; until nobody will any more; for what must come."""


@contextmanager
def playground():
    """The stack on which the scenarios are played, one after the other."""
    folder = Path(tempfile.mkdtemp(prefix="mesa-scenario-"))
    for part in ("armed", "taken", "hits", "pids"):
        (folder / "chaos" / part).mkdir(parents=True)
    settings = SETTINGS | {"CHAOS_FOLDER": str(folder / "chaos"), "CHAOS_WITHOUT": ""}
    flags = ["--register-after=600", "--retry-first=0.3"]
    stack = Stack(folder, codes=("igp", "oefa"), settings=settings, worker_module="tests.chaos.worker",
                  web_workers=1, sandbox_flags=flags, fast_database=True)  # fmt: skip
    try:
        with stack:
            yield stack
    finally:
        place.remove(folder)


def bites(stack, name, *, with_guard=False):
    """Play a scenario; gives what the comparison found wrong, as sentences (none: the guard holds)."""
    guard = SCENARIOS[name]
    without = guard if guard != "receiver" and not with_guard else ""
    if without:
        _worker_without(stack, without)
    found = _PLAYS[guard](stack, with_guard)
    if without:
        _worker_without(stack, "")
        _until(lambda: _status(stack) not in ("queued", "sending"), WITH, "what was lost does not move again")
    return found


def _worker_without(stack, guard):
    stack.settings["CHAOS_WITHOUT"] = guard
    stack.kill("worker-0")
    stack.start("worker-0")


def _file(stack, code):
    session = stack.session()
    subject = f"Escrito {uuid4().hex[:8]}"
    form = a_filing(session, code, subject)
    files = {"main_document": ("solicitud.pdf", pdf_of(subject), "application/pdf")}
    answer = session.post(f"{stack.url}/mesa-de-partes/recepcion", data=form, files=files, timeout=20)
    assert answer.ok, answer.text[:1000]


def _kill_worker_at(stack, point, act):
    """Arm a point, do `act`, wait for the hit and raise the worker again."""
    chaos = stack.folder / "chaos"
    before = len(list((chaos / "hits").iterdir()))
    (chaos / "armed" / slug(point)).write_text("self")
    act()
    _until(lambda: len(list((chaos / "hits").iterdir())) > before, PATIENCE, f"{point} was never reached")
    stack.processes["worker-0"].wait(PATIENCE)
    stack.start("worker-0")


def _lease(stack, with_guard):
    _kill_worker_at(stack, "after the claim", lambda: _file(stack, "igp"))
    return _unsent(stack, WITH if with_guard else LOST)


def _question(stack, with_guard):
    """The national contract's receiver answers -1, with no text, to a CUO that it has already."""
    _kill_worker_at(stack, "after the POST", lambda: _file(stack, "oefa"))
    return _unsent(stack, WITH if with_guard else LOST)


def _receiver(stack, with_guard, code="igp"):
    """The first POST is slow to be stored; asked meanwhile, the receiver says that it has nothing, and truly so."""
    stack.control(code, deduplicate=with_guard, delay=3)
    _file(stack, code)
    _until(lambda: _status(stack) == "sending", PATIENCE, "it was never sent")
    time.sleep(0.3)
    stack.control(code, delay=0)
    _until(lambda: _status(stack) == "sent", PATIENCE, "it never arrived")
    time.sleep(3.5)
    entries = [entry for entry in stack.held(code) if entry["cuo"] == _newest(stack, "cuo")]
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
    return _newest(stack, "status")


def _newest(stack, column):
    """What the newest leg has in a column; empty while there is none."""
    with psycopg2.connect(stack.server.url) as connection, connection.cursor() as cursor:
        cursor.execute(f"select {column} from deliveries order by id desc limit 1")
        row = cursor.fetchone()
    return row[0] if row else ""


def _until(claim, seconds, sentence):
    ends = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < ends, sentence
        time.sleep(0.05)


if __name__ == "__main__":
    with playground() as ground:
        for scenario in SCENARIOS:
            for held in (True, False):
                said = "with the guard" if held else "without it"
                print(scenario, said, bites(ground, scenario, with_guard=held), os.getpid())
