"""Brings a database to the newest schema, one process at a time."""

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

_LOCK = 7_306_001
TRIES, PAUSE = 60, 2
"""How often a migration asks for a table that is not free, and seconds between; it waits three seconds each time."""
LOCK_NOT_AVAILABLE = "55P03"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(engine: Engine, to: str = "head") -> None:
    """Run every migration that is missing up to `to`. Waits for another process that is doing the same."""
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            _upgrade(connection, to)
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


def _upgrade(connection: Connection, to: str) -> None:
    """A migration that others keep from a table lets them pass and is tried again, for five minutes."""
    config = _config()
    config.attributes["connection"] = connection
    for left in reversed(range(TRIES)):
        try:
            command.upgrade(config, to)
            connection.commit()
            return
        except OperationalError as error:
            connection.rollback()
            if not left or getattr(error.orig, "pgcode", "") != LOCK_NOT_AVAILABLE:
                raise
            time.sleep(PAUSE)


def new_revision(engine: Engine, message: str) -> None:
    """Write a migration from the difference between the models and a database (a developer's command)."""
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)
