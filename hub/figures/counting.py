"""Counting the spans of time: days that are over once, the hours of today again and again."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from hub.core.calendar import LIMA, local_date
from hub.core.directory import Directory
from hub.figures import sums
from hub.models import BoardSpan
from hub.models.writing import table_of

KEPT: Final = timedelta(days=400)
"""How far back is counted."""
SETTLES: Final = timedelta(minutes=10)
"""A span is over when everything that was being written in its last moment is surely committed."""
ONE_AT_A_TIME: Final = "hub.figures.counting"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_FIRST = text("""
    select min(first) from entities e
    cross join lateral (select min(presented_at) as first from filings f where f.received_by_id = e.id) as each
""")


def midnight(instant: datetime) -> datetime:
    """The beginning of an instant's day in Peru."""
    return datetime.combine(local_date(instant), time(), LIMA)


def may_count(session: Session) -> bool:
    """True for one worker at a time, until its transaction ends."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(ONE_AT_A_TIME)))))


def wait_to_count(session: Session) -> None:
    """As `may_count`, once whoever counts now is through with the span at hand."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(ONE_AT_A_TIME))))


def unsettle(session: Session, start: datetime) -> None:
    """What was counted since the midnight before an instant is due again, because something was written into it later.

    Under the lock of who counts, and after what was written is committed; written, not committed.
    """
    table = table_of(BoardSpan)
    session.execute(update(table).where(table.c.start >= midnight(start)).values(counted_at=table.c.start))


def due(
    session: Session, now: datetime, most: int = 10, every: timedelta = timedelta()
) -> list[tuple[datetime, datetime]]:
    """The spans to be counted now, as (start, until): the hours of today first, then days that are over.

    At most so many days at once; the newest first, so that a screen is useful before all of them are counted. An hour
    that is not over is counted again only `every` so often, however many workers there are.
    """
    query = select(BoardSpan).where(BoardSpan.start >= midnight(now - KEPT))
    known = {row.start: row for row in session.scalars(query)}
    days = [day for day in _days_over(session, now) if not _is_settled(known.get(day), day + DAY)]
    first_open = min([midnight(now), *(day for day in days[:1] if day + DAY + SETTLES > now)])
    hours = [
        (start, start + HOUR)
        for start in _steps(first_open, now, HOUR)
        if not (_is_settled(known.get(start), start + HOUR) or _is_fresh(known.get(start), start + HOUR, now - every))
    ]
    return hours + [(day, day + DAY) for day in days if day + DAY + SETTLES <= now][:most]


def _days_over(session: Session, now: datetime) -> list[datetime]:
    """The days before today on which something can have happened, the newest first."""
    first = session.scalar(_FIRST)
    if first is None:
        return []
    begin = midnight(max(first, now - KEPT))
    return sorted(_steps(begin, midnight(now), DAY), reverse=True)


def _steps(start: datetime, until: datetime, step: timedelta) -> Iterator[datetime]:
    while start < until:
        yield start
        start += step


def _is_settled(span: BoardSpan | None, until: datetime) -> bool:
    """It was counted as a whole, after it was over."""
    return span is not None and span.until == until and span.counted_at >= until + SETTLES


def _is_fresh(span: BoardSpan | None, until: datetime, since: datetime) -> bool:
    """It was counted as a whole a moment ago."""
    return span is not None and span.until == until and span.counted_at > since


def count(session: Session, directory: Directory, start: datetime, until: datetime, now: datetime) -> None:
    """Count a span, whatever was counted in it before; written, not committed.

    What lies within a longer span that was counted is left: it is counted there.
    """
    longer = select(BoardSpan.start).where(
        BoardSpan.start <= start, BoardSpan.until >= until, BoardSpan.until - BoardSpan.start > until - start
    )
    if session.scalar(longer.limit(1)) is not None:
        return
    given = {"start": start, "until": until, **_places(directory)}
    for statement in sums.CLEAR:
        session.execute(statement, given)
    session.execute(insert(table_of(BoardSpan)), {"start": start, "until": until, "counted_at": now})
    for statement in (sums.FLOWS, sums.SHARES, sums.WAITS):
        session.execute(statement, given)


def _places(directory: Directory) -> dict[str, list[Any]]:
    """Where each institution and each counter is, as the sums ask for it."""
    counters = [(body.id, one) for body in directory.entities for one in body.counters]
    return {
        "bodies": [body.id for body in directory.entities],
        "ubigeos": [body.principal_counter.ubigeo for body in directory.entities],
        "counter_bodies": [body for body, _ in counters],
        "counter_codes": [one.code for _, one in counters],
        "counter_ubigeos": [one.ubigeo for _, one in counters],
    }
