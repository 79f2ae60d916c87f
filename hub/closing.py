"""Closing a counter of a body: what still hangs on it is shown first, and goes on with the principal one.

Its register, its numbers and its filings stay under its name; nothing is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import trail
from hub.core.bodies import CounterRecord, EntityRecord
from hub.core.errors import Forbidden, NotFound
from hub.core.statuses import DeliveryStatus
from hub.custody import CustodyState
from hub.entities.screen import counter_json, publish
from hub.models import CustodyItem, Delivery, Filing, Observation, User

WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED)


@dataclass(frozen=True)
class Pending:
    """What hangs on a counter: things that it keeps, filings observed and on their way, and who sits there."""

    things: int
    observed: int
    waiting: int
    people: Sequence[User]


def open_seat(body: EntityRecord, code: str) -> CounterRecord:
    """A counter that can be closed. Raises NotFound for the principal one, for one closed and for another body's."""
    counter = body.counter(code)
    if counter.is_principal or counter.is_closed:
        raise NotFound(f"{body.code}/{code}", code="COUNTER_UNKNOWN")
    return counter


def pending(session: Session, body: EntityRecord, code: str) -> Pending:
    """What still hangs on a counter."""
    taken = (Filing.received_by_id == body.id, Filing.counter_code == code)
    kept = (CustodyItem.holder_id == body.id, CustodyItem.counter_code == code, CustodyItem.state == CustodyState.HELD)
    observed = select(func.count(Observation.id)).join(Filing, Filing.id == Observation.filing_id)
    waiting = select(func.count(Delivery.id)).join(Filing, Filing.id == Delivery.filing_id)
    there = select(User).where(User.entity_code == body.code, User.counter_code == code).order_by(User.name, User.id)
    return Pending(
        things=session.scalar(select(func.count(CustodyItem.id)).where(*kept)) or 0,
        observed=session.scalar(observed.where(*taken, Observation.closed_at.is_(None))) or 0,
        waiting=session.scalar(waiting.where(*taken, Delivery.status.in_(WAITING))) or 0,
        people=session.scalars(there).unique().all(),
    )


def close(session: Session, body: EntityRecord, code: str, by_user_id: int, now: datetime) -> None:
    """Close it: no page offers it any more, its people sit at the principal counter and go on with what it took.

    Flushed. Raises NotFound, and Forbidden while it keeps things: what is on paper is not moved by a button.
    """
    counter, found = open_seat(body, code), pending(session, body, code)
    if found.things:
        raise Forbidden(code, code="SEAT_KEEPS_THINGS")
    for user in found.people:
        user.counter_code = body.principal_counter.code
        trail.note(session, "user_changed", now, actor_id=by_user_id, entity_code=body.code, about_user_id=user.id)
    counters = [replace(one, is_closed=one.is_closed or one.code == code) for one in body.counters]
    publish(session, body.code, {"counters": [counter_json(one) for one in counters]}, now)
    trail.note(session, "seat_closed", now, actor_id=by_user_id, entity_code=body.code, unit=counter.name)
    session.flush()
