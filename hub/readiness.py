"""Whether this process can do its work: the database, its tables, the store, the directory; and whether workers live.

What it takes to say so is really done: a query, a document written and read. Asked often, it answers from memory for
a few seconds, so that nobody wears out the store by asking; and whoever asks while another tries does not wait for
what may never answer.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hub import models
from hub.core.errors import MesaError
from hub.monitoring.beats import last_beat
from hub.probing import try_store
from hub.settings import Settings

KEPT: Final = 3.0
"""Seconds that an answer is good for."""
OUTLIVED: Final = 30.0
"""Seconds after which the last answer says nothing any more, while somebody still waits for the next."""
PATIENCE: Final = 3.0
"""Seconds that the store is given."""
SILENT_AFTER: Final = timedelta(minutes=2)
GOOD: Final = "bien"
UNKNOWN: Final = "no se sabe"
NAMES: Final = ("base_de_datos", "tablas", "almacen", "repartidor")


def newest() -> str:
    """The number of the newest migration that this code knows: its file begins with it."""
    versions = Path(models.__file__).parent / "migrations" / "versions"
    return max((file.name.partition("_")[0] for file in versions.glob("[0-9]*_*.py")), default="")


def applied(session: Session) -> str:
    """The number of the newest migration of a database; empty for one without tables."""
    has_any = session.scalar(text("select to_regclass('alembic_version') is not null"))
    return str(session.scalar(text("select version_num from alembic_version")) or "") if has_any else ""


@dataclass
class Readiness:
    """One per process. `checks()` gives what is tried and how it went: `bien`, or what is wrong in a few words."""

    settings: Settings
    now: Callable[[], datetime]
    patience: float = PATIENCE
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: dict[str, str] = field(default_factory=dict)
    asked_at: float = float("-inf")

    def checks(self, session: Session) -> dict[str, str]:
        """base_de_datos, tablas, almacen, repartidor. One thread tries; the others get what was last known."""
        if time.monotonic() - self.asked_at >= KEPT and self.lock.acquire(blocking=False):
            try:
                self.known, self.asked_at = self._tried(session), time.monotonic()
            finally:
                self.lock.release()
        is_outlived = time.monotonic() - self.asked_at >= OUTLIVED
        return dict.fromkeys(NAMES, UNKNOWN) if is_outlived else dict(self.known)

    def _tried(self, session: Session) -> dict[str, str]:
        try:
            tables = self._tables(session)
            said = (GOOD, tables, self._workers(session) if tables == GOOD else UNKNOWN)
        except (SQLAlchemyError, MesaError):
            said = ("no responde", UNKNOWN, UNKNOWN)
        session.rollback()  # nothing is open while the store is tried
        base, tables, workers = said
        return {"base_de_datos": base, "tablas": tables, "almacen": self._store(), "repartidor": workers}

    def _tables(self, session: Session) -> str:
        found, wanted = applied(session), newest()
        if found == wanted:
            return GOOD
        # After a newer `mesa migrate` an older program goes on working: migrations only add.
        return GOOD if found > wanted else "faltan migraciones"

    def _store(self) -> str:
        return GOOD if try_store(self.settings, self.patience).went_well else "no guarda"

    def _workers(self, session: Session) -> str:
        beat_at = last_beat(session)
        if beat_at is None:
            return "ninguno en marcha"
        return GOOD if beat_at > self.now() - SILENT_AFTER else "sin latido"
