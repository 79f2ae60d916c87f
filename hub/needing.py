"""What needs a person now: found by the indexes of what is open, the oldest first, each with what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from hub.alarms import HAND_OVER_WITHIN, kept_back
from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.figures.reading import Door, Narrow, door_of
from hub.models import Delivery, Event, Filing, Observation, OutboundMessage
from hub.rerouting import MOST_LEGS

LISTED: Final = 200
"""Of each kind; of more than these, that there are more."""
SOON: Final = timedelta(hours=24)
"""A term to correct that ends within this is shown."""


class Kind(StrEnum):
    """Why a person must look."""

    STOPPED = "stopped"  # a dead letter: it is not tried any more
    LATE = "late"  # not handed over within 24 hours (TUO 132)
    REFUSED = "refused"  # refused, and nobody decided where it goes (TUO 141.1)
    LOOP = "loop"  # re-routed as often as it may be
    TERM = "term"  # the term to correct an observation ends (TUO 136.3)
    MAIL = "mail"  # a letter came back or was never taken (TUO 35.2)


@dataclass(frozen=True)
class Need:
    """One leg or filing that a person must look at."""

    kind: Kind
    filing_id: int
    filing_number: str
    cuo: str
    """Empty for what has no leg."""
    door: Door
    destination_id: int
    since: datetime
    """When it began, or for a term when it ends."""
    code: str = ""


Question = Select[*tuple[Any, ...]]
_FILING = (Filing.id, Filing.filing_number)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_DOOR = (Filing.channel, Filing.received_by_id, Filing.counter_code)


def needs(
    session: Session, narrow: Narrow, now: datetime, kinds: Sequence[Kind] = tuple(Kind)
) -> dict[Kind, list[Need]]:
    """Everything of these kinds, the oldest first; a kind without any is left out."""
    found = {kind: _of_kind(session, kind, narrow, now) for kind in kinds}
    return {kind: some for kind, some in found.items() if some}


def _of_kind(session: Session, kind: Kind, narrow: Narrow, now: datetime) -> list[Need]:
    door = narrow.door
    query = _query(kind, bool(narrow.destination_id), door.channel if door else "")
    given = {"now": now, "body": narrow.destination_id}
    if door is not None:
        given |= {"channel": door.channel, "origin": door.origin_id, "counter": door.counter_code}
    return [
        Need(kind, filing_id, number, cuo or "", door_of(*door), body, since, code or "")
        for filing_id, number, cuo, body, since, code, *door in session.execute(query, given)
    ]


@cache
def _query(kind: Kind, has_body: bool, channel: str) -> Question:
    """The query of a kind, made once for each way to narrow it: to make one costs as much as to ask it."""
    query = _QUERIES[kind]().add_columns(*_DOOR).limit(LISTED)
    if has_body:
        query = query.where(func.coalesce(Delivery.destination_id, Filing.destination_id) == bindparam("body"))
    if channel:
        query = query.where(Filing.channel == bindparam("channel"))
    if channel == "counter":
        query = query.where(Filing.received_by_id == bindparam("origin"), Filing.counter_code == bindparam("counter"))
    return query


def _legs(since: Any, code: Any) -> Question:
    columns = (*_FILING, Delivery.cuo, Delivery.destination_id, since, code)
    return select(*columns).select_from(Delivery).join(Filing, Filing.id == Delivery.filing_id)


def _is_last() -> ColumnElement[bool]:
    later = aliased(Delivery)
    return ~select(later.id).where(later.filing_id == Delivery.filing_id, later.id > Delivery.id).exists()


def _stopped() -> Question:
    """Dead letters, by their own small index; the leg may have been closed by news since."""
    query = _legs(OutboundMessage.created_at, OutboundMessage.last_code)
    is_its = (OutboundMessage.delivery_id == Delivery.id) & (OutboundMessage.kind == MessageKind.SOBRE)
    query = query.join(OutboundMessage, is_its).where(OutboundMessage.status == OutboundStatus.DEAD)
    return query.where(Delivery.status == DeliveryStatus.FAILED).order_by(OutboundMessage.created_at)


def _late() -> Question:
    query = _legs(Delivery.created_at + HAND_OVER_WITHIN, Delivery.status)
    return query.where(*kept_back(_NOW)).order_by(Delivery.created_at)


def _said_at() -> Any:
    said = select(func.max(Event.at)).where(
        Event.filing_id == Delivery.filing_id, Event.delivery_id == Delivery.id, Event.kind == "refused"
    )
    return func.coalesce(said.scalar_subquery(), Delivery.created_at)


def _refused() -> Question:
    query = _legs(_said_at(), Delivery.refusal_reason)
    open_refusal = (Delivery.status == DeliveryStatus.REFUSED, Filing.withdrawn_at.is_(None), _is_last())
    return query.where(*open_refusal).order_by(Delivery.id)


def _looping() -> Question:
    other = aliased(Delivery)
    moves = select(func.count(other.id)).where(other.filing_id == Delivery.filing_id, other.purpose == "rerouted")
    query = _legs(Delivery.created_at, Delivery.status).where(
        Delivery.status.in_((DeliveryStatus.REFUSED, DeliveryStatus.FAILED)),
        Delivery.purpose == "rerouted", _is_last(), moves.scalar_subquery() >= MOST_LEGS,
    )  # fmt: skip
    return query.order_by(Delivery.id)


def _terms() -> Question:
    body = func.coalesce(Delivery.destination_id, Filing.destination_id)
    query: Question = select(*_FILING, Delivery.cuo, body, Observation.correct_by, Observation.source)
    query = query.select_from(Observation).join(Filing, Filing.id == Observation.filing_id)
    query = query.outerjoin(Delivery, Delivery.id == Observation.delivery_id)
    return query.where(Observation.closed_at.is_(None), Observation.correct_by <= _NOW + SOON).order_by(
        Observation.correct_by
    )


def _mail() -> Question:
    other = aliased(Delivery)
    newest = select(func.max(other.id)).where(other.filing_id == Filing.id).scalar_subquery()
    body = func.coalesce(Delivery.destination_id, Filing.destination_id)
    query: Question = select(*_FILING, Delivery.cuo, body, OutboundMessage.created_at, OutboundMessage.last_code)
    query = query.select_from(OutboundMessage).join(Filing, Filing.id == OutboundMessage.filing_id)
    query = query.outerjoin(Delivery, and_(Delivery.filing_id == Filing.id, Delivery.id == newest))
    is_dead = (OutboundMessage.status == OutboundStatus.DEAD, OutboundMessage.kind == MessageKind.MAIL)
    return query.where(*is_dead).order_by(OutboundMessage.created_at)


_QUERIES: dict[Kind, Callable[[], Question]] = {
    Kind.STOPPED: _stopped, Kind.LATE: _late, Kind.REFUSED: _refused, Kind.LOOP: _looping, Kind.TERM: _terms,
    Kind.MAIL: _mail,
}  # fmt: skip
