"""Two web processes and two workers on one database, as on two machines behind one web server: `Two(folder)`."""

import itertools
import os
import signal
import subprocess
import sys

import requests

from hub.embedded.children import spawn
from tests.keeping.drill import wait_for
from tests.ports import free_port
from tests.stack import ROOT, Stack

OTHER = "web-b"
GRACE = 30.0
"""TimeoutStopSec of the units: who has not ended by then is killed."""


class Two(Stack):
    """`url` is one of the two web processes, in turn, as the web server in front chooses."""

    turns, code = itertools.count(), ROOT
    """`code` is the checkout whose programs are started."""

    @property
    def urls(self):
        return [f"http://127.0.0.1:{self.ports[name]}" for name in ("web", OTHER) if name in self.ports]

    @property
    def url(self):
        return self.urls[next(self.turns) % len(self.urls)]

    def start(self, name):
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = spawn(self._command(name), log=log, env=self.environ, cwd=self.code)

    def start_second(self):
        self.ports[OTHER] = free_port()
        self.start(OTHER)
        self.wait_for_web(OTHER)

    def _command(self, name):
        if name != OTHER:
            return super()._command(name)
        bind = f"127.0.0.1:{self.ports[OTHER]}"
        return [sys.executable, "-m", "gunicorn", "-c", "python:hub.serving", "-b", bind, "wsgi:app"]

    def wait_for_web(self, name):
        def answers():
            try:
                return requests.get(f"http://127.0.0.1:{self.ports[name]}/salud", timeout=5).status_code == 200
            except requests.RequestException:
                return False

        wait_for(answers, f"{name} does not answer")

    def restart(self, name):
        """As `systemctl restart` does it: SIGTERM to the process alone, and its end is awaited. Gives its exit code."""
        process = self.processes[name]
        os.kill(process.pid, signal.SIGTERM)
        try:
            code = process.wait(GRACE)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"{name} had not ended {GRACE:.0f} s after SIGTERM") from error
        self.start(name)
        if name.startswith("web"):
            self.wait_for_web(name)
        return code
