"""One process of the demonstration: started, watched, started again when it dies, stopped."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hub.embedded.children import private_log, spawn

LONGEST_PAUSE = 30.0
STEADY_AFTER = 10.0
ALIVE_FOR = 3.0


@dataclass(frozen=True)
class Part:
    """What to start. Ready when `url` answers below 500; without one, when it has lived some seconds."""

    name: str
    title: str
    argv: tuple[str, ...]
    url: str = ""


@dataclass
class Child:
    """A Part with its process. `env` is whole; `log` is appended to."""

    part: Part
    env: Mapping[str, str]
    cwd: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    pause: float = 1.0
    started_at: float = field(default=0.0)

    def start(self) -> None:
        with private_log(self.log) as log:
            self.process = spawn(self.part.argv, log=log, env=self.env, cwd=self.cwd)
        self.started_at = time.monotonic()

    @property
    def exit_code(self) -> int | None:
        """None while it runs; a negative number is the signal that ended it."""
        return self.process.poll() if self.process else None

    def is_ready(self) -> bool:
        if self.process is None or self.exit_code is not None:
            return False
        if self.part.url:
            return _answers(self.part.url)
        return time.monotonic() - self.started_at >= ALIVE_FOR

    def is_due(self) -> bool:
        """True when a dead one has waited out its pause, which doubles for one that dies young."""
        return time.monotonic() - self.started_at >= self.pause

    def restart(self) -> None:
        lived = time.monotonic() - self.started_at
        self.pause = 1.0 if lived > STEADY_AFTER else min(self.pause * 2, LONGEST_PAUSE)
        self._kill_the_rest()
        self.start()

    def ask_to_stop(self) -> None:
        if self.process and self.exit_code is None:
            self.process.send_signal(signal.SIGTERM)

    def finish(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic) for it to end by itself; then kill it and what it had started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._kill_the_rest()
        self.process.wait()

    def _kill_the_rest(self) -> None:
        """Its own children share its session; a gunicorn killed by -9 leaves workers for a moment."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own loopback addresses
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False
