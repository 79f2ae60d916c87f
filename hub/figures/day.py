"""The report of a day: what came in and went out of each institution, how its queue stood, when it did not answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.core.calendar import bounds
from hub.core.draining import Drained, Peak, Wait, drained, peak
from hub.figures import day_reading
from hub.figures.pauses import Pause, pauses
from hub.models import AuditEntry, InstitutionOutage, OperatorAlert, Outage


@dataclass(frozen=True)
class Silence:
    """An institution that did not answer: since and until when, why, and what that made wait."""

    body_id: int
    since: datetime
    until: datetime | None
    code: str
    drained: Drained


@dataclass(frozen=True)
class BodyDay:
    """One institution's day. `counts`: its legs by what happened to them (day_reading.COUNTED)."""

    body_id: int
    taken: int
    """What its own counters took, for whomever."""
    addressed: int
    """Legs that were opened towards it."""
    counts: dict[str, int] = field(default_factory=dict)
    peak: Peak = field(default_factory=Peak)
    longest: timedelta | None = None
    waiting: int = 0
    """At the end of the day."""

    @property
    def is_empty(self) -> bool:
        return not (self.taken or self.addressed or self.counts or self.peak.count)


@dataclass(frozen=True)
class Day:
    """The whole report, without what the comparisons found."""

    day: date
    bodies: tuple[BodyDay, ...]
    silences: tuple[Silence, ...]
    windows: tuple[AuditEntry, ...]
    pauses: tuple[Pause, ...]
    outages: tuple[Outage, ...]
    alerts: tuple[OperatorAlert, ...]


def report(session: Session, day: date, now: datetime, body_id: int = 0) -> Day:
    """The report of a day, of one institution or of all; of today as far as it has come."""
    start, end = bounds(day)
    end = min(end, now)
    waits, taken = day_reading.waits(session, start, end), day_reading.taken(session, start, end)
    counts = day_reading.counts(session, start, end)
    bodies = [
        _of_body(one, taken.get(one, 0), counts.get(one, {}), waits.get(one, []), start, end)
        for one in sorted({*waits, *taken, *counts}) if body_id in (0, one)
    ]  # fmt: skip
    return Day(
        day,
        tuple(one for one in bodies if not one.is_empty),
        _silences(session, start, end, waits, now, body_id),
        tuple(_windows(session, start, end)),
        tuple(pauses(session, start, end)),
        tuple(session.scalars(_lasting(Outage, Outage.started_at, Outage.ended_at, start, end))),
        tuple(session.scalars(_lasting(OperatorAlert, OperatorAlert.opened_at, OperatorAlert.closed_at, start, end))),
    )


def _of_body(
    body_id: int, taken: int, counts: dict[str, int], waits: Sequence[Wait], start: datetime, end: datetime
) -> BodyDay:
    left = [one.until - one.since for one in waits if one.until is not None and start <= one.until < end]
    still = sum(one.since < end and (one.until is None or one.until >= end) for one in waits)
    opened = sum(start <= one.since < end for one in waits)
    return BodyDay(body_id, taken, opened, counts, peak(waits, start, end), max(left, default=None), still)


def _lasting(table: Any, since: Any, until: Any, start: datetime, end: datetime) -> Any:
    """What lasted at some moment between two instants, the oldest first."""
    return select(table).where(since < end, or_(until.is_(None), until >= start)).order_by(since, table.id)


def _silences(
    session: Session, start: datetime, end: datetime, waits: dict[int, list[Wait]], now: datetime, body_id: int
) -> tuple[Silence, ...]:
    query = _lasting(InstitutionOutage, InstitutionOutage.since, InstitutionOutage.until, start, end)
    if body_id:
        query = query.where(InstitutionOutage.entity_id == body_id)
    return tuple(
        Silence(
            one.entity_id, one.since, one.until, one.code,
            drained(waits.get(one.entity_id, []), one.since, one.until, now),
        )
        for one in session.scalars(query)
    )  # fmt: skip


def _windows(session: Session, start: datetime, end: datetime) -> list[AuditEntry]:
    """Windows of maintenance that were announced and touch the day."""
    query = select(AuditEntry).where(AuditEntry.kind == "window_announced", AuditEntry.at >= start - day_reading.BEFORE)
    found = session.scalars(query.where(AuditEntry.at < end).order_by(AuditEntry.id))
    read = datetime.fromisoformat
    return [one for one in found if read(one.data["since"]) < end and read(one.data["until"]) >= start]
