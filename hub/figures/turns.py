"""Whose turn it is: the open legs by who must do the next thing, counted by the index of what is open."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from hub.core.statuses import DeliveryStatus
from hub.figures.live import Queue
from hub.figures.reading import Door, Narrow
from hub.models import Delivery, Filing
from hub.undecided import undecided


class Turn(StrEnum):
    """Who must do the next thing."""

    HUB = "hub"  # on its way
    BODY = "body"  # its institution has it, and gave no cargo yet
    FILER = "filer"  # observed: whoever filed it corrects it
    SECTOR = "sector"  # it stopped or was refused, and nobody took care of it: a person of the sector decides


OF: Final = {
    DeliveryStatus.QUEUED: Turn.HUB,
    DeliveryStatus.SENDING: Turn.HUB,
    DeliveryStatus.SENT: Turn.BODY,
    DeliveryStatus.OBSERVED: Turn.FILER,
    DeliveryStatus.FAILED: Turn.SECTOR,
    DeliveryStatus.REFUSED: Turn.SECTOR,
}
_SECTORS: Final = tuple(status for status, turn in OF.items() if turn is Turn.SECTOR)
_OPEN = (
    select(Delivery.status, Delivery.destination_id, func.count(), func.min(Delivery.id))
    .where(Delivery.status.in_(OF), or_(Delivery.status.not_in(_SECTORS), Delivery.id.in_(undecided())))
    .group_by(Delivery.status, Delivery.destination_id)
)


@dataclass(frozen=True)
class Turns:
    """`legs`: how many wait for each; `held`: what each institution has without a cargo, and since when the oldest."""

    legs: dict[Turn, int]
    held: dict[int, Queue]


def turns(session: Session, narrow: Narrow) -> Turns:
    """Every open leg of the sector, or of what it is narrowed to; `held` is always of the whole institution."""
    found = session.execute(_OPEN).all()
    of_door = session.execute(_through(narrow.door)).all() if narrow.door else found
    counted = Counter(dict.fromkeys(Turn, 0))
    for status, body, count, _ in of_door:
        if narrow.destination_id in (0, body):
            counted[OF[status]] += count
    return Turns(dict(counted), _held(session, {body: (n, oldest) for status, body, n, oldest in found
                                               if OF[status] is Turn.BODY}))  # fmt: skip


def _through(door: Door) -> Select[DeliveryStatus, int, int, int]:
    query = _OPEN.join(Filing, Filing.id == Delivery.filing_id).where(Filing.channel == door.channel)
    if door.channel != "counter":
        return query
    return query.where(Filing.received_by_id == door.origin_id, Filing.counter_code == door.counter_code)


def _held(session: Session, oldest: dict[int, tuple[int, int]]) -> dict[int, Queue]:
    """`oldest`: of each institution how many legs it has, and the first of them."""
    since = func.coalesce(Delivery.sent_at, Delivery.created_at)
    legs = select(Delivery.id, since).where(Delivery.id.in_([leg for _, leg in oldest.values()]))
    began = dict(iter(session.execute(legs)))
    return {body: Queue(count, began[leg]) for body, (count, leg) in oldest.items()}
