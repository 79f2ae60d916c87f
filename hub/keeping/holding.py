"""One copy at a time in a folder: who is at it holds a lock, which the system lets go of when the process ends."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.embedded.errors import EmbeddedError

PATIENCE, POLL = 30.0, 0.5
"""Seconds: a round without a base takes less than that."""


class Busy(EmbeddedError):
    """Somebody else is at it: no copy failed."""


@contextmanager
def held(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the folder. Raises Busy, with who has it, where it is not free in time."""
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        _wait_for(file.fileno(), folder, patience)
        file.truncate(0)
        file.write(f"proceso {os.getpid()} de {socket.gethostname()}")
        file.flush()
        yield


def _wait_for(descriptor: int, folder: Path, patience: float) -> None:
    ends = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= ends:
                who = (folder / "lock").read_text("utf-8") or "otro proceso"
                raise Busy(f"Ya hay una copia en marcha en {folder} ({who}): espera a que termine.") from error
            time.sleep(POLL)
        else:
            return
