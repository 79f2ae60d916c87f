"""The routing board: every leg that a person may see, its attempts and the partners' raw answers. Reads only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVarTuple

from sqlalchemy import CompoundSelect, Select, and_, bindparam, false, func, or_, select, union
from sqlalchemy.orm import Session, lazyload, load_only

from hub.core.directory import Directory, EntityRecord
from hub.core.errors import NotFound
from hub.core.statuses import DeliveryStatus, MessageKind
from hub.models import (
    Attempt,
    Delivery,
    EntityRow,
    Event,
    Filing,
    InboundMessage,
    InstitutionState,
    OutboundMessage,
    RawMessage,
)
from hub.models.outbound import tried_for
from hub.sight import Viewer, is_sector_wide, legs_visible_to, taken_at, visible_to

PAGE_SIZE = 30
MOST_PAGES = 100_000
COUNTED = 10_000
"""Legs of one status, or of one number's beginning, are counted so far; further only for who pages on."""
_ENTRY = re.compile(r"([0-9]{1,7})-([0-9]{4})")
"""The number of an entry in a register, as 00123-2026."""
Ts = TypeVarTuple("Ts")
_SHOWN = (
    lazyload(Delivery.filing),  # it is in the row already
    lazyload(Filing.filer),
    load_only(OutboundMessage.attempts, OutboundMessage.last_code, OutboundMessage.next_try_at),
)
"""What a row of the board loads: no signed bytes, and nobody's name."""


@dataclass(frozen=True)
class BoardFilter:
    """What the board is asked for. `text` is anything printed on a cargo: the number of the filing, the CUO, a
    registry number or their beginning; the verification code, the number of the entry."""

    entity_code: str = ""
    status: str = ""
    text: str = ""
    page: int = 1


@dataclass(frozen=True)
class BoardRow:
    """One leg on the board."""

    delivery: Delivery
    filing: Filing
    origin: EntityRecord
    destination: EntityRecord
    attempts: int
    last_code: str
    next_try_at: datetime | None


@dataclass(frozen=True)
class Board:
    rows: tuple[BoardRow, ...]
    total: int
    page: int
    pages: int
    counts: dict[str, int]
    most: int
    """How far is counted: a count that reaches it may be higher."""


def board(session: Session, directory: Directory, viewer: Viewer, wanted: BoardFilter) -> Board:
    """The legs a person may see, newest first, a page of 30, with the count by status (as far as is counted)."""
    most = max(COUNTED, (min(wanted.page, MOST_PAGES) + 1) * PAGE_SIZE)
    counts = _counts(session, directory, viewer, wanted.entity_code, most)
    if wanted.text.strip():
        narrowed = _narrow(select(Delivery.id), directory, viewer, wanted).limit(most).subquery()
        total = session.scalar(select(func.count()).select_from(narrowed)) or 0
    else:
        total = counts.get(wanted.status, 0) if wanted.status else sum(counts.values())
    query = _with_message(_narrow(select(Delivery, Filing, OutboundMessage), directory, viewer, wanted))
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(wanted.page, 1), pages)
    query = query.options(*_SHOWN).order_by(Delivery.id.desc())
    rows = session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Board(
        rows=tuple(_row(directory, *row) for row in rows.unique()),
        total=total,
        page=page,
        pages=pages,
        counts=counts,
        most=most,
    )


def _counts(
    session: Session, directory: Directory, viewer: Viewer, entity_code: str, most: int
) -> dict[str, int]:
    """How many legs of each status; for who sees every leg by the index alone, and no more than `most`."""
    if not is_sector_wide(viewer):
        query = _narrow(select(Delivery.status, func.count(Delivery.id)), directory, viewer, BoardFilter(entity_code))
        return {status.value: count for status, count in session.execute(query.group_by(Delivery.status))}
    given = {"body": directory.entity(entity_code).id if entity_code else 0, "most": most}
    found = session.execute(_counted(bool(entity_code)), given).one()
    return {status.value: count for status, count in zip(DeliveryStatus, found, strict=True) if count}


@cache
def _counted(is_of_body: bool) -> Select[*tuple[int, ...]]:
    """The question of `_counts`, made once: it costs as much to make as to answer."""
    of_body = [Delivery.destination_id == bindparam("body")] if is_of_body else []
    each = (
        select(Delivery.id).where(Delivery.status == status, *of_body).limit(bindparam("most")).subquery()
        for status in DeliveryStatus
    )
    return select(*(select(func.count()).select_from(one).scalar_subquery() for one in each))


def _with_message(query: Select[*Ts]) -> Select[*Ts]:
    return query.outerjoin(OutboundMessage, OutboundMessage.once == func.concat("sobre:", Delivery.cuo))


def _narrow(query: Select[*Ts], directory: Directory, viewer: Viewer, wanted: BoardFilter) -> Select[*Ts]:
    query = (
        query.select_from(Delivery)
        .join(Filing, Filing.id == Delivery.filing_id)
        .where(legs_visible_to(viewer))
    )
    if wanted.entity_code:
        query = query.where(Delivery.destination_id == directory.entity(wanted.entity_code).id)
    if wanted.status:
        query = query.where(Delivery.status == wanted.status)
    if text := wanted.text.strip():
        query = query.where(Delivery.id.in_(_found_by(text)))
    return query


