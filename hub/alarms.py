"""Alarms: what the law gives a day for, and was not done. Red on the board; the first time each is an event.

TUO 132: who takes a paper for another body hands it over within 24 hours. TUO 143.1: what is presented is routed the
same day. TUO 141.1: what is refused goes to who is competent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

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
_SHOWN: Final[tuple[Any, ...]] = (
    Filing.id, Filing.filing_number, Filing.verification_code, Delivery.id, Delivery.cuo,
)
"""The columns of an alarm: of a page that lists hundreds, nothing else is loaded."""
_NOT_THERE = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED})


@dataclass(frozen=True)
class LateFiling:
    """What a list says of a filing that is late."""

    id: int
    filing_number: str
    verification_code: str


@dataclass(frozen=True)
class LateLeg:
    """What a list says of a leg that is late."""

    id: int
    cuo: str


@dataclass(frozen=True)
class Alarm:
    """One leg or filing that is late, and since when (aware)."""

    filing: LateFiling
    leg: LateLeg | None
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
        tuple(_not_handed_over(session, viewer, now)),
        tuple(unrouted(session, directory, viewer, now)),
        tuple(unanswered_refusals(session, viewer, now)),
    )


def seen(viewer: Viewer) -> ColumnElement[bool]:
    """The legs whose alarm is a person's: the sector's, or those that their seat took."""
    return legs_visible_to(viewer) if is_sector_wide(viewer) else taken_at(viewer)


def overdue(session: Session, now: datetime) -> Sequence[Delivery]:
    """Legs taken at another body's counter and not delivered within 24 hours of their presentation (TUO 132).

    What waited for a correction counts from when it was corrected, and what was re-routed from then.
    """
    query = select(Delivery).join(Filing, Filing.id == Delivery.filing_id).options(contains_eager(Delivery.filing))
    query = query.options(lazyload(Delivery.filing, Filing.filer)).where(*kept_back(now))
    return session.scalars(query.order_by(Delivery.created_at, Delivery.id).limit(LISTED)).all()


def kept_back(now: Any) -> tuple[ColumnElement[bool], ...]:
    """The legs that were not handed over in time, as conditions on Delivery; `now` may be a parameter (TUO 132)."""
    is_late = Delivery.created_at <= now - HAND_OVER_WITHIN
    return Delivery.status.in_(_NOT_THERE), Delivery.mode != Mode.OWN, is_late


def _not_handed_over(session: Session, viewer: Viewer, now: datetime) -> Iterator[Alarm]:
    query = select(*_SHOWN, Delivery.created_at).join(Filing, Filing.id == Delivery.filing_id)
    query = query.where(*kept_back(now), seen(viewer)).order_by(Delivery.created_at, Delivery.id).limit(LISTED)
    for *of_filing, leg_id, cuo, created_at in session.execute(query):
        yield Alarm(LateFiling(*of_filing), LateLeg(leg_id, cuo), created_at + HAND_OVER_WITHIN)


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
    for leg in sorted(late, key=lambda one: (one.filing_id, one.id)):  # two that tell of many never wait for each other
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
    kept_by = (Filing.received_by_id, Filing.counter_code, func.coalesce(Delivery.created_at, Filing.presented_at))
    query = select(*_SHOWN, *kept_by).select_from(Filing)
    query = query.outerjoin(Delivery, (Delivery.filing_id == Filing.id) & is_newest)
    not_gone = or_(Filing.status == FilingStatus.HELD, Delivery.status.in_(_NOT_THERE))
    waiting = select(Filing.id).where(Filing.status == FilingStatus.HELD)  # each half by its own index
    waiting_ids = union(waiting, select(Delivery.filing_id).where(Delivery.status.in_(_NOT_THERE)))
    mine = visible_to(viewer) if is_sector_wide(viewer) else taken_at(viewer)
    query = query.where(Filing.id.in_(waiting_ids), not_gone, mine)
    late = []
    for *of_filing, leg_id, cuo, body_id, code, since in session.execute(
        query.order_by(Filing.presented_at, Filing.id).limit(LISTED)
    ):
        closed_at = _closed_at(directory, body_id, code, since)
        if closed_at <= now:
            late.append(Alarm(LateFiling(*of_filing), LateLeg(leg_id, cuo) if leg_id else None, closed_at))
    return late


def _closed_at(directory: Directory, body_id: int, counter_code: str, since: datetime) -> datetime:
    """When the counter closes on the business day on which it was to be routed: that of its presentation, or of what
    opened its newest leg (`since`).

    What came after the counter closed, or on a day that is none, is due the next business day.
    """
    counter, calendar = _counter(directory, body_id, counter_code), directory.calendar_of(body_id)
    day = local_date(since)
    closed_at = closing(counter, day)
    if calendar.is_business_day(day) and since < closed_at:
        return closed_at
    return closing(counter, calendar.next_business_day(day))


def _counter(directory: Directory, body_id: int, code: str) -> CounterRecord | None:
    try:
        return directory.by_id(body_id).counter(code)
    except NotFound:
        return None


def unanswered_refusals(session: Session, viewer: Viewer, now: datetime) -> list[Alarm]:
    """Legs that were refused on an earlier day and lead nowhere yet: a person decides (TUO 141.1)."""
    later = aliased(Delivery)
    is_last = ~select(later.id).where(later.filing_id == Delivery.filing_id, later.id > Delivery.id).exists()
    of_leg = (Event.filing_id == Delivery.filing_id) & (Event.delivery_id == Delivery.id) & (Event.kind == "refused")
    refused_at = select(func.max(Event.at)).where(of_leg).scalar_subquery()
    query = select(*_SHOWN, refused_at).join(Filing, Filing.id == Delivery.filing_id)
    query = query.where(Delivery.status == DeliveryStatus.REFUSED, is_last, seen(viewer), Filing.withdrawn_at.is_(None))
    rows = session.execute(query.order_by(Delivery.id).limit(LISTED))
    return [
        Alarm(LateFiling(*of_filing), LateLeg(leg_id, cuo), at)
        for *of_filing, leg_id, cuo, at in rows
        if at and local_date(at) < local_date(now)
    ]
