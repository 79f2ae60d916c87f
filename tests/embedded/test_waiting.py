"""What starts slowly is waited for, in words; what died is not."""

import sys
import time

import pytest

from hub.embedded.child import Part
from hub.embedded.errors import EmbeddedError
from hub.embedded.ports import free_port
from hub.embedded.supervisor import Supervisor
from hub.embedded.waiting import Patience

SLOW = """
import http.server, sys, time
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
time.sleep(float(sys.argv[2]))
http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Page).serve_forever()
"""
DIES = "raise RuntimeError('sin licencia')"
NEVER = "600"


class Sleeper:
    """A bell that nobody rings."""

    pause = staticmethod(time.sleep)


@pytest.fixture
def supervised(tmp_path):
    """supervised(patience): a supervisor of nothing yet, and what it said."""
    made = []

    def give(patience):
        said = []
        made.append(Supervisor(tmp_path, tmp_path, {}, said.append, Sleeper(), patience=patience))
        return made[-1], said

    (tmp_path / "log").mkdir()
    yield give
    for each in made:
        each.stop()


def part(title, script, *more):
    port = str(free_port())
    return Part(title.split()[-1], title, (sys.executable, "-c", script, port, *more), f"http://127.0.0.1:{port}/")


def test_what_is_slow_is_waited_for_and_it_says_so(supervised):
    supervisor, said = supervised(Patience(longest=60, told_every=0.2))
    supervisor.start_all([part("la web", SLOW, "1")])
    assert said and all(line.startswith("Todavía falta la web: van ") for line in said)
    assert supervisor.children[0].is_ready()


def test_what_prepares_slowly_says_so_too(supervised):
    supervisor, said = supervised(Patience(told_every=0.2))
    supervisor.run_once(Part("prepare", "la preparación", (sys.executable, "-c", "import time; time.sleep(0.6)")))
    assert said and said[0].startswith("Todavía falta la preparación")


def test_what_died_ends_it_at_once_though_another_is_still_starting(supervised):
    supervisor, _ = supervised(Patience(longest=60))
    with pytest.raises(EmbeddedError, match=r"No arrancó el correo \(código 1\): RuntimeError: sin licencia"):
        supervisor.start_all([part("la web", SLOW, NEVER), part("el correo", DIES)])


def test_what_lives_and_never_answers_is_said_to_live(supervised):
    supervisor, _ = supervised(Patience(longest=0.3))
    with pytest.raises(EmbeddedError, match=r"^La web no respondió.*no se detuvo.*la misma orden") as raised:
        supervisor.start_all([part("la web", SLOW, NEVER)])
    assert "web.log" in str(raised.value)
