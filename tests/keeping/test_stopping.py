"""A web process that is told to stop answers what it has taken: a restart costs nobody an answer."""

import os
import signal
import socket
import sys
import time

import pytest
import requests

from hub.embedded.children import spawn
from tests.keeping.drill import wait_for
from tests.ports import free_port
from tests.stack import ROOT

BODY = b"filing_number=2026-0000001-1&tracking_key=AAAAAAAA&more="
REST = b"x" * 2000


@pytest.fixture
def web(fresh_database_url, tmp_path):
    """(process, port) of `mesa web` as the unit starts it."""
    port = free_port()
    env = {**os.environ, "DATABASE_URL": fresh_database_url, "MESA_DATA": str(tmp_path), "MESA_SECRET_KEY": "s" * 32,
           "MESA_TRACKING_SECRET": "t" * 32, "MESA_WEB_WORKERS": "1"}  # fmt: skip
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:hub.serving", "-b", f"127.0.0.1:{port}", "wsgi:app"]
    process = spawn(argv, log=(tmp_path / "web.log").open("ab"), env=env, cwd=ROOT)
    wait_for(lambda: answers(port), (tmp_path / "web.log").read_text())
    yield process, port
    if process.poll() is None:
        process.kill()
    process.wait()


def answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/salud/vivo", timeout=5).ok
    except requests.RequestException:
        return False


def begun(port):
    """A form of which the server has the first half."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    head = (f"POST /seguimiento HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(BODY) + len(REST)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n")  # fmt: skip
    connection.sendall(head.encode() + BODY)
    return connection


def test_what_was_begun_is_answered_and_then_the_process_ends_by_itself(web):
    process, port = web
    forms = [begun(port) for _ in range(3)]
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGTERM)
    wait_for(lambda: not answers(port), "it still takes what is new")
    for form in forms:
        form.sendall(REST)
        assert form.makefile("rb").readline().startswith(b"HTTP/1.1 "), "nobody answered"
        form.close()
    assert process.wait(15) == 0
