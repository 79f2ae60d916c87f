"""The two books that are read as one: the lines of the trail, and the events that people told of filings."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from hub.core.numbers import whole_or
from hub.models import AuditEntry, Delivery, Event, Filing, User
from hub.models.events import BY_PEOPLE
from hub.trail_search.asked import EVENT, LINE, Line, Place, Wanted
from hub.trail_search.people import acts_for_a_body


def of_trail(session: Session, wanted: Wanted, limit: int) -> list[Line]:
    query = select(AuditEntry).where(*_span(AuditEntry, LINE, wanted))
    if wanted.entity_code:
        query = query.where(AuditEntry.entity_code == wanted.entity_code)
    if wanted.kind:
        query = query.where(AuditEntry.kind == wanted.kind)
    if wanted.person_id:
        query = query.where(AuditEntry.actor_id == wanted.person_id)
    if wanted.number:
        query = query.where(AuditEntry.number.in_(_numbers(session, wanted.number)))
    rows = session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit))
    return [
        Line(Place(row.at, LINE, row.id), row.kind, row.actor_id, row.entity_code, row.about_user_id, row.number,
             row.data)
        for row in rows
    ]  # fmt: skip


def of_events(session: Session, wanted: Wanted, limit: int) -> list[Line]:
    columns = (Event.at, Event.id, Event.kind, Event.said_by, Event.filing_id, Event.delivery_id)
    query = select(*columns).where(BY_PEOPLE, *_span(Event, EVENT, wanted))
    if wanted.entity_code:
        people = session.scalars(select(User.id).where(User.entity_code == wanted.entity_code, acts_for_a_body()))
        query = query.where(Event.said_by.in_([str(one) for one in people]))
    if wanted.kind:
        query = query.where(Event.kind == wanted.kind)
    if wanted.person_id:
        query = query.where(Event.said_by == str(wanted.person_id))
    if wanted.number:
        query = query.where(Event.filing_id.in_(_filings(session, wanted.number)))
    rows = session.execute(query.order_by(Event.at.desc(), Event.id.desc()).limit(limit)).all()
    return _named(session, rows)


def _named(session: Session, rows: Sequence[Any]) -> list[Line]:
    """With the body of who told, and the number of the leg, else of the filing."""
    legs, filings = ({getattr(row, name) for row in rows} - {None} for name in ("delivery_id", "filing_id"))
    cuos = dict(session.execute(select(Delivery.id, Delivery.cuo).where(Delivery.id.in_(legs))).all())
    wanted = select(Filing.id, Filing.filing_number).where(Filing.id.in_(filings))
    numbers = dict(session.execute(wanted).all())
    people = {_person(row.said_by) for row in rows} - {None}
    bodies = dict(session.execute(select(User.id, User.entity_code).where(User.id.in_(people))).all())
    return [
        Line(
            Place(row.at, EVENT, row.id), row.kind, _person(row.said_by), bodies.get(_person(row.said_by) or 0, ""),
            None, numbers.get(row.filing_id, ""), {"cuo": cuos[row.delivery_id]} if row.delivery_id in cuos else {},
        )
        for row in rows
    ]  # fmt: skip


def _person(said_by: str) -> int | None:
    return whole_or(said_by, None)


def _span(table: Any, book: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = []
    if wanted.since:
        found.append(table.at >= wanted.since)
    if wanted.until:
        found.append(table.at < wanted.until)
    if wanted.before:
        found += [table.at <= wanted.before.at, _behind(table, book, wanted.before)]
    return found


def _behind(table: Any, book: str, place: Place) -> ColumnElement[bool]:
    """Of the same instant, the trail's lines come after the events."""
    if book == place.book:
        return or_(table.at < place.at, table.id < place.id)
    return true() if book < place.book else table.at < place.at


def _filings(session: Session, number: str) -> list[int]:
    """The filing with this number, or of the leg with this CUO."""
    by_leg = select(Delivery.filing_id).where(Delivery.cuo == number)
    return list(session.scalars(select(Filing.id).where(or_(Filing.filing_number == number, Filing.id.in_(by_leg)))))


def _numbers(session: Session, number: str) -> list[str]:
    """The numbers under which lines name the same filing: its own, and those of its legs."""
    filings = _filings(session, number)
    own = session.scalars(select(Filing.filing_number).where(Filing.id.in_(filings)))
    legs = session.scalars(select(Delivery.cuo).where(Delivery.filing_id.in_(filings)))
    return [number, *own, *legs]
