"""The whole hub as processes on loopback, for journeys, chaos and bench: database, web, workers, institutions.

with Stack(folder) as stack:      # migrated, with keys, directory and demo accounts
    stack.session()               # signed in as SERNANP's clerk, ready to file
"""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import requests

from hub.embedded import postgres
from hub.embedded.children import spawn
from hub.embedded.parts import operator_ruc, sandbox_part, sandboxes
from hub.embedded.prepare import prepare
from hub.settings import Settings
from tests.directory import ENTITIES
from tests.ports import free_port
from tests.prototype import migrated

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "clave-de-prueba-segura"
CLERK = "recepcion@sernanp.example"
ADMIN = "sector@minam.example"
OFFICER = "bandeja@iiap.example"
SCALED = {
    "MESA_LEASE": "4",
    "MESA_SWEEP": "0.5",
    "MESA_CALL_TIMEOUT": "3",
    "MESA_RETRY_FIRST": "0.4",
    "MESA_RETRY_FACTOR": "2",
    "MESA_RETRY_CAP": "3",
    "MESA_BREAKER_OPEN": "0.5",
    "MESA_BREAKER_OPEN_AT_MOST": "3",
    "MESA_ASK_AFTER": "5",
    "MESA_RECONCILE_AT": "",
}
"""Intervals of a clock that runs faster, in seconds."""


