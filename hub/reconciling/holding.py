"""Holding a comparison for as long as it lasts, whatever it waits for: an institution's list, an answer, a pace."""

import logging
import threading
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

from hub import comparisons
from hub.dispatch import Tools
from hub.models import Comparison

log = logging.getLogger("mesa.worker")


class LeftOff(Exception):
    """This comparison goes on no more here: another worker took it over, or this process is to end."""


class Hold:
    """Renews the lease on a clock of its own, from entering it to leaving it."""

    def __init__(self, tools: Tools, run: Comparison) -> None:
        self._tools, self._run = tools, run
        self._is_over, self._is_lost = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"hold {run.id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def check(self) -> None:
        """To be called between two steps. Raises LeftOff."""
        if self._is_lost.is_set() or self._tools.stopping.is_set():
            raise LeftOff

    def _renew(self) -> None:
        tools = self._tools
        while not self._is_lost.is_set() and not self._is_over.wait(tools.settings.lease / 3):
            try:
                with tools.sessions() as session:
                    is_ours = comparisons.keep(session, self._run.id, tools.name, tools.clock() + tools.lease)
                    session.commit()
            except SQLAlchemyError as error:  # tried again; if the lease ends meanwhile, the answer says whose it is
                log.warning("comparison %s: not renewed (%s)", self._run.id, type(error).__name__)
                continue
            if not is_ours:
                self._is_lost.set()
