"""Fetching: which documents of a leg may be taken away, by its destination or by whoever holds its link."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.errors import MesaError, NotFound
from hub.core.statuses import Author, DeliveryStatus
from hub.events import tell
from hub.models import Delivery, Document, DocumentLink, Event, Filing
from hub.sendings import of_leg
from hub.wire.codes import Refusal

LINK_LIVES = timedelta(days=30)
"""After the destination's cargo."""
ONE_FETCH = timedelta(hours=1)
_WITHDRAWN = frozenset({DeliveryStatus.CANCELLED, DeliveryStatus.REROUTED})
"""The paper is not going there any more."""
_CUO = re.compile(r"[0-9]{10}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,43}")


class LinkClosed(MesaError):
    """A link that was good once: LINK_EXPIRED or LINK_REVOKED."""

    code = "LINK_EXPIRED"


@dataclass(frozen=True)
class Fetchable:
    """A document as it may be given out. `object_key` is for the store alone."""

    id: UUID
    role: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    pages: int | None
    object_key: str


@dataclass(frozen=True)
class LinkedLeg:
    """What a link opens. `expires_at` is None until the destination gives its cargo."""

    token: str
    cuo: str
    filing_number: str
    destination_id: int
    expires_at: datetime | None
    documents: tuple[Fetchable, ...]
    missing: tuple[str, ...] = ()
    """Names of annexes that its sender announced and that could not be fetched."""
    announced_at: str = ""
    """The address that the sender gave for them."""


def document_of(session: Session, directory: Directory, cuo: str, document_id: UUID, caller_ruc: str) -> Fetchable:
    """A document of a leg, for the institution to which that leg goes.

    Raises ContractError: CUO_UNKNOWN, CUO_OF_ANOTHER, DOCUMENT_FORBIDDEN (the leg was taken back), DOCUMENT_UNKNOWN.
    """
    if not _CUO.fullmatch(cuo):
        raise Refusal.CUO_UNKNOWN.error("not ten digits")
    leg = session.execute(
        select(Delivery.id, Delivery.filing_id, Delivery.destination_id, Delivery.status).where(Delivery.cuo == cuo)
    ).first()
    if leg is None:
        raise Refusal.CUO_UNKNOWN.error(cuo)
    if directory.by_id(leg.destination_id).ruc != caller_ruc:
        raise Refusal.CUO_OF_ANOTHER.error(cuo)
    if leg.status in _WITHDRAWN:
        raise Refusal.DOCUMENT_FORBIDDEN.error(f"{cuo} is {leg.status.value}")
    document = session.scalar(select(Document).where(Document.id == document_id, _travels_with(leg.id, leg.filing_id)))
    if document is None:
        raise Refusal.DOCUMENT_UNKNOWN.error(f"{cuo}/{document_id}")
    return fetchable(document)


def is_on_its_way(session: Session, directory: Directory, cuo: str, caller_ruc: str) -> bool:
    """True where we are handing that leg to the caller at this moment."""
    if not _CUO.fullmatch(cuo):
        return False
    sending = select(Delivery.destination_id).where(Delivery.cuo == cuo, Delivery.status == DeliveryStatus.SENDING)
    to = session.scalar(sending)
    return to is not None and directory.by_id(to).ruc == caller_ruc


def note_fetch(session: Session, directory: Directory, cuo: str, document_id: UUID, now: datetime) -> bool:
    """An event that a leg's destination took a document away; the caller commits. Who saw what, and when
    (Ley 29733 art. 9).

    A document is fetched in pieces, and again after a cut line: within an hour that is one event. False for a later
    piece.
    """
    delivery = session.scalars(select(Delivery).where(Delivery.cuo == cuo)).one()
    told = select(Event.id).where(
        Event.filing_id == delivery.filing_id,
        Event.delivery_id == delivery.id,
        Event.kind == "fetched",
        Event.data["document"].astext == str(document_id),
        Event.at > now - ONE_FETCH,
    )
    if session.scalar(told.limit(1)) is not None:
        return False
    code = directory.by_id(delivery.destination_id).code
    tell(
        session,
        delivery.filing,
        "fetched",
        now,
        author=Author.DESTINATION,
        said_by=code,
        delivery=delivery,
        document=str(document_id),
    )
    return True


def open_link(session: Session, token: str, now: datetime, *, document_id: UUID | None = None) -> LinkedLeg:
    """What a link opens, and an event that it was opened; the caller commits.

    With `document_id` only that document is in `documents`. Raises NotFound; LinkClosed once it is revoked, its leg
    was taken back, or 30 days have passed since the cargo.
    """
    if not _TOKEN.fullmatch(token):
        raise NotFound(code="LINK_UNKNOWN")
    found = session.execute(
        select(DocumentLink, Delivery, Filing)
        .join(Delivery, Delivery.id == DocumentLink.delivery_id)
        .join(Filing, Filing.id == Delivery.filing_id)
        .where(DocumentLink.token == token)
    ).first()
    if found is None:
        raise NotFound(code="LINK_UNKNOWN")
    link, delivery, filing = found
    expires_at = _expiry(link, delivery)
    if link.revoked_at is not None or delivery.status in _WITHDRAWN:
        raise LinkClosed(code="LINK_REVOKED")
    if expires_at is not None and expires_at <= now:
        raise LinkClosed(code="LINK_EXPIRED")
    wanted = select(Document).where(_travels_with(delivery.id, filing.id)).order_by(Document.position)
    if document_id is not None:
        wanted = wanted.where(Document.id == document_id)
    documents = tuple(fetchable(document) for document in session.scalars(wanted))
    if document_id is not None and not documents:
        raise NotFound(code="DOCUMENT_UNKNOWN")
    tell(session, filing, "link_opened", now, delivery=delivery, document=str(document_id or ""))
    sending = of_leg(session, delivery)
    is_missing = sending is not None and sending.annexes == "missing"
    missing, address = (tuple(sending.annex_names), sending.annex_url) if sending and is_missing else ((), "")
    number, destination = filing.filing_number, delivery.destination_id
    return LinkedLeg(token, delivery.cuo, number, destination, expires_at, documents, missing, address)


def _expiry(link: DocumentLink, delivery: Delivery) -> datetime | None:
    after_cargo = delivery.registered_at + LINK_LIVES if delivery.registered_at else None
    ends = [instant for instant in (link.expires_at, after_cargo) if instant is not None]
    return min(ends, default=None)


def _travels_with(delivery_id: int, filing_id: int) -> ColumnElement[bool]:
    """What the filer handed in, and what belongs to this very leg: never what came back from another one."""
    own = or_(Document.delivery_id.is_(None), Document.delivery_id == delivery_id)
    return (Document.filing_id == filing_id) & own


def fetchable(document: Document) -> Fetchable:
    """A document as it may be given out."""
    return Fetchable(
        document.id,
        document.role,
        document.file_name,
        document.media_type,
        document.size,
        document.sha256,
        document.pages,
        document.object_key,
    )
