"""What needs a person now: found by the indexes of what is open, the oldest first, each with what can be done.

What a person took care of is left out, and whatever is about a filing that is over; but not that its answer reached
nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final

from sqlalchemy import DateTime, Select, String, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from hub import undecided
from hub.alarms import HAND_OVER_WITHIN, kept_back
from hub.core.needs import Kind
from hub.core.statuses import FilingStatus, MessageKind, OutboundStatus
from hub.figures.reading import Door, Narrow, door_of
from hub.models import Delivery, Event, Filing, Notice, Observation, OutboundMessage
from hub.undecided import DIED, REFUSAL, ROUND, waits

LISTED: Final = 200
"""Of each kind; of more than these, that there are more."""
NEWEST: Final = 50
"""So many of them are the newest, so that what is old never hides what is new."""
SOON: Final = timedelta(hours=24)
"""A term to correct that ends within this is shown."""


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
    about: str
    """Names this very need: the same leg may need a person again later, for something new."""
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


def of_filings(session: Session, kind: Kind, filing_ids: Sequence[int], now: datetime) -> list[Need]:
    """The needs of one kind that these filings have now."""
    return [Need(kind, *row) for row in map(_read, session.execute(
        _query(kind, False, "", False).where(Filing.id.in_(filing_ids)), {"now": now}
    ))]  # fmt: skip


def _of_kind(session: Session, kind: Kind, narrow: Narrow, now: datetime) -> list[Need]:
    """The oldest, and where they are too many, the newest after them."""
    door = narrow.door
    given = {"now": now, "body": narrow.destination_id}
    if door is not None:
        given |= {"channel": door.channel, "origin": door.origin_id, "counter": door.counter_code}
    query = partial(_query, kind, bool(narrow.destination_id), door.channel if door else "")
    found = [Need(kind, *_read(row)) for row in session.execute(query(False).limit(LISTED - NEWEST), given)]
    if len(found) < LISTED - NEWEST:
        return found
    newest = [Need(kind, *_read(row)) for row in session.execute(query(True).limit(NEWEST), given)]
    known = {one.about for one in found}
    return found + [one for one in reversed(newest) if one.about not in known]


def _read(row: Any) -> tuple[Any, ...]:
    """A row of a query as the fields of Need after its kind."""
    filing_id, number, cuo, body, since, code, about, *door = row
    return filing_id, number, cuo or "", door_of(*door), body, since, about, code or ""


@cache
def _query(kind: Kind, has_body: bool, channel: str, is_newest: bool) -> Question:
    """The query of a kind, made once for each way to narrow it: to make one costs as much as to ask it."""
    make, since, about = _QUERIES[kind]
    is_due = waits(kind, about, _untold() if kind is Kind.MAIL else None)
    query = make().add_columns(about.label("about"), *_DOOR).where(is_due)
    query = query.order_by(since.desc() if is_newest else since)
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


def _stopped() -> Question:
    return undecided.stopped(_legs(OutboundMessage.created_at, OutboundMessage.last_code))


def _late() -> Question:
    query = _legs(Delivery.created_at + HAND_OVER_WITHIN, Delivery.status)
    return query.where(*kept_back(_NOW))


def _said_at() -> Any:
    said = select(func.max(Event.at)).where(
        Event.filing_id == Delivery.filing_id, Event.delivery_id == Delivery.id, Event.kind == "refused"
    )
    return func.coalesce(said.scalar_subquery(), Delivery.created_at)


def _refused() -> Question:
    return undecided.refused(_legs(_said_at(), Delivery.refusal_reason))


def _looping() -> Question:
    return undecided.looping(_legs(Delivery.created_at, Delivery.status))


def _terms() -> Question:
    body = func.coalesce(Delivery.destination_id, Filing.destination_id)
    query: Question = select(*_FILING, Delivery.cuo, body, Observation.correct_by, Observation.source)
    query = query.select_from(Observation).join(Filing, Filing.id == Observation.filing_id)
    query = query.outerjoin(Delivery, Delivery.id == Observation.delivery_id)
    return query.where(Observation.closed_at.is_(None), Observation.correct_by <= _NOW + SOON)


def _mail() -> Question:
    other = aliased(Delivery)
    newest = select(func.max(other.id)).where(other.filing_id == Filing.id).scalar_subquery()
    body = func.coalesce(Delivery.destination_id, Filing.destination_id)
    query: Question = select(*_FILING, Delivery.cuo, body, OutboundMessage.created_at, OutboundMessage.last_code)
    query = query.select_from(OutboundMessage).join(Filing, Filing.id == OutboundMessage.filing_id)
    query = query.outerjoin(Delivery, and_(Delivery.filing_id == Filing.id, Delivery.id == newest))
    is_dead = (OutboundMessage.status == OutboundStatus.DEAD, OutboundMessage.kind == MessageKind.MAIL)
    return query.where(*is_dead)


def _untold() -> Any:
    """The alert of an answer that came back, while nothing else notified it: the filer knows of no answer."""
    notice = select(Notice.id).where(Notice.id == OutboundMessage.notice_id, Notice.notified_on.is_(None))
    return and_(Filing.status.in_((FilingStatus.ANSWERED, FilingStatus.CLOSED)), notice.exists())


_QUERIES: dict[Kind, tuple[Callable[[], Question], Any, Any]] = {
    Kind.STOPPED: (_stopped, OutboundMessage.created_at, DIED),
    Kind.LATE: (_late, Delivery.created_at, Delivery.cuo),
    Kind.REFUSED: (_refused, Delivery.id, REFUSAL),
    Kind.LOOP: (_looping, Delivery.id, ROUND),
    Kind.TERM: (_terms, Observation.correct_by, cast(Observation.id, String)),
    Kind.MAIL: (_mail, OutboundMessage.created_at, DIED),
}
"""Of each kind its rows, by what they are sorted, and what names each need."""
