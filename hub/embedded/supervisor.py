"""`mesa run`: everything the demonstration needs, each in its own process, and nothing left when it ends.

Order: PostgreSQL, preparation (migrations, keys, directory, accounts), then mail, web, worker and the
institutions together. The way back is the reverse. All runs in the main thread, because the kernel ends
our children when the thread that started them ends.
"""

import re
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hub.embedded import postgres
from hub.embedded.child import Child, Part
from hub.embedded.errors import EmbeddedError
from hub.embedded.waiting import Patience, Wait

STOP_WITHIN = 12.0
WATCH_EVERY = 0.3
_EXCEPTION = re.compile(r"^[\w.]+(Error|Exception|Failure)\b")
Say = Callable[[str], None]


class Stopped(Exception):
    """Ctrl-C, SIGTERM or a closed terminal: time to stop."""


class Bell:
    """Rung by a signal, heard between steps, so that no step is cut in the middle. Rung twice is rung once."""

    def __init__(self) -> None:
        self.is_rung = False
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._ring)

    def _ring(self, *_: object) -> None:
        self.is_rung = True

    def pause(self, seconds: float) -> None:
        """Sleep. Raises Stopped if the bell was rung."""
        if not self.is_rung:
            time.sleep(seconds)
        if self.is_rung:
            raise Stopped


@dataclass
class Supervisor:
    """The processes of one clone. `env` is what every child gets; DATABASE_URL is added by `start_database`."""

    root: Path
    data: Path
    env: dict[str, str]
    say: Say
    bell: Bell
    server: postgres.Server | None = None
    children: list[Child] = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)

    def start_database(self) -> None:
        """The embedded server, unless DATABASE_URL already names another."""
        if "DATABASE_URL" not in self.env:
            self.server = postgres.start(self.data / "postgres")
            self.env["DATABASE_URL"] = self.server.url

    def run_once(self, part: Part) -> None:
        """Run a part to its end. Raises EmbeddedError with its last words if it fails."""
        child = self._child(part)
        child.start()
        self.children.append(child)
        wait = Wait(self.patience, self.say)
        while child.exit_code is None:  # with no end: migrations of many rows take what they take
            wait.tell(part.title)
            self.bell.pause(0.05)
        self.children.remove(child)
        if child.exit_code:
            raise EmbeddedError(f"Falló {part.title}: {_reason(child.log)} (todo en {child.log})")

    def start_all(self, parts: Sequence[Part]) -> None:
        """Start them together and wait until each answers, for as long as they live and the patience lasts.

        Raises EmbeddedError at once where one dies, and at the end naming the first that does not answer.
        """
        for part in parts:
            child = self._child(part)
            child.start()
            self.children.append(child)
        wait, waiting = Wait(self.patience, self.say), list(self.children)
        while waiting:
            _are_alive(waiting)
            if waiting[0].is_ready():
                del waiting[0]
                continue
            if wait.is_over:
                raise EmbeddedError(_too_slow(waiting[0], wait.took))
            wait.tell(waiting[0].part.title)
            self.bell.pause(0.1)

    def watch(self) -> None:
        """Keep everything running, for ever."""
        while True:
            self.bell.pause(WATCH_EVERY)
            if self.server and not self.server.is_running():
                self._revive_database()
            for child in self.children:
                if child.exit_code is not None and child.is_due():
                    self.say(f"Terminó {child.part.title} ({_ending(child.exit_code)}): arranca de nuevo.")
                    child.restart()

    def stop(self) -> None:
        """Everything at once but the database, which is last; nobody outlives this."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN
        for child in self.children:
            child.finish(deadline)
        if self.server:
            self.server.stop()

    def _revive_database(self) -> None:
        assert self.server is not None
        self.say("Terminó PostgreSQL: arranca de nuevo.")
        before = self.server.url
        self.server = postgres.start(self.data / "postgres")
        if self.server.url != before:  # its port was lost to another program: everybody has to learn the new one
            self.env["DATABASE_URL"] = self.server.url
            for child in self.children:
                child.ask_to_stop()

    def _child(self, part: Part) -> Child:
        log = self.data / "log" / f"{part.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))  # the run before this one
        return Child(part, self.env, self.root, log)


def _are_alive(children: Sequence[Child]) -> None:
    """Raises EmbeddedError with the last words of one that ended."""
    for child in children:
        if (code := child.exit_code) is not None:
            said = f"{_reason(child.log)} (en {child.log})"
            raise EmbeddedError(f"No arrancó {child.part.title} ({_ending(code)}): {said}")


def _too_slow(child: Child, took: float) -> str:
    who = child.part.title
    return (f"{who[0].upper()}{who[1:]} no respondió en {took:.0f} s, aunque no se detuvo: la máquina puede estar muy "
            f"ocupada. Repite la misma orden, que sigue donde quedó; lo que dijo está en {child.log}")  # fmt: skip


def _ending(code: int) -> str:
    return f"señal {-code}" if code < 0 else f"código {code}"


def _reason(log: Path) -> str:
    """The line of a log that says why: the last exception, else the last line."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()] if log.exists() else []
    said = [line for line in lines if line]
    return next((line for line in reversed(said) if _EXCEPTION.match(line)), said[-1] if said else "sin explicación")
