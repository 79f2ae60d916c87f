"""Writing new rows that are whole: one plain INSERT a table, without the unit of work's bookkeeping.

A filing is nine rows whose ids are reserved beforehand. Flushed one by one they cost several times the processor time
of their statements, and intake is where the hub spends most of it (docs/benchmarks.md).
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import Session, class_mapper, make_transient_to_detached

from hub.models.base import Base


@cache
def _insert_into(kind: type[Base]) -> tuple[Insert, tuple[tuple[str, str, Callable[[], Any]], ...]]:
    """The statement of a table, and (attribute, column, what a missing value becomes) of each of its columns."""
    mapper = class_mapper(kind)
    columns = mapper.local_table.columns
    written = tuple((mapper.get_property_by_column(one).key, one.key, _default_of(one)) for one in columns)
    return insert(mapper.local_table), written  # type: ignore[arg-type]


def _default_of(column: Any) -> Callable[[], Any]:
    default = column.default
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def table_of(kind: type[Base]) -> Table:
    """The table of a model, for statements of the Core, which cost a fraction of the ORM's."""
    return cast(Table, kind.__table__)


def write_new(session: Session, rows: Sequence[Base]) -> None:
    """Insert rows of one table, whose ids are given; the session knows them as stored afterwards.

    A column that was not set gets its default, or NULL. Rows that others point at are written before these.
    """
    if not rows:
        return
    statement, columns = _insert_into(type(rows[0]))
    for row in rows:
        held = vars(row)
        for attribute, _, default in columns:
            if attribute not in held:
                setattr(row, attribute, default())
    with session.no_autoflush:
        session.execute(statement, [{column: vars(row)[key] for key, column, _ in columns} for row in rows])
    for row in rows:
        make_transient_to_detached(row)
        session.add(row)
