"""Tracking: the timeline of a filing for its filer. Reads only."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.calendar import Policy
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import NotFound
from hub.core.identifiers import FilingNumber, is_tracking_key
from hub.core.statuses import Author, DeliveryStatus, FilingStatus, Mode
from hub.models import Delivery, Event, Filing, Observation
from hub.sight import Viewer, taken_at
from hub.terms import Term, term

PUBLIC_EVENTS = frozenset(
    {
        "presented", "queued", "sent", "registered", "observed", "refused", "movement", "failed", "sent_again",
        "rerouted", "lapsed", "observation_notified", "corrected", "withdrawn",
        "term_recomputed", "notice_deposited", "notified", "mail_failed",
        "annexes_kept", "annexes_missing",
        "custody_taken", "custody_sent", "custody_received", "custody_returned",
    }
)  # fmt: skip

_TOLD = frozenset(
    {
        "counter", "destination", "considered_on", "rule",
        "registry_number", "registry_year", "expediente_number", "unit",
        "items", "is_late", "movement", "right_body", "source", "how", "is_fee_refunded",
        "deadline", "old", "new", "norm", "day", "outage",
    }
)  # fmt: skip
"""What of an event's data is told. What a body asks for or why it refuses is told apart, in `Track`, while it counts;
other words of people are not, because they may name another."""


_NOT_TAKEN = frozenset({DeliveryStatus.REFUSED, DeliveryStatus.REROUTED, DeliveryStatus.CANCELLED})


@dataclass(frozen=True)
class Line:
    """One line of a timeline. `happened_at` is the teller's own time, `known_at` the hub's; data holds codes."""

    kind: str
    happened_at: datetime
    known_at: datetime
    author: Author
    said_by: str
    """Name of the body that says it; empty for the hub."""
    data: dict[str, Any]
    concerns: str = ""
    """Short name of the body that its leg goes to."""


@dataclass(frozen=True)
class Asking:
    """An observation that waits for its correction. Its words are told once it is notified: to read them is to know."""

    by: EntityRecord
    is_notified: bool
    correct_by: datetime | None
    items: tuple[str, ...] = ()
    note: str = ""
    is_at_counter: bool = False


@dataclass(frozen=True)
class PastLeg:
    """A leg before the newest: which body it went to, when, since when that had it, and how and when it ended."""

    body: EntityRecord
    began_at: datetime
    had_it_at: datetime | None
    ended: DeliveryStatus
    left_at: datetime


@dataclass(frozen=True)
class Track:
    """What the holder of the key or of the link sees: the way and the dates, no content and no identity."""

    filing_number: str
    status: FilingStatus
    presented_at: datetime
    considered_on: date
    rule_applied: str
    counter: str
    received_by: EntityRecord
    destination: EntityRecord
    leg_status: DeliveryStatus | None
    registry_number: str
    expediente_number: str
    unit: str
    due_on: date | None
    clock_start: date | None
    last_news_at: datetime
    asking: Asking | None = None
    competent_body_had_it_at: datetime | None = None
    """When the body that is competent received it, where that is not the instant of presentation (TUO 141.1)."""
    sent_on_because: str = ""
    """Why it was sent to another body than it was presented to."""
    refused_because: str = ""
    """Why its destination did not take it, in its own words."""
    lines: tuple[Line, ...] = field(default_factory=tuple)
    past: tuple[PastLeg, ...] = ()
    """Where it was before, oldest first: sent on to who is competent, or sent again once corrected."""
    term: Term | None = None
    """Until when its destination has to answer, where it has to."""
    is_day_lost: bool = False
    """`considered_on` is no business day any more: a later decree took it. The day stays; terms were counted anew."""
    is_online: bool = False
    """It was filed by internet: its counter is its destination's own, and took it by itself."""


def by_number(session: Session, typed_number: str, typed_key: str, secret: bytes) -> Filing:
    """The filing of a number and its key as typed. Raises NotFound for either being wrong, without telling which."""
    try:
        number = FilingNumber(typed_number)
    except ValueError as error:
        raise NotFound(code="TRACKING_NOT_FOUND") from error
    filing = session.scalar(select(Filing).where(Filing.filing_number == number))
    if filing is None or not is_tracking_key(typed_key, secret, filing.filing_number, filing.key_version):
        raise NotFound(code="TRACKING_NOT_FOUND")
    return filing


def taken_by_number(session: Session, viewer: Viewer, typed_number: str) -> Filing | None:
    """The filing of a number, if the viewer's own seat took it; None for every other."""
    try:
        number = FilingNumber(typed_number)
    except ValueError:
        return None
    return session.scalar(select(Filing).where(Filing.filing_number == number, taken_at(viewer)))


def newest_leg(session: Session, filing: Filing) -> Delivery | None:
    """The newest leg of a filing that was not cancelled; the newest of all where all were."""
    legs = select(Delivery).where(Delivery.filing_id == filing.id)
    return session.scalar(legs.order_by(Delivery.status == DeliveryStatus.CANCELLED, Delivery.id.desc()).limit(1))


def by_code(session: Session, verification_code: str) -> Filing:
    """The filing of the code printed in a QR. Raises NotFound."""
    folded = verification_code.strip().upper()
    is_one = re.fullmatch("[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", folded)
    filing = session.scalar(select(Filing).where(Filing.verification_code == folded)) if is_one else None
    if filing is None:
        raise NotFound(code="CODE_NOT_FOUND")
    return filing


