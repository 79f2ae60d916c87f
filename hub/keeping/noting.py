"""How a round ended, written into the database that it copies: so the hub itself knows how its copies go."""

import sqlite3
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub.core.errors import StorageFailure
from hub.embedded.errors import EmbeddedError
from hub.keeping.documents import AnotherStore
from hub.keeping.objects import NotTaken
from hub.keeping.programs import ProgramFailed
from hub.keeping.shelf import Round
from hub.models import BackupRound
from hub.monitoring.rounds import note

FAILURES: Final = (EmbeddedError, StorageFailure, DBAPIError, OSError, sqlite3.Error)
"""What a round may fail of; the next one may go well."""
CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (NotTaken, "COPY_FOLDER_FAILED"), (StorageFailure, "COPY_STORE_FAILED"), (AnotherStore, "COPY_STORE_ANOTHER"),
    (ProgramFailed, "COPY_PROGRAM_FAILED"), (EmbeddedError, "COPY_REFUSED"), (DBAPIError, "COPY_DATABASE_FAILED"),
    (OSError, "COPY_FOLDER_FAILED"), (sqlite3.Error, "COPY_FOLDER_FAILED"),
)  # fmt: skip
"""The first that fits."""
_SAID = 300
_AT_ONCE = text("set local lock_timeout = '5s'; set local synchronous_commit = local")
"""A copy is taken also while a replica is missing, and waits for nobody who changes tables."""


def note_whole(engine: Engine, done: Round, now: datetime) -> str:
    """Write down a round that brought everything. Gives why that cannot be written; "" where it was."""
    return _write(engine, BackupRound(
        ended_at=now, until=done.until, upto=done.upto, documents=done.documents, bytes=done.bytes,
        code="", said="", failures_in_a_row=0,
    ))  # fmt: skip


def note_failed(engine: Engine, error: Exception, now: datetime) -> str:
    """Write down a round that failed of one of FAILURES; as `note_whole`."""
    code = next(code for kind, code in CODES if isinstance(error, kind))
    return _write(engine, BackupRound(
        ended_at=now, upto="", documents=0, bytes=0, code=code, said=said_by(error), failures_in_a_row=0,
    ))  # fmt: skip


def _write(engine: Engine, ended: BackupRound) -> str:
    try:
        with Session(engine) as session:
            session.execute(_AT_ONCE)
            note(session, ended)
            session.commit()
    except DBAPIError as error:
        return said_by(error)
    return ""


def said_by(error: Exception) -> str:
    """What the system, a program, the database or the bucket's server said of it: one line."""
    if isinstance(error, DBAPIError):
        error = error.orig if isinstance(error.orig, Exception) else error
    cause = (error.__cause__ or error) if isinstance(error, StorageFailure) else error
    told = cause.strerror if isinstance(cause, OSError) and isinstance(error, StorageFailure) else ""
    return (told or str(cause)).partition("\n")[0][:_SAID]
