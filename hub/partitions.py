"""Large tables have a part for each month. Which parts there are, making the next ones, emptying the default one.

A month that was not made in time stops nobody: its rows go to the table's default part, and wait there to be put
into place. Months are those of UTC.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.core.errors import MesaError
from hub.models import Base

LOCK: Final = 7_306_006
AHEAD: Final = 3
"""Months that stand ready besides the one that runs."""
PATIENCE: Final = "400ms"
"""How long a lock is waited for: less than PostgreSQL takes to look for a deadlock, so that it is us who give way."""
_KEPT = re.compile(r"\((\w+)\)")
_BOUND = re.compile(r"'([^']+)'|(MINVALUE|MAXVALUE)")
_PARTS = text("""
    select c.relname, pg_get_expr(c.relpartbound, c.oid) as bound, pg_total_relation_size(c.oid) as size,
      greatest(c.reltuples, 0)::bigint as rows
    from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = cast(:table as regclass) order by c.relname
""")
_EMPTYING = text("""
    select tgname from pg_trigger
    where tgrelid = cast(:table as regclass) and not tgisinternal and tgtype & 1 = 0
""")


@dataclass(frozen=True)
class Part:
    """A part: what is from `since` and before `until` (None: without a bound). The default one takes what is left."""

    table: str
    name: str
    since: datetime | None
    until: datetime | None
    is_default: bool
    rows: int
    """As PostgreSQL last estimated them."""
    size: int
    """Bytes, with its indexes."""

    def has(self, instant: datetime) -> bool:
        is_after = self.since is None or self.since <= instant
        return not self.is_default and is_after and (self.until is None or instant < self.until)


def tables() -> dict[str, str]:
    """The tables that have parts, each with the column that says which."""
    found = {}
    for table in Base.metadata.sorted_tables:
        by = table.dialect_options["postgresql"]["partition_by"]
        if by and (column := _KEPT.search(by)):
            found[table.name] = column[1]
    return found


def parts(session: Session, table: str) -> list[Part]:
    """The parts of a table, by age; the default one last."""
    found = [_part(table, *row) for row in session.execute(_PARTS, {"table": table})]
    return sorted(found, key=lambda one: (one.is_default, one.since or datetime.min.replace(tzinfo=UTC)))


def _part(table: str, name: str, bound: str, size: int, rows: int) -> Part:
    edges = [datetime.fromisoformat(text) if text else None for text, _ in _BOUND.findall(bound)]
    since, until = edges or (None, None)
    return Part(table, name, since, until, is_default=bound == "DEFAULT", rows=rows, size=size)


def months(now: datetime, ahead: int = AHEAD) -> list[datetime]:
    """The first instants of this month and of the next ones."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = [first]
    for _ in range(ahead):
        found.append(following(found[-1]))
    return found


def following(month: datetime) -> datetime:
    """The first instant of the month after."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def missing(session: Session, now: datetime, ahead: int = AHEAD) -> Iterator[tuple[str, datetime]]:
    """(table, first instant of the month) of each part that should stand ready and does not."""
    for table in tables():
        known = parts(session, table)
        for month in months(now, ahead):
            if not any(part.has(month) for part in known):
                yield table, month


def is_my_turn(session: Session) -> bool:
    """True for the one process that makes parts, until its transaction ends."""
    return bool(session.scalar(text("select pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK}))


def make(session: Session, table: str, month: datetime, rows_from: str = "") -> str:
    """Make the part of a month and give its name; `rows_from` names a table whose rows of that month it gets.

    The part is made apart and attached, which stops neither readers nor writers of the others. Raises
    OperationalError where a lock was not free in time, IntegrityError where the default part has rows of that month.
    """
    name, since, until = f"{table}_{month:%Y_%m}", f"{month:%Y-%m-01}T00:00Z", f"{following(month):%Y-%m-01}T00:00Z"
    session.execute(text(f"set local lock_timeout = '{PATIENCE}'"))
    session.execute(text(f"create table {name} (like {table} including defaults including generated)"))
    if rows_from:
        column = tables()[table]
        theirs = f"{column} >= '{since}' and {column} < '{until}'"
        session.execute(text(f"insert into {name} select * from {rows_from} where {theirs}"))  # noqa: S608  names of ours
    session.execute(text(f"alter table {table} attach partition {name} for values from ('{since}') to ('{until}')"))
    _keep(session, table, name)
    return name


def _keep(session: Session, table: str, part: str) -> None:
    """What refuses that the table is emptied refuses it of its part too; other triggers are inherited."""
    emptying = "truncate"
    for trigger in session.scalars(_EMPTYING, {"table": table}).all():
        session.execute(text(
            f"create trigger {trigger} before {emptying} on {part} for each statement execute function refuse_change()"
        ))


def stray(session: Session, table: str) -> int:
    """Rows that stand in the default part because the part of their month was not there."""
    return session.scalar(text(f"select count(*) from {table}_default")) or 0  # noqa: S608


def settle(session: Session, table: str) -> int:
    """Put the rows of the default part into the parts of their months, unchanged; gives how many.

    The table is closed to all others until the transaction ends. Nothing is lost: the default part's old table goes
    only if every row of it stands elsewhere. Raises OperationalError where a lock was not free in time.
    """
    old, column = f"{table}_stray", tables()[table]
    session.execute(text(f"set local lock_timeout = '{PATIENCE}'"))  # behind a lock that waits everybody waits
    session.execute(text(f"lock table {table} in access exclusive mode"))
    if not (count := stray(session, table)):
        return 0
    session.execute(text(f"alter table {table} detach partition {table}_default"))
    session.execute(text(f"alter table {table}_default rename to {old}"))
    session.execute(text(f"create table {table}_default partition of {table} default"))
    _keep(session, table, f"{table}_default")
    months_of = f"select distinct date_trunc('month', {column} at time zone 'UTC') from {old} order by 1"  # noqa: S608
    for month in session.scalars(text(months_of)).all():
        make(session, table, month.replace(tzinfo=UTC), rows_from=old)
    found = session.scalar(text(f"select count(*) from {old} join {table} using (id, {column})"))  # noqa: S608
    if found != count:
        raise MesaError(f"{table}: {count - (found or 0)}", code="ROWS_WITHOUT_PLACE")  # and nothing was committed
    session.execute(text(f"drop table {old}"))
    return count
