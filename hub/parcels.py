"""Building a parcel: the values of a Sobre from a filing's rows, ready to be signed and carried."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from hub.core.directory import Directory, EntityRecord
from hub.core.messages import Addressee, DocumentRef, DocumentRole, Filer, Header, Sobre
from hub.core.ports import Parcel, ParcelDocument, Partner
from hub.core.statuses import Mode
from hub.models import Delivery, Document, FilerRow, Filing, OutboundMessage
from hub.sendings import CHANNEL, SentBy

OpenDocument = Callable[[str], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True)
class Addresses:
    """Where the hub is found from outside: `public_url` without a slash at its end."""

    public_url: str

    def document(self, cuo: str, document_id: object) -> str:
        """The stable address of a document of a leg; the request is authorised, not the address."""
        return f"{self.public_url}/api/v1/envios/{cuo}/documentos/{document_id}"

    def link(self, token: str) -> str:
        """The page that lists everything an adapter cannot carry."""
        return f"{self.public_url}/d/{token}" if token else ""


def filer_of(row: FilerRow) -> Filer:
    """The filer's row as a value."""
    return Filer(
        document_kind=row.document_kind,
        document_number=row.document_number,
        names=row.names,
        email=row.email,
        phone=row.phone,
        address=row.address,
        ruc=row.ruc,
        business_name=row.business_name,
    )


def sobre_of(
    message: OutboundMessage,
    delivery: Delivery,
    documents: list[Document],
    directory: Directory,
    addresses: Addresses,
    now: datetime,
    notes: tuple[str, ...] = (),
) -> Sobre:
    """The Sobre of a leg, issued now. Its id is the outbox row's, fixed before the first attempt.

    It carries everything that the filer handed in, corrections included, and nothing that came back. It names the leg
    before it only where it corrects that one at the same institution. `notes`: what is known of the way it came in.
    """
    filing, destination = delivery.filing, directory.by_id(delivery.destination_id)
    return Sobre(
        header=Header(
            message_id=message.id,
            sender_ruc=directory.operator.ruc,
            receiver_ruc=destination.ruc,
            filing_number=filing.filing_number,
            cuo=delivery.cuo,
            issued_at=now,
            cuo_ref=delivery.corrects_cuo or None,
        ),
        filer=filer_of(filing.filer),
        addressee=_addressee(filing, destination),
        document_type=filing.document_type,
        document_number=filing.document_number,
        subject=filing.subject,
        folios=filing.folios,
        presented_at=filing.presented_at,
        considered_on=filing.considered_on,
        mode=Mode(delivery.mode),
        counter=f"{directory.by_id(filing.received_by_id).code}/{filing.counter_code}",
        documents=tuple(_ref(one, delivery.cuo, addresses) for one in handed_in(documents)),
        related_expediente=filing.related_expediente,
        additional_information="\n".join(filter(None, (delivery.answers, filing.additional_information, *notes))),
    )


def handed_in(documents: list[Document]) -> list[Document]:
    """What the filer handed in, corrections included; not what a destination gave back."""
    return [document for document in documents if document.delivery_id is None]


def _addressee(filing: Filing, destination: EntityRecord) -> Addressee:
    typed = filing.addressee or {}
    default = destination.addressee
    return Addressee(
        unit=typed.get("unit") or default.unit,
        name=typed.get("name") or default.name,
        job_title=typed.get("job_title") or default.job_title,
    )


_WIRE_ROLES = {DocumentRole.CORRECTION.value: DocumentRole.ANNEX}


def _ref(document: Document, cuo: str, addresses: Addresses) -> DocumentRef:
    return DocumentRef(
        role=_WIRE_ROLES.get(document.role, DocumentRole(document.role)),
        file_name=document.file_name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        pages=document.pages,
        address=addresses.document(cuo, document.id),
    )


def sender_of(directory: Directory, filing: Filing) -> EntityRecord:
    """Who sends a filing on the national wire: the body whose counter took it; online the sector's operator; of a
    document that a body of the sector wrote, that body."""
    if filing.channel == CHANNEL and directory.knows(filing.filer.ruc):
        return directory.by_ruc(filing.filer.ruc)
    return directory.by_id(filing.received_by_id) if filing.channel == "counter" else directory.operator


def parcel_of(
    sobre: Sobre,
    sealed: bytes,
    partner: Partner,
    origin: EntityRecord,
    documents: list[tuple[Document, OpenDocument]],
    link: str,
    sent_by: SentBy | None = None,
    missing: tuple[str, ...] = (),
) -> Parcel:
    """What an adapter is given: the values, the signed bytes and the documents to be opened where it carries bytes.

    The sender is the institution that sent the document in by a contract, else `origin`.
    """
    return Parcel(
        message_id=sobre.header.message_id,
        cuo=sobre.header.cuo,
        partner=partner,
        sobre=sobre,
        sealed=sealed,
        documents=tuple(_parcel_document(one, opened) for one, opened in documents if one.delivery_id is None),
        link=link,
        sender_ruc=sent_by.ruc if sent_by else origin.ruc,
        sender_name=sent_by.name if sent_by else origin.name,
        sender_unit=sent_by.unit if sent_by else origin.addressee.unit or "Mesa de Partes",
        missing_annexes=missing,
        document_date=sent_by.document_date if sent_by else None,
        cuo_ref=sobre.header.cuo_ref,
    )


def _parcel_document(document: Document, opened: OpenDocument) -> ParcelDocument:
    key = document.object_key
    return ParcelDocument(
        file_name=document.file_name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        open=lambda: opened(key),
    )