def track(session: Session, directory: Directory, filing: Filing) -> Track:
    """The whole way of a filing, oldest line first."""
    events = session.scalars(
        select(Event).where(Event.filing_id == filing.id, Event.kind.in_(PUBLIC_EVENTS)).order_by(Event.at, Event.id)
    ).all()
    legs = session.scalars(select(Delivery).where(Delivery.filing_id == filing.id).order_by(Delivery.id)).all()
    leg = max(legs, key=lambda one: (one.status is not DeliveryStatus.CANCELLED, one.id), default=None)
    bodies = {one.id: directory.by_id(one.destination_id).acronym for one in legs}
    received_by = directory.by_id(filing.received_by_id)
    counter = next((c.name for c in received_by.counters if c.code == filing.counter_code), filing.counter_code)
    return Track(
        filing_number=filing.filing_number,
        status=filing.status,
        presented_at=filing.presented_at,
        considered_on=filing.considered_on,
        rule_applied=filing.rule_applied,
        counter=counter,
        received_by=received_by,
        destination=directory.by_id(leg.destination_id if leg else filing.destination_id),
        leg_status=leg.status if leg else None,
        registry_number=leg.destination_registry_number if leg else "",
        expediente_number=leg.expediente_number if leg else "",
        unit=leg.unit if leg else "",
        due_on=leg.due_on if leg else None,
        clock_start=leg.clock_start if leg else None,
        asking=asking(session, directory, filing),
        competent_body_had_it_at=received_at(leg),
        sent_on_because=leg.opened_because if leg else "",
        refused_because=leg.refusal_text if leg and leg.status is DeliveryStatus.REFUSED else "",
        last_news_at=max((event.at for event in events), default=filing.presented_at),
        lines=tuple(_line(directory, event, bodies) for event in events),
        past=_past(directory, legs),
        term=term(directory, filing, leg),
        is_day_lost=is_day_lost(directory, filing),
        is_online=filing.channel in ("online", "entity"),
    )


def of_leg(session: Session, directory: Directory, leg: Delivery) -> Track | None:
    """The way of a leg's filing, for who handles it; None once it went on to another body, which is theirs to tell."""
    is_theirs = newest_leg(session, leg.filing) is leg
    return track(session, directory, leg.filing) if is_theirs else None


def _past(directory: Directory, legs: Sequence[Delivery]) -> tuple[PastLeg, ...]:
    """The legs before the newest; one that was cancelled never left, and is no part of the way."""
    gone = [leg for leg in legs if leg.status is not DeliveryStatus.CANCELLED]
    return tuple(
        PastLeg(directory.by_id(leg.destination_id), leg.created_at, leg.sent_at, leg.status, following.created_at)
        for leg, following in itertools.pairwise(gone)
    )


def received_at(leg: Delivery | None) -> datetime | None:
    """When the competent body received a leg sent on to it (TUO 141.1); None where it refused it or has it no more."""
    is_sent_on = leg is not None and leg.mode is Mode.REMITTANCE and leg.status not in _NOT_TAKEN
    return leg.competent_body_had_it_at if leg and is_sent_on else None


def is_day_lost(directory: Directory, filing: Filing) -> bool:
    """True where the day that it counts from, a business day when it was filed, is none by a later decree (TUO 148.1).

    Where its body counts from the day it was sent, business day or not, a day has nothing to lose.
    """
    if filing.rule_applied != Policy.NEXT_BUSINESS_DAY.value:
        return False
    return not directory.calendar_of(filing.destination_id).is_business_day(filing.considered_on)


def asking(session: Session, directory: Directory, filing: Filing) -> Asking | None:
    """What is asked to be corrected now, by its counter or by the body it went to; None for nothing."""
    waits = select(Observation, Delivery.destination_id).outerjoin(Delivery, Delivery.id == Observation.delivery_id)
    waits = waits.where(Observation.filing_id == filing.id, Observation.closed_at.is_(None))
    found = session.execute(waits.order_by(Observation.id.desc()).limit(1)).first()
    if found is None:
        return None
    observation, destination_id = found
    is_notified = observation.notified_at is not None
    return Asking(
        by=directory.by_id(destination_id or filing.received_by_id),
        is_notified=is_notified,
        correct_by=observation.correct_by,
        items=tuple(observation.items) if is_notified else (),
        note=observation.text if is_notified and observation.text not in observation.items else "",
        is_at_counter=destination_id is None,
    )


def _line(directory: Directory, event: Event, bodies: Mapping[int, str]) -> Line:
    to = event.data.get("destination", "")
    is_body = event.author in (Author.DESTINATION, Author.OFFICER)
    return Line(
        kind=event.kind,
        happened_at=event.happened_at,
        known_at=event.at,
        author=event.author,
        said_by=directory.entity(event.said_by).name if is_body else "",
        data={key: value for key, value in event.data.items() if _is_told(event.kind, key)},
        concerns=directory.entity(to).acronym if to else bodies.get(event.delivery_id or 0, ""),
    )


def _is_told(kind: str, key: str) -> bool:
    return key in _TOLD or (kind, key) == ("refused", "reason")
