"""The registry: number a filing, open it, enter it in the book of the counter that took it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from hub import notices, observations, paper_orders, routing
from hub.core.calendar import considered_on, counted_from, local_date
from hub.core.chain import commitment
from hub.core.directory import Directory
from hub.core.identifiers import FilingNumber, verification_code
from hub.core.statuses import Author, FilingStatus
from hub.events import tell
from hub.models import Document, FilerRow, Filing
from hub.models.deliveries import cuo_seq
from hub.models.filings import filing_number_seq, new_salt
from hub.models.writing import write_new
from hub.observations import Asked

_ENTER = text("""
    with taken as (
        insert into number_series (entity_id, kind, year, last) values (:entity, 'entry', :year, 1)
        on conflict (entity_id, kind, year) do update set last = number_series.last + 1
        returning last
    )
    update filings set entry_sequence = taken.last from taken where filings.id = :filing returning entry_sequence
""")


_RESERVE = select(
    *(
        func.nextval(name)
        for name in ("filers_id_seq", "filings_id_seq", filing_number_seq.name, "deliveries_id_seq", cuo_seq.name)
    )
)
"""Taken in one question. These series may have gaps."""


FILER_FIELDS = (
    "document_kind", "document_number", "names", "email", "phone", "address", "ruc", "business_name",
)  # fmt: skip
CONTENT_FIELDS = (
    "document_type", "document_number", "subject", "folios", "related_expediente", "additional_information",
    "addressee",
)  # fmt: skip
"""What the commitments in the event of a presentation cover, salted with the filing's salt."""


@dataclass(frozen=True)
class Reserved:
    """Numbers and row ids of a filing and its first leg."""

    filer_id: int
    filing_id: int
    filing_number: int
    leg_id: int
    cuo: int


@dataclass(frozen=True)
class NewFiling:
    """What is known of a filing before it has a number."""

    form_token: UUID
    channel: str
    entity_code: str
    counter_code: str
    clerk_id: int | None
    destination_code: str
    filer: FilerRow
    documents: list[Document]
    values: dict[str, Any]
    observed: Asked | None = None
    """What the counter observes on reception; nothing leaves until it is corrected."""


def register(session: Session, directory: Directory, new: NewFiling, now: datetime) -> Filing:
    """Number a filing, open its first leg with its message, and enter it in the counter's book; flushed.

    What the counter observes gets its number and its entry all the same, and no leg (TUO 135.1, 136.1, 136.3).
    """
    reserved = Reserved(*session.execute(_RESERVE).one())
    filing = _open(session, directory, new, reserved, now)
    if holds_back(new.observed):
        observations.observe_at_counter(session, directory, filing, new.observed, str(new.clerk_id), now)
        routing.refresh_status(session, filing)
    else:
        routing.open_first_leg(session, directory, filing, routing.LegNumbers(reserved.leg_id, reserved.cuo), now)
    set_committed_value(filing, "documents", new.documents)
    notices.tell_filer(session, filing, "constancia", f"constancia:{filing.filing_number}", now)
    paper_orders.order_reception(session, filing.id, now)
    _enter(session, filing)
    return filing


def holds_back(observed: Asked | None) -> TypeGuard[Asked]:
    """An observed filing is not routed to the office in charge while its correction is pending (TUO 136.3.3)."""
    return observed is not None


def _open(session: Session, directory: Directory, new: NewFiling, reserved: Reserved, now: datetime) -> Filing:
    """Write a filing with its number, its instant and the day it counts from; tell that it was presented."""
    filing = _numbered(directory, new, reserved, now)
    _write(session, filing, new)
    tell(
        session,
        filing,
        "presented",
        now,
        author=Author.CLERK if new.clerk_id else Author.FILER,
        said_by=str(new.clerk_id or "filer"),
        counter=f"{new.entity_code}/{new.counter_code}",
        destination=new.destination_code,
        considered_on=filing.considered_on.isoformat(),
        rule=filing.rule_applied,
        authorises_notification=filing.accepts_notification,
        procedure=filing.procedure.get("tupa_code", "") if filing.procedure else "",
        **_what_it_was(filing, new),
    )
    return filing


def _numbered(directory: Directory, new: NewFiling, reserved: Reserved, now: datetime) -> Filing:
    """The filing, counted from the day that the destination's policy and calendar say."""
    destination = directory.entity(new.destination_code)
    year = local_date(now).year
    return Filing(
        id=reserved.filing_id,
        filing_number=FilingNumber.of(year, reserved.filing_number),
        verification_code=verification_code(secrets.token_bytes(10)),
        form_token=new.form_token,
        channel=new.channel,
        status=FilingStatus.ON_ITS_WAY,
        presented_at=now,
        considered_on=considered_on(
            counted_from(now, new.values.get("ticket_at")), destination.policy, directory.calendar(destination.code)
        ),
        rule_applied=destination.policy.value,
        received_by_id=directory.entity(new.entity_code).id,
        counter_code=new.counter_code,
        entry_year=year,
        destination_id=destination.id,
        clerk_id=new.clerk_id,
        filer_id=reserved.filer_id,
        salt=new_salt(),
        **new.values,
    )


def _what_it_was(filing: Filing, new: NewFiling) -> dict[str, Any]:
    """What the proof of the presentation holds: the documents by digest, the rest by salted commitments."""
    filer = {name: getattr(new.filer, name) for name in FILER_FIELDS}
    content = {name: getattr(filing, name) for name in CONTENT_FIELDS}
    return {
        "documents": [{"sha256": one.sha256, "bytes": one.size, "role": one.role} for one in new.documents],
        "filer_commitment": commitment(filing.salt, filer),
        "content_commitment": commitment(filing.salt, content),
    }


def _write(session: Session, filing: Filing, new: NewFiling) -> None:
    new.filer.id = filing.filer_id
    for document in new.documents:
        document.filing_id = filing.id
    for rows in ([new.filer], [filing], new.documents):
        write_new(session, rows)
    set_committed_value(filing, "filer", new.filer)


def _enter(session: Session, filing: Filing) -> None:
    """Enter a filing in the one book of the body whose counter took it: gap-free, so taken last in the transaction.

    Each entry keeps its counter: an auxiliary register reports to the general reception unit (TUO 128.1, 128.2).
    """
    session.flush()
    values = {"entity": filing.received_by_id, "year": filing.entry_year, "filing": filing.id}
    set_committed_value(filing, "entry_sequence", session.execute(_ENTER, values).scalar_one())
