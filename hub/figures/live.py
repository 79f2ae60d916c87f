"""What waits now, read by the indexes of what is open: it costs what waits, and not what was ever filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.figures.counting import DAY, midnight
from hub.figures.reading import Door, Flow, door_of, merged
from hub.models import ConformanceReport, Delivery, Filing, InstitutionState, OutboundMessage

NOT_THERE: Final = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED)
MOST: Final = 1_000
"""Waiting legs of each institution that are told by their door; of more, the oldest."""
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
    """What waits, and since when the oldest of it. `is_cut`: there is more than `count`."""

    count: int
    oldest: datetime
    is_cut: bool = False

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
    """The legs that no institution has yet, by their door and institution; of each institution the oldest."""
    place = func.row_number().over(partition_by=Delivery.destination_id, order_by=(Delivery.created_at, Delivery.id))
    legs = select(
        Delivery.filing_id, Delivery.destination_id, Delivery.created_at,
        place.label("place"), func.count().over(partition_by=Delivery.destination_id).label("all"),
    ).where(Delivery.status.in_(NOT_THERE)).subquery()  # fmt: skip
    door = (Filing.channel, Filing.received_by_id, Filing.counter_code, legs.c.destination_id)
    query = select(*door, func.count(), func.min(legs.c.created_at), func.max(legs.c.all) > MOST)
    query = query.join(legs, legs.c.filing_id == Filing.id).where(legs.c.place <= MOST)
    found: dict[tuple[Door, int], Queue] = {}
    for channel, origin, counter, body, count, oldest, is_cut in session.execute(query.group_by(*door)):
        key = door_of(channel, origin, counter), body
        known = found.get(key)
        found[key] = Queue(count + known.count, min(oldest, known.oldest), is_cut) if known else Queue(
            count, oldest, is_cut)  # fmt: skip
    return found


def with_unheld(session: Session, flows: Sequence[Flow], start: datetime, now: datetime) -> list[Flow]:
    """The flows of a period, and in each what nobody holds yet though its day or its 24 hours ended in the period.

    Otherwise a share of what arrived in time would be whole as long as nothing arrives.
    """
    door = (Filing.channel, Filing.received_by_id, Filing.counter_code, Delivery.destination_id)
    is_of_earlier_day, is_older = Delivery.created_at < midnight(now), Delivery.created_at <= now - DAY
    query = select(*door, func.count(), func.count().filter(is_older)).join(Filing, Filing.id == Delivery.filing_id)
    query = query.where(
        Delivery.status.in_(NOT_THERE), Delivery.sent_at.is_(None), Delivery.created_at >= start - DAY,
        is_of_earlier_day,
    )  # fmt: skip
    unheld = [
        Flow(door_of(channel, origin, counter), body, not_same_day=earlier, not_within_day=older)
        for channel, origin, counter, body, earlier, older in session.execute(query.group_by(*door))
    ]
    return merged([*flows, *unheld]) if unheld else list(flows)


def states(session: Session) -> dict[int, InstitutionState]:
    """What is operational about each institution, by its row."""
    return {state.entity_id: state for state in session.scalars(select(InstitutionState))}


def reports(session: Session) -> dict[int, tuple[datetime, bool]]:
    """When each institution was last tried against the contract, and whether it passed."""
    columns = (ConformanceReport.entity_id, ConformanceReport.made_at, ConformanceReport.has_passed)
    newest = select(*columns).ext(distinct_on(columns[0])).order_by(columns[0], ConformanceReport.id.desc())
    return {body: (at, passed) for body, at, passed in session.execute(newest)}
