"""The directory that the running system reads: loaded from the tables, refreshed when they say that it changed."""

import logging
import select
import socket
import threading
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub import entities
from hub.clock import now
from hub.core.directory import Directory

CHANNEL = "directory_changed"
RELOAD_AFTER = 60.0
"""Seconds: a declaration whose `valid_from` lies ahead comes into force without anybody saying so."""

log = logging.getLogger(__name__)


class LiveDirectory:
    """One per process. Reads answer from memory; a thread listens for changes once the first read was made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._current: Directory | None = None
        self._listener: threading.Thread | None = None
        self._stopping = threading.Event()
        self._told_to_stop, self._tell_to_stop = socket.socketpair()

    def current(self) -> Directory:
        """The directory as it is now."""
        if self._current is None:
            with self._lock:
                if self._current is None:
                    self._current = self._load()
                    # Started at the first read, so after a web server has forked.
                    self._listener = threading.Thread(target=self._listen, name="directory", daemon=True)
                    self._listener.start()
        return self._current

    def reload(self) -> None:
        """Read the tables again, at once."""
        self._current = self._load()

    def stop(self) -> None:
        """Listen no more; what was read stays."""
        self._stopping.set()
        self._tell_to_stop.send(b"x")
        if self._listener is not None:
            self._listener.join(10)

    def _load(self) -> Directory:
        with Session(self._engine) as session:
            return entities.load(session, now())

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen_until_cut(self.reload)
            except DBAPIError as error:
                log.warning("directory: listening was cut, trying again: %s", type(error).__name__)
            except Exception:  # a declaration that cannot be read: what was read before holds on
                log.exception("directory: could not be read again")
            self._stopping.wait(1.0)

    def _listen_until_cut(self, reload: Callable[[], None]) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"listen {CHANNEL}")
            reload()
            raw = connection.connection.driver_connection
            while raw is not None and not self._stopping.is_set():
                select.select([raw, self._told_to_stop], [], [], RELOAD_AFTER)
                connection.exec_driver_sql("select 1")  # reads what was notified, and finds out a cut connection
                raw.notifies.clear()
                if not self._stopping.is_set():
                    reload()
