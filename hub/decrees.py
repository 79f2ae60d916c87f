"""Days by decree: recorded with their norm, taken back by another one, and brought to every open term.

Only a supreme decree makes a day non-business (TUO 148.1); no body closes a day on its own (148.3).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hub import trail
from hub.core.bodies import DecreeDayRecord
from hub.core.directory import Directory
from hub.core.errors import Forbidden, NeedsReason, NotFound
from hub.models import DecreeDay
from hub.recounting import Cause, recount_legs, recount_notices, recount_observations

CHANNEL = "directory_changed"
SEEN_BY_ALL = timedelta(minutes=2)
"""After which every process counts with a changed calendar; terms set meanwhile are counted anew once more."""
_UBIGEO_BEGINNING = re.compile(r"(0[1-9]|1[0-9]|2[0-5])([0-9]{2}){0,2}")
_NORM_LENGTH = 120
_NORM = re.compile(
    r"\b(?:D\.? ?(?:S|U|L|Leg)|R\.? ?(?:S|M|D|J|V\.? ?M)|Ley|(?:Decreto|Resoluci[óo]n)(?: [^\W\d_]+){1,3})\.?"
    r"(?: ?n(?:[úu]m|ro|o)?\.? ?[°º]?\.?)? ?\d{3,}",
    re.IGNORECASE,
)
"""A kind and a number: "DS 042-2025-PCM", "D.S. N.° 042-2025-PCM", "Ley 31788", "Resolución Ministerial 012-2026"."""


def has_norm(norm: str) -> bool:
    """True where a norm is named by its kind and number: without one no day is made non-business (TUO 148.1)."""
    return bool(_NORM.search(" ".join(norm.split())))


def record_day(
    session: Session, directory: Directory, day: date, norm: str, scope: Sequence[str], by: str, now: datetime
) -> DecreeDay:
    """Record a non-business day set by a norm. `scope`: beginnings of INEI ubigeos; empty is the whole country.

    Awaited corrections and notices are counted anew at once, terms of bodies by `settle`. Flushed, not committed; who
    holds a directory is told when the caller commits. Raises NeedsReason without a norm, Forbidden for a scope that is
    no ubigeo or a day that is recorded already.
    """
    norm, prefixes = " ".join(norm.split())[:_NORM_LENGTH], sorted(set(scope))
    if not has_norm(norm):
        raise NeedsReason(code="NORM_REQUIRED")
    if not all(_UBIGEO_BEGINNING.fullmatch(one) for one in prefixes):
        raise Forbidden(", ".join(prefixes), code="SCOPE_INVALID")
    standing = select(DecreeDay).where(DecreeDay.day == day, DecreeDay.ended_at.is_(None))
    if any(sorted(one.scope) == prefixes for one in session.scalars(standing)):
        raise Forbidden(day.isoformat(), code="DAY_RECORDED")
    row = DecreeDay(day=day, norm=norm, scope=prefixes, recorded_at=now, recorded_by=by)
    session.add(row)
    trail.note(session, "day_recorded", now, actor_id=trail.who(session, by), day=day.isoformat())
    session.flush()
    _count_short_terms(session, _with_days_of(session, directory), row, now)
    session.execute(select(func.pg_notify(CHANNEL, "")))
    return row


def end_day(session: Session, directory: Directory, row_id: int, norm: str, by: str, now: datetime) -> DecreeDay:
    """A norm takes a day back: from now on it is a business day again. The row stays.

    Raises NeedsReason without a norm, NotFound, Forbidden where it was ended before.
    """
    if not has_norm(norm):
        raise NeedsReason(code="NORM_REQUIRED")
    row = session.get(DecreeDay, row_id, with_for_update=True)
    if row is None:
        raise NotFound(str(row_id), code="DECREE_DAY_UNKNOWN")
    if row.ended_at is not None:
        raise Forbidden(str(row_id), code="DECREE_DAY_ENDED")
    row.ended_at, row.ended_norm, row.ended_by = now, " ".join(norm.split())[:_NORM_LENGTH], by
    trail.note(session, "day_ended", now, actor_id=trail.who(session, by), day=row.day.isoformat())
    session.flush()
    _count_short_terms(session, _with_days_of(session, directory), row, now)
    session.execute(select(func.pg_notify(CHANNEL, "")))
    return row


def listed(session: Session) -> Sequence[DecreeDay]:
    """Every day that was ever recorded, the latest day first."""
    return session.scalars(select(DecreeDay).order_by(DecreeDay.day.desc(), DecreeDay.id.desc())).all()


def recorded(session: Session, row_id: int) -> DecreeDay:
    """One recorded day. Raises NotFound."""
    row = session.get(DecreeDay, row_id)
    if row is None:
        raise NotFound(str(row_id), code="DECREE_DAY_UNKNOWN")
    return row


def unsettled(session: Session, now: datetime) -> Sequence[DecreeDay]:
    """The days that open terms of bodies do not count with yet, or were counted with while some process did not."""
    changed = func.coalesce(DecreeDay.ended_at, DecreeDay.recorded_at)
    again: ColumnElement[bool] = (DecreeDay.settled_at < changed + SEEN_BY_ALL) & (changed <= now - SEEN_BY_ALL)
    pending = DecreeDay.settled_at.is_(None) | (DecreeDay.settled_at < changed) | again
    return session.scalars(select(DecreeDay).where(pending).order_by(DecreeDay.id)).all()


def settle(session: Session, directory: Directory, row: DecreeDay, now: datetime) -> Iterator[int]:
    """Count anew every open term of the bodies whose place the day holds at; gives how many changed, page by page.

    Flushed; the caller commits after each page. Doing it again changes nothing.
    """
    now_holding = _with_days_of(session, directory)
    changed = _count_short_terms(session, now_holding, row, now)
    bodies = bodies_touched(directory, row)
    last_id: int | None = 0
    while last_id is not None:
        page = recount_legs(session, now_holding, bodies, _cause(row), now, after=last_id)
        last_id, changed = page.last_id, changed + page.changed
        if last_id is None:
            row.settled_at = now
        session.flush()
        yield changed
        changed = 0


def bodies_touched(directory: Directory, row: DecreeDay) -> list[int]:
    """Row ids of the bodies whose general reception unit stands where the day holds (TUO 148.1)."""
    record = _record(row)
    return [body.id for body in directory.entities if record.holds_at(body.principal_counter.ubigeo)]


def _count_short_terms(session: Session, directory: Directory, row: DecreeDay, now: datetime) -> int:
    cause = _cause(row)
    return recount_observations(session, directory, cause, now) + recount_notices(session, directory, cause, now)


def _with_days_of(session: Session, directory: Directory) -> Directory:
    """The directory with the days as this transaction sees them."""
    rows = session.scalars(select(DecreeDay).where(DecreeDay.ended_at.is_(None)).order_by(DecreeDay.day, DecreeDay.id))
    return replace(directory, decree_days=tuple(_record(row) for row in rows))


def _record(row: DecreeDay) -> DecreeDayRecord:
    return DecreeDayRecord(row.day, row.norm, tuple(row.scope), row.is_tax_business)


def _cause(row: DecreeDay) -> Cause:
    return Cause(norm=row.ended_norm or row.norm, day=row.day)
