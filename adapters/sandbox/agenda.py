"""What is to be done and when: a few threads that take each thing when its time comes."""

import heapq
import threading
import time
from collections.abc import Callable


class Agenda:
    """Steps by the time they are due, done by a few threads."""

    def __init__(self, threads: int, do: Callable[[int], None]) -> None:
        self._do, self._changed = do, threading.Condition()
        self._due: list[tuple[float, int]] = []
        self._is_open = True
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def add(self, at: float, step: int) -> None:
        with self._changed:
            heapq.heappush(self._due, (at, step))
            self._changed.notify()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._changed:
            self._is_open = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(2)

    def _next(self) -> int | None:
        with self._changed:
            while self._is_open:
                wait = self._due[0][0] - time.time() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[1]
                self._changed.wait(wait)
        return None

    def _work(self) -> None:
        while (step := self._next()) is not None:
            self._do(step)
