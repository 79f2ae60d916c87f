"""A line that brings a message too slowly holds the thread that reads it: here that comes to an end.

Each message begins with some seconds of patience. Waiting for the other end uses them up, and what it brings gives some
back, never more than there were: whoever keeps up the rate is not cut, nor one that pauses for less than that patience.
What our own side takes between two reads costs nobody anything.
"""

import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pace:
    """How slow a line may be: seconds of patience, bytes a second, seconds of waiting for one message at most."""

    patience: float
    rate: float
    most: float


class Line:
    """A socket as a server's parser reads it. One that is too slow reads as if its other end sent nothing more."""

    def __init__(self, line: socket.socket, pace: Pace) -> None:
        self._line, self._pace = line, pace
        self.begin()

    def begin(self) -> None:
        """Another message begins."""
        self._patience, self._left = self._pace.patience, self._pace.most
        self.is_too_slow = False
        self.when_slow: Callable[[], object] = lambda: None

    def recv(self, size: int) -> bytes:
        """As of a socket; b"" too from where it was too slow."""
        if self._line.gettimeout() is not None:  # whoever throws away what nobody read has a clock of its own
            return self._line.recv(size)
        began = time.monotonic()
        if self.is_too_slow or not self._comes_within(min(self._patience, self._left)):
            self._give_up()
            return b""
        waited, data = time.monotonic() - began, self._line.recv(size)
        self._left -= waited
        self._patience = min(self._pace.patience, self._patience - waited + len(data) / self._pace.rate)
        return data

    def _comes_within(self, seconds: float) -> bool:
        if seconds <= 0:
            return False
        waiting = select.poll()
        waiting.register(self._line, select.POLLIN)
        return bool(waiting.poll(seconds * 1000))

    def _give_up(self) -> None:
        if not self.is_too_slow:
            self.is_too_slow = True
            self.when_slow()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)