class Stack:
    """`settings` are environment variables on top of the scaled ones; `sandbox_flags` go to every institution.

    `webs` are web processes, each on a port of its own (`urls`); where there are several they share another (`url`),
    and the kernel gives each connection to one that lives. `objects` is the S3 server that keeps the documents
    (tests.s3.server.Objects), where they are to be in one.
    """

    def __init__(self, folder, *, settings=None, codes=("igp", "senace", "oefa"), workers=1, web_workers=2, papers=0,
                 web_module=None, worker_module=None, sandbox_flags=(), fast_database=False, entities=ENTITIES,
                 webs=1, objects=None):  # fmt: skip
        self.folder, self.entities = Path(folder), Path(entities)
        self.codes, self.worker_count, self.papers_count = codes, workers, papers
        self.web_module, self.worker_module = web_module, worker_module
        self.sandbox_flags = list(sandbox_flags)
        self.fast_database, self.objects = fast_database, objects
        self.webs = ("web", *(f"web-{number}" for number in range(2, webs + 1)))
        self.shared = ["public"] if webs > 1 else []
        self.ports = {name: free_port() for name in (*self.webs, *self.shared, *(["tsa"] if papers else []), *codes)}
        self.processes = {}
        self.server = None
        self.settings = {
            **SCALED,
            "MESA_DATA": str(self.folder),
            "MESA_ENTITIES": str(self.entities),
            "MESA_PUBLIC_URL": self.url,
            "MESA_SECRET_KEY": uuid4().hex,
            "MESA_TRACKING_SECRET": uuid4().hex,
            "MESA_IS_DEMO": "1",
            "MESA_WEB_WORKERS": str(web_workers),
            "MESA_DEMO_PASSWORD": PASSWORD,
            **({"MESA_TSA": f"http://127.0.0.1:{self.ports['tsa']}/"} if papers else {}),
            **(objects.settings if objects else {}),
            **(settings or {}),
        }
        self.played = [one for one in sandboxes(self.entities) if one.code in codes]
        for one in self.played:
            self.settings[one.variable] = f"http://127.0.0.1:{self.ports[one.code]}{one.path}"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.ports['public' if self.shared else 'web']}"

    @property
    def urls(self):
        """The address of each web process."""
        return [f"http://127.0.0.1:{self.ports[name]}" for name in self.webs]

    @property
    def environ(self):
        return {**os.environ, "DATABASE_URL": self.server.url, **self.settings}

    def __enter__(self):
        with ExitStack() as undo:
            undo.callback(self.stop)
            self.folder.mkdir(parents=True, exist_ok=True)
            self.start_database()
            if self.objects:
                self.start("objects")
            with patch.dict(os.environ, self.environ):  # a process of its own would take two seconds to import it
                prepare(Settings.from_env(), PASSWORD)
            for one in self.played:
                self.start(one.code)
            for name in self.webs:
                self.start(name)
            for number in range(self.worker_count):
                self.start(f"worker-{number}")
            for name in ("tsa", *(f"papers-{number}" for number in range(self.papers_count))):
                if self.papers_count:
                    self.start(name)
            self.wait_ready()
            undo.pop_all()
        return self

    def __exit__(self, *_):
        self.stop()

    def start_database(self):
        self.server = postgres.start(migrated(self.folder / "postgres"), fast=self.fast_database)

    def start(self, name):
        """Start a process by name: web, worker-0, igp, objects ..."""
        if name == "objects":
            self.objects.start(self.environ)
            self.processes[name] = self.objects.process
            return
        self.processes[name] = spawn(
            self._command(name), log=(self.folder / f"{name}.log").open("ab"), env=self.environ, cwd=ROOT
        )

    def _command(self, name):
        if name in self.webs:
            binds = ["--reuse-port"] if self.shared else []
            for one in (name, *self.shared):
                binds += ["-b", f"127.0.0.1:{self.ports[one]}"]
            target = f"{self.web_module}:app" if self.web_module else "wsgi:app"
            return [sys.executable, "-m", "gunicorn", "-c", "python:hub.serving", *binds, target]
        if name.startswith("worker"):
            return [sys.executable, "-m", self.worker_module or "hub.worker"]
        if name.startswith("papers"):
            return [sys.executable, "-m", "hub.paperwork_process"]
        if name == "tsa":
            published = str(self.folder / "keys" / "tsa" / "crt.pem")
            where = ["--port", str(self.ports["tsa"]), "--data", str(self.folder / "tsa"), "--publish", published]
            return [sys.executable, "-m", "adapters.sandbox.timestamp", *where]
        one = next(one for one in self.played if one.code == name)
        part = sandbox_part(one, self.ports[name], self.folder, self.url, operator_ruc(self.entities))
        flags = [flag for flag in self.sandbox_flags if one.way != "iotramite" or "register" in flag or "retry" in flag]
        return [*part.argv, *flags]

    def wait_ready(self, seconds=150):
        ends = time.monotonic() + seconds
        for name in (*self.webs, *self.codes):
            path = "/" if name in self.webs else "/control"
            while True:
                try:
                    if requests.get(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=5).status_code < 500:
                        break
                except requests.RequestException as error:
                    if time.monotonic() > ends:
                        raise AssertionError(f"{name} does not answer: {self.tail(name)}") from error
                assert time.monotonic() < ends, f"{name} is not ready: {self.tail(name)}"
                time.sleep(0.1)

    def tail(self, name, lines=30):
        return "\n".join((self.folder / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])

    def kill(self, name):
        """As a power cut would: the process and what it had started."""
        process = self.processes[name]
        for pid in [process.pid, *children_of(process.pid)]:
            kill_quietly(pid)
        process.wait()

    def kill_database(self):
        for pid in [self.server.pid, *children_of(self.server.pid)]:
            kill_quietly(pid)
        self.server.process.wait()

    def stop(self):
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for name, process in self.processes.items():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill(name)
        self.processes.clear()
        if self.server is not None:
            self.server.stop()
            self.server = None

    def session(self, email=CLERK):
        """A requests session that is signed in."""
        session = requests.Session()
        token = csrf_of(session.get(f"{self.url}/ingresar", timeout=20).text)
        form = {"csrf_token": token, "email": email, "password": PASSWORD}
        answer = session.post(f"{self.url}/ingresar", data=form, timeout=20)
        assert answer.ok and "/ingresar" not in answer.url, answer.text[:2000]
        session.csrf = csrf_of(session.get(f"{self.url}/mesa-de-partes/recepcion", timeout=20).text)
        return session

    def control(self, code, **switches):
        requests.post(f"http://127.0.0.1:{self.ports[code]}/control", json=switches, timeout=5).raise_for_status()

    def held(self, code):
        return requests.get(f"http://127.0.0.1:{self.ports[code]}/control/held", timeout=60).json()


def csrf_of(page):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return found[1] if found else ""


def a_filing(session, destination, subject, *, form_token=None, email=""):
    """The clerk's form as a browser posts it, without its files."""
    return {
        "csrf_token": session.csrf,
        "form_token": form_token or str(uuid4()),
        "destination": destination,
        "person_type": "natural",
        "document_kind": "dni",
        "document_number_of_person": "10117410",
        "names": "Ana Quispe Ñahui",
        "email": email,
        "document_type": "solicitud",
        "document_number": "s/n",
        "subject": subject,
        "folios": "2",
    }


def children_of(pid):
    """Pids of the direct children of a process."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue  # it ended while we looked
        if int(text.rpartition(")")[2].split()[1]) == pid:
            found.append(int(status.parent.name))
    return found


def kill_quietly(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
