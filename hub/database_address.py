"""The database's address as SQLAlchemy wants it, with what a connection needs to outlive the loss of a server."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError

DRIVER: Final = "postgresql+psycopg2"
READ_ONLY: Final = "25006"
"""SQLSTATE read_only_sql_transaction: this server leads no more, or not yet."""
PATIENCE: Final[Mapping[str, str]] = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""A machine that vanished closes nothing: without these its connections hang for a quarter of an hour.

Seconds, the last one milliseconds; each server of the list is waited for so long. What the address says holds.
"""


def sqlalchemy_address(address: str) -> str:
    """A libpq address (`postgresql://user:password@one:5432,two:5432/name?...`) for SQLAlchemy with psycopg2.

    Of several servers libpq takes the first that answers; `target_session_attrs=read-write` makes that the one that
    may write, and is set where there are several and nothing else is said. Anything that is no such address stays.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres", DRIVER):
        return address
    who, at, where = parts.netloc.rpartition("@")
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    options = [(name, value) for name, value in PATIENCE.items() if name not in asked]
    if "," in where:
        options += [("host", one) for one in where.split(",")]
        if "target_session_attrs" not in asked:
            options.append(("target_session_attrs", "read-write"))
        where = ""
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *options])
    return f"{DRIVER}://{who}{at}{where}{parts.path or '/'}?{query}"


@event.listens_for(Engine, "handle_error", retval=True)
def _no_longer_leads(context: ExceptionContext) -> BaseException | None:
    """A server that only reads is as good as one that is gone: the pool is emptied, and the next connection looks anew.

    Otherwise the pool would keep giving them, and psycopg2's class for it is the one of faults of our own.
    """
    if getattr(context.original_exception, "pgcode", None) != READ_ONLY:
        return None
    context.is_disconnect = True
    return OperationalError(context.statement, context.parameters, context.original_exception, hide_parameters=True)
