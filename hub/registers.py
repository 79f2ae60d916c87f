"""The registers of a body: what its counters took, in order of arrival, and what left for other bodies (TUO 128.2).

Each body keeps one register a year, of all its counters, without gaps; each counter reads its own part of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, select
from sqlalchemy.orm import Session

from hub.core.bodies import EntityRecord
from hub.core.calendar import LIMA
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.identifiers import entry_number, mask
from hub.core.statuses import DeliveryStatus, FilingStatus, Mode
from hub.models import Delivery, Filing, NumberSeries, User
from hub.sight import Viewer, book_open_to, entries_open_to, seat_of

ENTRY_SERIES = "entry"


@dataclass(frozen=True)
class Wanted:
    """Which part of which register: a body, a day of the hour of Peru, and a counter (empty: all)."""

    entity: EntityRecord
    day: date
    counter_code: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the register of entries: number, nature, instant, sender, addressee (TUO 128.2).

    `at` is the instant of presentation. `filer_document` is masked; `where` is the body that has it now.
    """

    number: str
    filing_number: str
    at: datetime
    counter: str
    filer: str
    filer_document_kind: str
    filer_document: str
    document_type: str
    document_number: str
    subject: str
    destination: str
    folios: int
    clerk: str
    status: FilingStatus
    where: str
    retention_class: str


@dataclass(frozen=True)
class Exit:
    """One line of the register of exits. `left_at` is when it was handed out; `cargo` is the destination's number."""

    number: str
    filing_number: str
    cuo: str
    left_at: datetime
    destination: str
    mode: Mode
    subject: str
    folios: int
    status: DeliveryStatus
    delivered_at: datetime | None
    cargo: str
    registered_at: datetime | None


def open_book(directory: Directory, viewer: Viewer, code: str, day: date, counter_code: str = "") -> Wanted:
    """The part of a register that a person asks for. Raises NotFound for one that is not there or not for them.

    Whoever belongs to one counter gets that counter's part.
    """
    entity = directory.entity(code)
    if not book_open_to(viewer, entity.id):
        raise NotFound(code, code="REGISTER_NOT_FOUND")
    counter_code = seat_of(viewer) or counter_code
    if counter_code:
        entity.counter(counter_code)
    return Wanted(entity, day, counter_code)


def entries(session: Session, directory: Directory, viewer: Viewer, wanted: Wanted) -> tuple[Entry, ...]:
    """The register of entries of a day, in the order of its numbers."""
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.filing_id == Filing.id, Delivery.status != DeliveryStatus.CANCELLED)
        .correlate(Filing)
        .scalar_subquery()
    )
    query = (
        select(Filing, User.name, Delivery.destination_id)
        .outerjoin(User, User.id == Filing.clerk_id)
        .outerjoin(Delivery, Delivery.id == newest)
        .where(_of(wanted, Filing.presented_at), entries_open_to(viewer, wanted.entity.id))
        .order_by(Filing.entry_year, Filing.entry_sequence)
    )
    return tuple(_entry(directory, *row) for row in session.execute(query))


def exits(session: Session, directory: Directory, viewer: Viewer, wanted: Wanted) -> tuple[Exit, ...]:
    """The register of exits of a day: the legs that left that day, in the order in which they left."""
    left_at = func.coalesce(Delivery.handed_out_at, Delivery.sent_at, Delivery.registered_at)
    query = (
        select(Delivery, Filing, left_at)
        .join(Filing, Filing.id == Delivery.filing_id)
        .where(_of(wanted, left_at), entries_open_to(viewer, wanted.entity.id))
        .order_by(left_at, Delivery.id)
    )
    return tuple(_exit(directory, *row) for row in session.execute(query))


def gaps(session: Session, entity: EntityRecord, year: int) -> tuple[int, ...]:
    """The numbers that are missing in a body's register of a year; none in a register that is whole (TUO 128.2)."""
    of_year = (Filing.received_by_id == entity.id, Filing.entry_year == year, Filing.entry_sequence.is_not(None))
    given = select(NumberSeries.last).where(
        NumberSeries.entity_id == entity.id, NumberSeries.kind == ENTRY_SERIES, NumberSeries.year == year
    )
    counted = select(func.count(), func.max(Filing.entry_sequence)).where(*of_year)
    count, highest = session.execute(counted).one()
    last = max(session.scalar(given) or 0, highest or 0)
    if count == last:  # numbers are unique and begin at 1
        return ()
    number = func.generate_series(1, last).column_valued("number")
    taken = select(Filing.entry_sequence).where(*of_year)
    return tuple(session.scalars(select(number).where(number.not_in(taken)).order_by(number)))


def _of(wanted: Wanted, instant: SQLColumnExpression[datetime]) -> ColumnElement[bool]:
    """Of that body, that day and that counter."""
    begins = datetime.combine(wanted.day, time(), LIMA)
    conditions = [
        Filing.received_by_id == wanted.entity.id,
        Filing.entry_sequence.is_not(None),
        instant >= begins,
        instant < begins + timedelta(days=1),
    ]
    if wanted.counter_code:
        conditions.append(Filing.counter_code == wanted.counter_code)
    return and_(*conditions)


def _entry(directory: Directory, filing: Filing, clerk: str | None, holder_id: int | None) -> Entry:
    received_by, filer = directory.by_id(filing.received_by_id), filing.filer
    counters = {counter.code: counter.name for counter in received_by.counters}
    return Entry(
        number=entry_number(filing.entry_sequence or 0, filing.entry_year),
        filing_number=filing.filing_number,
        at=filing.presented_at,
        counter=counters.get(filing.counter_code, filing.counter_code),
        filer=f"{filer.business_name} ({filer.names})" if filer.business_name else filer.names,
        filer_document_kind=filer.document_kind,
        filer_document=mask(filer.document_number),
        document_type=filing.document_type,
        document_number=filing.document_number,
        subject=filing.subject,
        destination=directory.by_id(filing.destination_id).acronym,
        folios=filing.folios,
        clerk=clerk or "",
        status=filing.status,
        where=directory.by_id(holder_id or filing.received_by_id).acronym,
        retention_class=filing.retention_class,
    )


def _exit(directory: Directory, leg: Delivery, filing: Filing, left_at: datetime) -> Exit:
    return Exit(
        number=entry_number(filing.entry_sequence or 0, filing.entry_year),
        filing_number=filing.filing_number,
        cuo=leg.cuo,
        left_at=left_at,
        destination=directory.by_id(leg.destination_id).acronym,
        mode=leg.mode,
        subject=filing.subject,
        folios=filing.folios,
        status=leg.status,
        delivered_at=leg.sent_at,
        cargo=f"{leg.destination_registry_number}-{leg.destination_registry_year}".strip("-"),
        registered_at=leg.registered_at,
    )
