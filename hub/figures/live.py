"""What waits now, read by the indexes of what is open: it costs what waits, and not what was ever filed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.figures.reading import Door, door_of
from hub.models import ConformanceReport, Delivery, Filing, InstitutionState, OutboundMessage

NOT_THERE: Final = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED)
MOST: Final = 5_000
"""Waiting legs that are told by their door; of more, the oldest."""
LONG: Final = timedelta(minutes=5)
"""What waits longer is shown in red."""


_QUEUED: Final = {
    status: select(OutboundMessage.recipient_id, func.count(), func.min(OutboundMessage.created_at))
    .where(
        OutboundMessage.status == literal_column(f"'{status.value}'"),  # as its partial index has it
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.recipient_id.is_not(None),
    )
    .group_by(OutboundMessage.recipient_id)
    for status in (OutboundStatus.WAITING, OutboundStatus.CLAIMED)
}


@dataclass(frozen=True)
class Queue:
    """What waits, and since when the oldest of it."""

    count: int
    oldest: datetime

    def is_long(self, now: datetime) -> bool:
        """True where the oldest has waited longer than a worker ever needs."""
        return now - self.oldest > LONG


def queues(session: Session) -> dict[int, Queue]:
    """What waits to be sent to each institution, by its row: each status by its own small index."""
    found: dict[int, Queue] = {}
    for status in (OutboundStatus.WAITING, OutboundStatus.CLAIMED):
        for recipient, count, oldest in session.execute(_QUEUED[status]):
            body = int(recipient or 0)
            known = found.get(body)
            found[body] = Queue(count + known.count, min(oldest, known.oldest)) if known else Queue(count, oldest)
    return found


def waiting(session: Session) -> dict[tuple[Door, int], Queue]:
    """The legs that no institution has yet, by their door and institution."""
    legs = select(Delivery.filing_id, Delivery.destination_id, Delivery.created_at)
    open_legs = legs.where(Delivery.status.in_(NOT_THERE)).limit(MOST).subquery()
    door = (Filing.channel, Filing.received_by_id, Filing.counter_code, open_legs.c.destination_id)
    query = select(*door, func.count(), func.min(open_legs.c.created_at))
    found: dict[tuple[Door, int], Queue] = {}
    for channel, origin, counter, body, count, oldest in session.execute(
        query.join(open_legs, open_legs.c.filing_id == Filing.id).group_by(*door)
    ):
        key = door_of(channel, origin, counter), body
        known = found.get(key)
        found[key] = Queue(count + known.count, min(oldest, known.oldest)) if known else Queue(count, oldest)
    return found


def states(session: Session) -> dict[int, InstitutionState]:
    """What is operational about each institution, by its row."""
    return {state.entity_id: state for state in session.scalars(select(InstitutionState))}


def reports(session: Session) -> dict[int, tuple[datetime, bool]]:
    """When each institution was last tried against the contract, and whether it passed."""
    columns = (ConformanceReport.entity_id, ConformanceReport.made_at, ConformanceReport.has_passed)
    newest = select(*columns).ext(distinct_on(columns[0])).order_by(columns[0], ConformanceReport.id.desc())
    return {body: (at, passed) for body, at, passed in session.execute(newest)}
