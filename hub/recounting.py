"""Recounting: open terms counted anew when a day stops or begins to be a business day, or the service was down.

TUO 145 and 148.1. What changes is told on the filing's timeline. A term of the citizen's never becomes shorter than
what they were told; a term of a body moves either way.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import casilla, observations
from hub.core.calendar import Calendar, clock_start, considered_on, end_of_day, local_date
from hub.core.directory import Directory
from hub.core.observing import correct_by
from hub.core.statuses import DeliveryStatus, Mode
from hub.core.terms import first_open_day
from hub.events import tell
from hub.models import Delivery, Filing, Notice, Observation, Outage
from hub.terms import OVER, count_due

_ENDED = frozenset(
    {DeliveryStatus.CANCELLED, DeliveryStatus.CORRECTED, DeliveryStatus.REROUTED, DeliveryStatus.LAPSED}
)


@dataclass(frozen=True)
class Cause:
    """Why terms are counted anew: a day and the norm that sets it or takes it back, or the code of an outage."""

    norm: str = ""
    day: date | None = None
    outage: str = ""


@dataclass(frozen=True)
class Recounted:
    """One page of legs: the last id looked at (None when there are no more) and how many terms changed."""

    last_id: int | None
    changed: int


def days_down(session: Session, since: date, now: datetime) -> frozenset[date]:
    """The days since `since` on which filing did not work, if only for a while (TUO 145.2)."""
    eve = end_of_day(since - timedelta(days=1))
    rows = session.scalars(select(Outage).where(Outage.ended_at.is_(None) | (Outage.ended_at > eve)))
    touched = {day for row in rows for day in row.touches(now)}
    return frozenset(day for day in touched if day >= since)


def recount_observations(session: Session, directory: Directory, cause: Cause, now: datetime) -> int:
    """Move the last day of every correction that is still awaited; gives how many moved. Flushed, not committed."""
    waiting = Observation.closed_at.is_(None) & Observation.correct_by.is_not(None)
    query = select(Observation.id, Observation.correct_by).where(waiting)  # by filing: nobody waits for another's chain
    pending = session.execute(query.order_by(Observation.filing_id, Observation.id)).all()
    down = days_down(session, min((local_date(one.correct_by) for one in pending), default=local_date(now)), now)
    return sum(_recount_observation(session, directory, one.id, cause, down, now) for one in pending)


def _recount_observation(
    session: Session, directory: Directory, row_id: int, cause: Cause, down: Container[date], now: datetime
) -> bool:
    observation = session.get_one(Observation, row_id)
    leg = observations.lock(session, observation)
    old = observation.correct_by
    if observation.closed_at is not None or observation.notified_at is None or old is None:
        return False
    filing = session.get_one(Filing, observation.filing_id)
    calendar = observations.calendar_of(directory, filing, leg)
    new = corrected_until(observation.notified_at, old, calendar, down)
    if new == old:
        return False
    observation.correct_by = new
    _tell(session, filing, leg, "correct_by", local_date(old), local_date(new), cause, now)
    return True


def corrected_until(notified_at: datetime, old: datetime, calendar: Calendar, down: Container[date]) -> datetime:
    """Until when an observation may be corrected: not less than was told, nor on a day without service (TUO 145.2)."""
    last = max(old, correct_by(notified_at, calendar))
    return end_of_day(first_open_day(local_date(last), down, calendar))


def recount_notices(session: Session, directory: Directory, cause: Cause, now: datetime) -> int:
    """Move the day from which an unopened notice is valid; gives how many moved. Flushed, not committed."""
    waiting = Notice.notified_on.is_(None) & (Notice.deemed_on >= local_date(now))
    changed = 0
    for notice in session.scalars(select(Notice).where(waiting).order_by(Notice.id).with_for_update()).all():
        old, calendar = notice.deemed_on, casilla.calendar_of(session, directory, notice)
        new = casilla.deemed_on(casilla.window_from(notice), calendar)
        if old is None or new <= old:
            continue
        notice.deemed_on, changed = new, changed + 1
        _tell(session, session.get_one(Filing, notice.filing_id), None, "deemed_on", old, new, cause, now)
    return changed


def recount_legs(
    session: Session, directory: Directory, bodies: list[int], cause: Cause, now: datetime, *, after: int = 0
) -> Recounted:
    """Count anew the start and the last day of open terms of some bodies: a page of 500 legs after that id.

    Flushed; the caller commits page by page, so that nobody waits long for a lock.
    """
    query = (
        select(Delivery)
        .join(Filing, Filing.id == Delivery.filing_id)
        .where(Delivery.id > after, Delivery.destination_id.in_(bodies), Delivery.clock_start.is_not(None))
        .where(Delivery.status.not_in(_ENDED), Filing.status.not_in(OVER))
        .order_by(Delivery.id)
        .limit(500)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    )
    legs = session.scalars(query).all()
    changed = sum(_recount_leg(session, directory, leg, cause, now) for leg in legs)
    session.flush()
    return Recounted(legs[-1].id if legs else None, changed)


def _recount_leg(session: Session, directory: Directory, leg: Delivery, cause: Cause, now: datetime) -> bool:
    calendar = directory.calendar_of(leg.destination_id)
    started, old = leg.clock_start, leg.due_on
    if started is None or (cause.day is not None and cause.day > (old or started)):
        return False
    leg.clock_start = _start(directory, leg, calendar)
    leg.left_out_days = _left_out(session, leg, calendar)
    count_due(calendar, leg.filing, leg)
    if (leg.due_on or leg.clock_start) == (old or started):
        return False
    if leg.due_on is None:
        _tell(session, leg.filing, leg, "clock_start", started, leg.clock_start, cause, now)
    else:
        _tell(session, leg.filing, leg, "due_on", old, leg.due_on, cause, now)
    return True


def _start(directory: Directory, leg: Delivery, calendar: Calendar) -> date:
    """Day 1 of a leg's term. The day that a receipt says the filing counts from stands, whatever comes after it."""
    if leg.mode is not Mode.REMITTANCE:
        return clock_start(leg.filing.considered_on, calendar)
    had_it_at = leg.competent_body_had_it_at or leg.filing.presented_at
    policy = directory.by_id(leg.destination_id).remittance_policy
    return clock_start(considered_on(had_it_at, policy, calendar), calendar)


