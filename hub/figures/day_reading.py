"""What a day was, read from its events: what each institution took, was sent and said, and what waited for it."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hub.core.draining import Wait
from hub.core.statuses import DeliveryStatus
from hub.models import Delivery, Event, Filing

AFTERWARDS: Final = timedelta(days=4)
"""How long after a day is looked for what left late: longer than anything is tried for (72 h)."""
BEFORE: Final = timedelta(days=30)
_WAITING: Final = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED)
COUNTED: Final = ("sent", "registered", "observed", "refused", "failed")


def taken(session: Session, start: datetime, end: datetime) -> dict[int, int]:
    """What the counters of each body took, for whomever."""
    query = select(Filing.received_by_id, func.count()).where(
        Filing.presented_at >= start, Filing.presented_at < end, Filing.channel == "counter"
    )
    rows = session.execute(query.group_by(Filing.received_by_id))
    return {body: count for body, count in rows}  # noqa: C416 - rows are no pairs to a type checker


def counts(session: Session, start: datetime, end: datetime) -> dict[int, dict[str, int]]:
    """The legs of each institution by what happened to them."""
    query = select(Delivery.destination_id, Event.kind, func.count()).join(Delivery, Delivery.id == Event.delivery_id)
    query = query.where(Event.at >= start, Event.at < end, Event.kind.in_(COUNTED))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for body, kind, count in session.execute(query.group_by(Delivery.destination_id, Event.kind)):
        found[body][kind] = count
    return found


def waits(session: Session, start: datetime, end: datetime) -> dict[int, list[Wait]]:
    """The legs that waited for each institution at some moment of the day, by the clock of the hub."""
    arrived = func.min(Event.at).filter(Event.kind == "sent").label("sent")
    spoken = func.min(Event.at).filter(Event.kind.in_(("registered", "observed", "refused"))).label("spoken")
    told = select(Event.delivery_id, arrived, spoken).where(
        Event.at >= start, Event.at < end + AFTERWARDS, Event.delivery_id.is_not(None)
    )
    moved = told.group_by(Event.delivery_id).subquery()
    query = select(
        Delivery.destination_id, Delivery.created_at, Delivery.status,
        func.coalesce(moved.c.sent, Delivery.sent_at, moved.c.spoken),
    ).outerjoin(moved, moved.c.delivery_id == Delivery.id)  # fmt: skip
    query = query.where(
        Delivery.created_at < end, Delivery.created_at >= start - BEFORE,
        or_(moved.c.delivery_id.is_not(None), Delivery.status.in_(_WAITING)),
    )  # fmt: skip
    found: dict[int, list[Wait]] = defaultdict(list)
    for body, since, status, until in session.execute(query):
        if (until is None and status in _WAITING) or (until is not None and until >= start):
            found[body].append(Wait(since, until))
    return found