def _found_by(text: str) -> CompoundSelect[int]:
    """The legs of anything that a cargo has printed on it, or of its beginning, each kind by its own index."""
    ids = select(Delivery.id)
    registry, expediente = Delivery.destination_registry_number, Delivery.expediente_number
    number = Filing.filing_number.startswith(text, autoescape=True)
    printed = re.sub(r"[\s-]", "", text).upper()
    code = "-".join(printed[place : place + 4] for place in range(0, 16, 4)) if len(printed) == 16 else text
    entry = _ENTRY.fullmatch(text)
    of_register = and_(Filing.entry_year == int(entry[2]), Filing.entry_sequence == int(entry[1])) if entry else false()
    bodies = select(EntityRow.id)  # so that the register's own index is used, body by body
    return union(
        ids.join(Filing, Filing.id == Delivery.filing_id).where(number),
        ids.join(Filing, Filing.id == Delivery.filing_id).where(Filing.verification_code == code),
        ids.join(Filing, Filing.id == Delivery.filing_id).where(Filing.received_by_id.in_(bodies), of_register),
        ids.where(Delivery.national_cuo != "", Delivery.national_cuo == text),
        ids.where(Delivery.cuo == text.zfill(10)),
        ids.where(registry != "", registry.startswith(text, autoescape=True)),
        ids.where(expediente != "", expediente.startswith(text, autoescape=True)),
    )


def _row(directory: Directory, delivery: Delivery, filing: Filing, message: OutboundMessage | None) -> BoardRow:
    return BoardRow(
        delivery=delivery,
        filing=filing,
        origin=directory.by_id(filing.received_by_id),
        destination=directory.by_id(delivery.destination_id),
        attempts=message.attempts if message else 0,
        last_code=message.last_code if message else "",
        next_try_at=message.next_try_at if message else None,
    )


@dataclass(frozen=True)
class RouteStory:
    """A leg with everything that was sent and said about it, the partners' raw answers included."""

    row: BoardRow
    message: OutboundMessage | None
    attempts: tuple[tuple[Attempt, bytes], ...]
    inbound: tuple[tuple[InboundMessage, bytes], ...]
    events: tuple[Event, ...]


def route(session: Session, directory: Directory, viewer: Viewer, cuo: str) -> RouteStory:
    """The story of one leg. Raises NotFound for a leg that is not there or not to be seen."""
    found = session.execute(
        _with_message(_narrow(select(Delivery, Filing, OutboundMessage), directory, viewer, BoardFilter())).where(
            Delivery.cuo == cuo
        )
    ).first()
    if found is None:
        raise NotFound(cuo, code="LEG_NOT_FOUND")
    delivery, filing, message = found
    attempts = session.execute(
        select(Attempt, RawMessage.body)
        .outerjoin(RawMessage, RawMessage.digest == Attempt.raw_digest)
        .join(OutboundMessage, OutboundMessage.id == Attempt.message_id)
        .where(OutboundMessage.delivery_id == delivery.id, OutboundMessage.kind == MessageKind.SOBRE)
        .where(tried_for(delivery))
        .order_by(Attempt.id)
    )
    inbound = session.execute(
        select(InboundMessage, RawMessage.body)
        .join(RawMessage, RawMessage.digest == InboundMessage.raw_digest)
        .where(InboundMessage.cuo == cuo)
        .order_by(InboundMessage.id)
    )
    return RouteStory(
        row=_row(directory, delivery, filing, message),
        message=message,
        attempts=tuple((attempt, body or b"") for attempt, body in attempts),
        inbound=tuple((row, body) for row, body in inbound),
        events=tuple(_events(session, viewer, delivery)),
    )


def _events(session: Session, viewer: Viewer, delivery: Delivery) -> Sequence[Event]:
    """What happened to the filing; to the people of one body, on their own leg and before there was any."""
    query = select(Event).where(Event.filing_id == delivery.filing_id)
    if not is_sector_wide(viewer):
        own = or_(Event.delivery_id == delivery.id, Event.delivery_id.is_(None))
        query = query.join(Filing, Filing.id == Event.filing_id).where(or_(own, taken_at(viewer)))
    return session.scalars(query.order_by(Event.at, Event.id)).all()


def taken_by(session: Session, viewer: Viewer, since: datetime, limit: int = PAGE_SIZE) -> Sequence[Filing]:
    """What a clerk's counter took since an instant, newest first."""
    query = select(Filing).where(
        Filing.received_by_id == viewer.entity_id, Filing.presented_at >= since, visible_to(viewer)
    )
    if viewer.counter_code:
        query = query.where(Filing.counter_code == viewer.counter_code)
    return session.scalars(query.order_by(Filing.id.desc()).limit(limit)).all()


@dataclass(frozen=True)
class Silent:
    """An institution whose breaker is open: `failures` tries in a row failed."""

    name: str
    since: datetime
    failures: int


def silent(session: Session, directory: Directory, now: datetime) -> tuple[Silent, ...]:
    """The institutions that do not answer now."""
    query = select(InstitutionState).where(InstitutionState.opened_at.is_not(None), InstitutionState.open_until > now)
    query = query.order_by(InstitutionState.opened_at, InstitutionState.entity_id)
    return tuple(
        Silent(directory.by_id(state.entity_id).acronym, state.opened_at or now, state.failures_in_a_row)
        for state in session.scalars(query)
    )


def leg_statuses(session: Session, filings: Sequence[Filing]) -> dict[int, DeliveryStatus]:
    """The status of each filing's newest leg, by the filing's id."""
    legs = select(Delivery.filing_id, Delivery.status).where(Delivery.filing_id.in_([filing.id for filing in filings]))
    return dict(iter(session.execute(legs.order_by(Delivery.id))))
