"""Alarms: what the law gives a day for, and was not done. Red on the board; the first time each is an event.

TUO 132: who takes a paper for another body hands it over within 24 hours. TUO 143.1: what is presented is routed the
same day. TUO 141.1: what is refused goes to who is competent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlalchemy.orm import Session, aliased, contains_eager, lazyload

from hub.core.bodies import CounterRecord
from hub.core.calendar import LIMA, end_of_day, local_date
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.statuses import DeliveryStatus, FilingStatus, Mode
from hub.events import tell
from hub.models import Delivery, Event, Filing
from hub.sight import Viewer, is_sector_wide, legs_visible_to, taken_at, visible_to

HAND_OVER_WITHIN: Final = timedelta(hours=24)
OVERDUE: Final = "hand_over_overdue"
"""The event of a leg that was not handed over in time: once."""
LISTED = 200
_NOT_THERE = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED})


@dataclass(frozen=True)
class Alarm:
    """One leg or filing that is late, and since when (aware)."""

    filing: Filing
    leg: Delivery | None
    since: datetime


@dataclass(frozen=True)
class Alarms:
    """Everything that is late now for one viewer, oldest first."""

    overdue: tuple[Alarm, ...] = ()
    """Not handed over within 24 hours (TUO 132)."""
    unrouted: tuple[Alarm, ...] = ()
    """Not routed when its counter closed (TUO 143.1)."""
    refused: tuple[Alarm, ...] = ()
    """Refused on an earlier day, and still without a destination (TUO 141.1)."""

    @property
    def is_any(self) -> bool:
        return bool(self.overdue or self.unrouted or self.refused)


def alarms(session: Session, directory: Directory, viewer: Viewer, now: datetime) -> Alarms:
    """What is late for a person: of their seat, of their body, or of the whole sector."""
    return Alarms(
        tuple(Alarm(leg.filing, leg, leg.created_at + HAND_OVER_WITHIN) for leg in overdue(session, now, seen(viewer))),
        tuple(unrouted(session, directory, viewer, now)),
        tuple(unanswered_refusals(session, viewer, now)),
    )


def seen(viewer: Viewer) -> ColumnElement[bool]:
    """The legs whose alarm is a person's: the sector's, or those that their seat took."""
    return legs_visible_to(viewer) if is_sector_wide(viewer) else taken_at(viewer)


def overdue(session: Session, now: datetime, which: ColumnElement[bool] | None = None) -> Sequence[Delivery]:
    """Legs taken at another body's counter and not delivered within 24 hours of their presentation (TUO 132).

    What waited for a correction counts from when it was corrected, and what was re-routed from then.
    """
    query = select(Delivery).join(Filing, Filing.id == Delivery.filing_id).options(contains_eager(Delivery.filing))
    query = query.options(lazyload(Delivery.filing, Filing.filer)).where(
        Delivery.status.in_(_NOT_THERE),
        Delivery.mode != Mode.OWN,
        Delivery.created_at <= now - HAND_OVER_WITHIN,
    )
    if which is not None:
        query = query.where(which)
    return session.scalars(query.order_by(Delivery.created_at).limit(LISTED)).all()


def write_overdue(session: Session, now: datetime) -> int:
    """Write each breach of the 24 hours into its filing's story, once; flushed. Gives how many were new (TUO 132).

    One worker at a time: 0 for the others.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(OVERDUE)))):
        return 0
    legs = overdue(session, now)
    told = select(Event.delivery_id).where(
        Event.kind == OVERDUE, Event.filing_id.in_({leg.filing_id for leg in legs}), Event.delivery_id.is_not(None)
    )
    known = set(session.scalars(told))
    late = [leg for leg in legs if leg.id not in known]
    for leg in late:
        tell(session, leg.filing, OVERDUE, now, delivery=leg, happened_at=leg.created_at + HAND_OVER_WITHIN)
    return len(late)


def closing(counter: CounterRecord | None, day: date) -> datetime:
    """When a counter closes that day; the end of the day where its hours are not known, or it does not open."""
    ends = [one.closes for one in (counter.hours if counter else ()) if one.weekday == day.weekday()]
    return datetime.combine(day, max(ends, default=time.max), LIMA) if ends else end_of_day(day)


def unrouted(session: Session, directory: Directory, viewer: Viewer, now: datetime) -> list[Alarm]:
    """Filings of a business day, taken before their counter closed, that had not left when it did (TUO 143.1).

    What is observed is not routed, and is not late (TUO 136.3).
    """
    later = aliased(Delivery)
    is_newest = ~select(later.id).where(later.filing_id == Filing.id, later.id > Delivery.id).exists()
    query = select(Filing, Delivery).outerjoin(Delivery, (Delivery.filing_id == Filing.id) & is_newest)
    not_gone = or_(Filing.status == FilingStatus.HELD, Delivery.status.in_(_NOT_THERE))
    waiting = select(Filing.id).where(Filing.status == FilingStatus.HELD)  # each half by its own index
    waiting_ids = union(waiting, select(Delivery.filing_id).where(Delivery.status.in_(_NOT_THERE)))
    mine = visible_to(viewer) if is_sector_wide(viewer) else taken_at(viewer)
    query = query.where(Filing.id.in_(waiting_ids), not_gone, mine)
    query = query.options(lazyload(Delivery.filing), lazyload(Filing.filer))  # else a filing without a leg is lost
    found = session.execute(query.order_by(Filing.presented_at).limit(LISTED))
    late = []
    for filing, leg in found.unique():
        closed_at = closing(_counter(directory, filing), _routing_day(directory, filing, leg))
        if closed_at <= now:
            late.append(Alarm(filing, leg, closed_at))
    return late


def _routing_day(directory: Directory, filing: Filing, leg: Delivery | None) -> date:
    """The business day on which it was to be routed: that of its presentation, or of what opened its newest leg.

    What came after the counter closed, or on a day that is none, is due the next business day.
    """
    since = leg.created_at if leg is not None else filing.presented_at
    calendar, day = directory.calendar_of(filing.received_by_id), local_date(since)
    if calendar.is_business_day(day) and since < closing(_counter(directory, filing), day):
        return day
    return calendar.next_business_day(day)


def _counter(directory: Directory, filing: Filing) -> CounterRecord | None:
    try:
        return directory.by_id(filing.received_by_id).counter(filing.counter_code)
    except NotFound:
        return None


def unanswered_refusals(session: Session, viewer: Viewer, now: datetime) -> list[Alarm]:
    """Legs that were refused on an earlier day and lead nowhere yet: a person decides (TUO 141.1)."""
    later = aliased(Delivery)
    is_last = ~select(later.id).where(later.filing_id == Delivery.filing_id, later.id > Delivery.id).exists()
    of_leg = (Event.filing_id == Delivery.filing_id) & (Event.delivery_id == Delivery.id) & (Event.kind == "refused")
    refused_at = select(func.max(Event.at)).where(of_leg).scalar_subquery()
    query = select(Delivery, refused_at).join(Filing, Filing.id == Delivery.filing_id)
    query = query.options(contains_eager(Delivery.filing), lazyload(Delivery.filing, Filing.filer))
    query = query.where(Delivery.status == DeliveryStatus.REFUSED, is_last, seen(viewer), Filing.withdrawn_at.is_(None))
    rows = session.execute(query.order_by(Delivery.id).limit(LISTED)).unique()
    return [Alarm(leg.filing, leg, at) for leg, at in rows if at and local_date(at) < local_date(now)]
