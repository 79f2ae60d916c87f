"""What a body tells the SGTD about its mesa de partes digital, month by month (Ley 31170; DS 029-2021-PCM).

A figure belongs to the month in which the thing happened, in the hour of Peru, so that a month that is over does not
change: presented, by the instant of presentation; received, by its registration; observed, by the observation; not
presented, by the lapse; attended, by the first answer or closing that the body told.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, Subquery, extract, func, or_, select, text
from sqlalchemy.orm import Session

from hub.core.bodies import EntityRecord
from hub.core.calendar import LIMA, local_date
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.statuses import Movement
from hub.models import Delivery, Event, Filing, Observation, Outage
from hub.papers.figures import MonthFigures, SgtdReport, Times
from hub.sight import Viewer, book_open_to

ATTENDED = (Movement.ANSWERED.value, Movement.CLOSED.value)
_OFFSET = text("interval '-5 hours'")
Span = tuple[datetime, datetime]


def sgtd_report(
    session: Session, directory: Directory, viewer: Viewer, code: str, month: date, now: datetime
) -> SgtdReport:
    """The report of a body up to a month (any of its days). Raises NotFound for a body that is not theirs."""
    entity = readable(directory, viewer, code)
    month = month.replace(day=1)
    return SgtdReport(entity, month, local_date(now), _since_it_began(entity, figures(session, entity, month, now)))


def _since_it_began(entity: EntityRecord, months: tuple[MonthFigures, ...]) -> tuple[MonthFigures, ...]:
    """Without the months before the service began or anything was presented; the month asked for always stays."""
    since = entity.service.since
    for n, row in enumerate(months):
        has_begun = since is not None and since < (row.month + timedelta(days=31)).replace(day=1)
        if has_begun or row.presented or row.received or row is months[-1]:
            return months[n:]
    return months


def readable(directory: Directory, viewer: Viewer, code: str) -> EntityRecord:
    """The body of that code, for who may read its register. Raises NotFound for anybody else."""
    entity = directory.entity(code)
    if not book_open_to(viewer, entity.id):
        raise NotFound(code, code="REGISTER_NOT_FOUND")
    return entity


def figures(session: Session, entity: EntityRecord, month: date, now: datetime) -> tuple[MonthFigures, ...]:
    """The figures of January to `month` (DS 029-2021-PCM: yearly follow-up by the SGTD)."""
    year = _year(month)
    presented = count_by_month(session, _presented(entity), Filing.presented_at, year)
    online = count_by_month(session, _presented(entity).where(Filing.channel == "online"), Filing.presented_at, year)
    observed = count_by_month(session, _observed(entity), Observation.observed_at, year)
    lapsed = _observed(entity).where(Observation.closed_as == "lapsed")
    not_presented = count_by_month(session, lapsed, Observation.closed_at, year)
    arrivals, answers = _registered(entity), _answered(entity)
    received = count_by_month(session, select(arrivals), arrivals.c.at, year)
    attended = count_by_month(session, select(answers), answers.c.at, year)
    registering = times_by_month(session, select(arrivals), arrivals.c.presented_at, arrivals.c.at, year)
    answering = times_by_month(session, select(answers), answers.c.presented_at, answers.c.at, year)
    return tuple(
        MonthFigures(
            month=month.replace(month=n),
            presented=presented.get(n, 0),
            presented_online=online.get(n, 0),
            received=received.get(n, 0),
            observed=observed.get(n, 0),
            not_presented=not_presented.get(n, 0),
            attended=attended.get(n, 0),
            to_register=registering.get(n, Times()),
            to_answer=answering.get(n, Times()),
            availability=availability(session, _span(month.replace(month=n)), now),
        )
        for n in range(1, month.month + 1)
    )


def _presented(entity: EntityRecord) -> Select[Any]:
    return select(Filing.id).where(Filing.destination_id == entity.id)


def _registered(entity: EntityRecord) -> Subquery:
    """Each filing that its mesa de partes registered, with the first instant at which it did."""
    return (
        select(Filing.presented_at, func.min(Delivery.registered_at).label("at"))
        .join(Delivery, Delivery.filing_id == Filing.id)
        .where(Delivery.destination_id == entity.id, Delivery.registered_at.is_not(None))
        .group_by(Filing.id)
        .subquery()
    )


def _observed(entity: EntityRecord) -> Select[Any]:
    """What was observed on its legs, or by a counter on what is addressed to it."""
    rows = select(Observation.id).join(Filing, Filing.id == Observation.filing_id)
    rows = rows.outerjoin(Delivery, Delivery.id == Observation.delivery_id)
    by_counter = Observation.delivery_id.is_(None) & (Filing.destination_id == entity.id)
    return rows.where(or_(Delivery.destination_id == entity.id, by_counter))


def _answered(entity: EntityRecord) -> Subquery:
    """Each filing that it answered or closed, with the first instant at which it did."""
    return (
        select(Filing.presented_at, func.min(Event.happened_at).label("at"))
        .join(Filing, Filing.id == Event.filing_id)
        .join(Delivery, Delivery.id == Event.delivery_id)
        .where(Delivery.destination_id == entity.id, Event.kind == "movement")
        .where(Event.data["movement"].astext.in_(ATTENDED))
        .group_by(Filing.id)
        .subquery()
    )


def count_by_month(session: Session, rows: Select[Any], at: SQLColumnExpression[Any], year: Span) -> Mapping[int, int]:
    """{month: how many} of the rows whose instant `at` falls in the year (DS 029-2021-PCM)."""
    number = _month_of(at)
    query = rows.with_only_columns(number, func.count()).where(at >= year[0], at < year[1]).group_by(number)
    return {int(month): count for month, count in session.execute(query)}


def times_by_month(
    session: Session, rows: Select[Any], begun: SQLColumnExpression[Any], at: SQLColumnExpression[Any], year: Span
) -> Mapping[int, Times]:
    """{month: median and 95th percentile} of the time from `begun` to `at`, by the month of `at`."""
    number, hours = _month_of(at), extract("epoch", at - begun) / 3600
    median, p95 = (func.percentile_cont(share).within_group(hours) for share in (0.5, 0.95))
    query = rows.with_only_columns(number, median, p95).where(at >= year[0], at < year[1]).group_by(number)
    return {int(month): Times(float(half), float(most)) for month, half, most in session.execute(query)}


def availability(session: Session, span: Span, now: datetime) -> float | None:
    """The share of a stretch of time, up to now, in which filing worked (TUO 145.2: outages are on record)."""
    begins, ends = span[0], min(span[1], now)
    if ends <= begins:
        return None
    rows = session.execute(
        select(Outage.started_at, Outage.ended_at)
        .where(Outage.started_at < ends, or_(Outage.ended_at.is_(None), Outage.ended_at > begins))
        .order_by(Outage.started_at)
    )
    down, until = timedelta(), begins
    for started_at, ended_at in rows:
        stopped, back = max(started_at, until), min(ended_at or ends, ends)
        if back > stopped:
            down += back - stopped
            until = back
    return 1 - down / (ends - begins)


def _month_of(at: SQLColumnExpression[Any]) -> SQLColumnExpression[Any]:
    return extract("month", func.timezone(_OFFSET, at))


def _year(day: date) -> Span:
    return _midnight(date(day.year, 1, 1)), _midnight(date(day.year + 1, 1, 1))


def _span(month: date) -> Span:
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return _midnight(month), _midnight(following)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LIMA)