def _left_out(session: Session, leg: Delivery, calendar: Calendar) -> int:
    """Business days that the observations of a leg, and of those that it corrects, left out of its term."""
    if not leg.left_out_days:
        return 0
    chain: list[int | None] = [leg.id]
    while leg.purpose == "correction" and leg.previous_id is not None:
        leg = session.get_one(Delivery, leg.previous_id)
        chain.append(leg.id)
    ended = select(Observation).where(Observation.filing_id == leg.filing_id, Observation.closed_at.is_not(None))
    return sum(
        calendar.business_days_between(local_date(one.notified_at), local_date(one.closed_at))
        for one in session.scalars(ended)
        if (one.delivery_id in chain or (one.delivery_id is None and leg.purpose == "first"))
        and one.notified_at is not None
        and one.closed_at is not None
        and not one.is_late
    )


def _tell(
    session: Session,
    filing: Filing,
    leg: Delivery | None,
    deadline: str,
    old: date | None,
    new: date | None,
    cause: Cause,
    now: datetime,
) -> None:
    data: dict[str, Any] = {
        "deadline": deadline,
        "old": old.isoformat() if old else "",
        "new": new.isoformat() if new else "",
        "norm": cause.norm,
        "day": cause.day.isoformat() if cause.day else "",
        "outage": cause.outage,
    }
    tell(session, filing, "term_recomputed", now, delivery=leg, **{key: said for key, said in data.items() if said})
