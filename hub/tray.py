"""Mis trámites: the filings and notices of a citizen's account, narrowed and paged; earlier ones are joined."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Row, Select, exists, false, func, or_, select, true, update
from sqlalchemy.orm import Session

from hub.core.calendar import LIMA
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import Forbidden, NotFound
from hub.core.statuses import Author, DeliveryStatus, FilingStatus
from hub.events import tell
from hub.models import Citizen, Delivery, Document, Filing, Notice, User
from hub.models.filings import SUBJECT_WORDS, words_begin
from hub.sight import Viewer, filed_by

Ts = TypeVarTuple("Ts")
PAGE_SIZE = 20
COUNTED = 1000
"""What is narrowed down is counted so far, and further only for who pages on."""
MOST_PAGES = 100_000
BATCH = 1000
"""Rows of an export that are in memory at once; no transaction stays open while they go out."""


@dataclass(frozen=True)
class TrayFilter:
    """What is asked for. Days are of the hour of Peru, both included; texts may be parts."""

    since: date | None = None
    until: date | None = None
    number: str = ""
    expediente: str = ""
    document: str = ""
    subject: str = ""
    destination_code: str = ""
    status: str = ""
    page: int = 1


@dataclass(frozen=True)
class TrayRow:
    """One filing. `destination` is the body that has it now; `unopened`: notices that nobody opened yet."""

    filing_id: int
    filing_number: str
    verification_code: str
    presented_at: datetime
    considered_on: date
    destination: EntityRecord
    document_type: str
    document_number: str
    subject: str
    status: FilingStatus
    registry_number: str
    expediente_number: str
    due_on: date | None
    unopened: int


@dataclass(frozen=True)
class Page:
    """A page of a list: of TrayRow, or of NoticeRow. `is_more`: there are more than `total`, and nobody counted."""

    rows: tuple[Any, ...]
    total: int
    page: int
    pages: int
    is_more: bool = False


_LEG = (
    select(
        Delivery.destination_id, Delivery.destination_registry_number, Delivery.expediente_number, Delivery.due_on
    )
    .where(Delivery.filing_id == Filing.id)
    .order_by(Delivery.status == DeliveryStatus.CANCELLED, Delivery.id.desc())
    .limit(1)
    .lateral("leg")
)
_UNOPENED = (
    select(func.count(Notice.id))
    .where(Notice.filing_id == Filing.id, Notice.opened_at.is_(None))
    .correlate(Filing)
    .scalar_subquery()
)
_ROWS = (
    select(
        Filing.id,
        Filing.filing_number,
        Filing.verification_code,
        Filing.presented_at,
        Filing.considered_on,
        func.coalesce(_LEG.c.destination_id, Filing.destination_id),
        Filing.document_type,
        Filing.document_number,
        Filing.subject,
        Filing.status,
        func.coalesce(_LEG.c.destination_registry_number, ""),
        func.coalesce(_LEG.c.expediente_number, ""),
        _LEG.c.due_on,
        _UNOPENED,
    )
    .select_from(Filing)
    .outerjoin(_LEG, true())
    .order_by(Filing.id.desc())
)


def page(session: Session, directory: Directory, viewer: Viewer, wanted: TrayFilter) -> Page:
    """A page of 20 of what stands in the tray, newest first."""
    where = _conditions(directory, viewer, wanted)
    most = COUNTED if len(where) > 1 else None  # all of a tray is counted by its index
    number = min(max(wanted.page, 1), MOST_PAGES)
    if most is not None:
        most = max(most, (number + 1) * PAGE_SIZE)
    counted = select(Filing.id).where(*where).limit(most and most + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    is_more, total = most is not None and total > most, min(total, most or total)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(number, pages)
    newest = select(Filing.id).where(*where).order_by(Filing.id.desc())
    ids = newest.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)  # legs and notices of what is shown alone
    rows = session.execute(_ROWS.where(Filing.id.in_(ids)))
    return Page(tuple(_row(directory, row) for row in rows), total, number, pages, is_more)


def batches(
    session: Session, directory: Directory, viewer: Viewer, wanted: TrayFilter
) -> Iterator[tuple[TrayRow, ...]]:
    """All of what is asked for, newest first, a thousand at a time; the transaction ends after each."""
    where, before = _conditions(directory, viewer, wanted), None
    while True:
        query = _ROWS.where(*where).limit(BATCH)
        found = session.execute(query.where(Filing.id < before) if before else query).all()
        session.rollback()
        if not found:
            return
        before = found[-1][0]
        yield tuple(_row(directory, row) for row in found)


def _row(directory: Directory, row: Row[Any]) -> TrayRow:
    values = list(row)
    values[5] = directory.by_id(values[5])
    return TrayRow(*values)


def _conditions(directory: Directory, viewer: Viewer, wanted: TrayFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [filed_by(viewer)]
    if wanted.since:
        found.append(Filing.presented_at >= datetime.combine(wanted.since, time(), LIMA))
    if wanted.until and wanted.until < date.max:
        found.append(Filing.presented_at < datetime.combine(wanted.until + timedelta(days=1), time(), LIMA))
    if wanted.number:
        found.append(Filing.filing_number.contains(wanted.number.replace(" ", ""), autoescape=True))
    if wanted.document:
        found.append(Filing.document_number.icontains(wanted.document, autoescape=True))
    if wanted.subject:
        found.append(says(wanted.subject))
    if wanted.status:
        found.append(Filing.status == wanted.status)
    if wanted.expediente:
        found.append(_in_file(wanted.expediente))
    if wanted.destination_code:
        found.append(_at(directory.entity(wanted.destination_code).id))
    return found


def _in_file(text: str) -> ColumnElement[bool]:
    leg = select(Delivery.id).where(
        Delivery.filing_id == Filing.id,
        or_(
            Delivery.expediente_number.icontains(text, autoescape=True),
            Delivery.destination_registry_number.icontains(text, autoescape=True),
        ),
    )
    return or_(exists(leg), Filing.related_expediente.icontains(text, autoescape=True))


def _at(entity_id: int) -> ColumnElement[bool]:
    sent_on = select(Delivery.filing_id).where(Delivery.purpose == "rerouted", Delivery.destination_id == entity_id)
    return or_(Filing.destination_id == entity_id, Filing.id.in_(sent_on))


def says(typed: str) -> ColumnElement[bool]:
    """Each word typed begins a word of the subject; marks and capitals count for nothing."""
    asked = words_begin(typed)
    return SUBJECT_WORDS.bool_op("@@")(asked) if asked is not None else false()


def filing_of(session: Session, viewer: Viewer, number: str) -> Filing:
    """A filing of the tray. Raises NotFound for every other."""
    filing = session.scalar(select(Filing).where(Filing.filing_number == number, filed_by(viewer)))
    if filing is None:
        raise NotFound(number, code="TRACKING_NOT_FOUND")
    return filing


def handed_in(session: Session, filing: Filing) -> list[Document]:
    """What the filer handed in: with the filing, and with its corrections."""
    own = select(Document).where(Document.filing_id == filing.id, Document.delivery_id.is_(None))
    noticed = exists().where(Notice.document_id == Document.id)
    return list(session.scalars(own.where(~noticed).order_by(Document.position)))


def join(session: Session, account: User, citizen: Citizen, filing: Filing, now: datetime) -> None:
    """Put a filing made without an account into the tray: the caller has seen its key; flushed.

    Its mail and its document must be the account's. Raises Forbidden NOT_YOURS. One already there stays.
    """
    filer = filing.filer
    is_same = (filer.document_kind, filer.document_number) == (citizen.document_kind, citizen.document_number)
    is_company = bool(citizen.ruc) and filer.ruc == citizen.ruc
    if not (is_same or is_company) or filer.email.strip().lower() != account.email:
        raise Forbidden("filing", code="NOT_YOURS")
    closed = select(User.id).where(~User.active)
    free = or_(Filing.account_id.is_(None), Filing.account_id == account.id, Filing.account_id.in_(closed))
    taken = update(Filing).where(Filing.id == filing.id, free).values(account_id=account.id).returning(Filing.id)
    was_there = filing.account_id == account.id
    if session.scalar(taken) is None:
        raise Forbidden("filing", code="NOT_YOURS")
    if not was_there:
        tell(session, filing, "joined", now, author=Author.FILER, said_by="filer")


@dataclass(frozen=True)
class NoticeRow:
    """One notice of the tray, with the filing it belongs to and the body that notifies."""

    notice: Notice
    filing_number: str
    verification_code: str
    subject: str
    body: EntityRecord


def notices(session: Session, directory: Directory, viewer: Viewer, text: str, is_unread: bool, number: int) -> Page:
    """What was notified in the filings of the tray, newest first. `text`: of its subject or its filing."""
    query = _noticed(select(Notice, Filing, Delivery.destination_id), viewer, text, is_unread)
    total = session.scalar(_noticed(select(func.count(Notice.id)), viewer, text, is_unread)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    rows = session.execute(query.order_by(Notice.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    found = (
        NoticeRow(notice, filing.filing_number, filing.verification_code, filing.subject,
                  directory.by_id(at or filing.destination_id))
        for notice, filing, at in rows
    )
    return Page(tuple(found), total, number, pages)


def _noticed(query: Select[*Ts], viewer: Viewer, text: str, is_unread: bool) -> Select[*Ts]:
    query = (
        query.select_from(Notice)
        .join(Filing, Filing.id == Notice.filing_id)
        .outerjoin(Delivery, Delivery.id == Notice.delivery_id)
        .where(filed_by(viewer))
    )
    if is_unread:
        query = query.where(Notice.opened_at.is_(None))
    if text:
        seen = or_(Notice.subject.icontains(text, autoescape=True), Filing.subject.icontains(text, autoescape=True),
                   Filing.filing_number.contains(text, autoescape=True))
        query = query.where(seen)
    return query
