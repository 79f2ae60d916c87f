"""Tracking: the timeline of a filing for its filer. Reads only."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.directory import Directory, EntityRecord
from hub.core.errors import NotFound
from hub.core.identifiers import FilingNumber, is_tracking_key
from hub.core.statuses import Author, DeliveryStatus, FilingStatus
from hub.models import Delivery, Event, Filing, Observation
from hub.terms import Term, term

PUBLIC_EVENTS = frozenset(
    {
        "presented", "queued", "sent", "registered", "observed", "refused", "movement", "failed", "sent_again",
        "rerouted", "lapsed", "term_recomputed", "notice_deposited", "notified", "mail_failed",
    }
)  # fmt: skip

_TOLD = frozenset(
    {
        "counter", "destination", "considered_on", "rule",
        "registry_number", "registry_year", "expediente_number", "unit",
        "items", "is_late", "movement", "right_body", "how",
        "deadline", "old", "new", "norm", "day", "outage",
    }
)  # fmt: skip
"""What of an event's data is told. What a body asks for or why it refuses is told apart, in `Track`, while it counts;
other words of people are not, because they may name another."""


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
    asked_for: tuple[str, ...] = ()
    """What its destination asks to be corrected, in its own words, while it is asked."""
    refused_because: str = ""
    """Why its destination did not take it, in its own words."""
    lines: tuple[Line, ...] = field(default_factory=tuple)
    term: Term | None = None
    """Until when its destination has to answer, where it has to."""


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
    legs = select(Delivery).where(Delivery.filing_id == filing.id)
    leg = session.scalar(legs.order_by(Delivery.status == DeliveryStatus.CANCELLED, Delivery.id.desc()).limit(1))
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
        asked_for=_asked_for(session, leg) if leg else (),
        refused_because=leg.refusal_text if leg and leg.status is DeliveryStatus.REFUSED else "",
        last_news_at=max((event.at for event in events), default=filing.presented_at),
        lines=tuple(_line(directory, event) for event in events),
        term=term(directory, filing, leg),
    )


def _asked_for(session: Session, leg: Delivery) -> tuple[str, ...]:
    """The items of the newest observation of a leg that is observed; its text where it came without items."""
    if leg.status is not DeliveryStatus.OBSERVED:
        return ()
    newest = select(Observation).where(Observation.delivery_id == leg.id).order_by(Observation.id.desc()).limit(1)
    observation = session.scalar(newest)
    if observation is None:
        return ()
    note = (observation.text,) if observation.text and observation.text not in observation.items else ()
    return (*observation.items, *note)


def _line(directory: Directory, event: Event) -> Line:
    is_body = event.author in (Author.DESTINATION, Author.OFFICER)
    return Line(
        kind=event.kind,
        happened_at=event.happened_at,
        known_at=event.at,
        author=event.author,
        said_by=directory.entity(event.said_by).name if is_body else "",
        data={key: value for key, value in event.data.items() if _is_told(event.kind, key)},
    )


def _is_told(kind: str, key: str) -> bool:
    return key in _TOLD or (kind, key) == ("refused", "reason")
