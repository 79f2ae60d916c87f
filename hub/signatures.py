"""Signatures of the PDFs that people hand in: read once, kept apart from events, shown to who attends the filing.

Filing never waits for this nor asks for a signature, and no signature is said to be valid: that would take a trust
list that says so (Ley 27269; DS 052-2008-PCM).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.bodies import AdapterKind
from hub.core.directory import Directory
from hub.core.errors import ContractError
from hub.core.messages import DocumentRole
from hub.events import tell
from hub.models import Document, DocumentSignature, Filing, SignatureReading
from hub.storage import Store
from hub.wire.pdf_signatures import PdfSignature, signatures_in

PDF = "application/pdf"


@dataclass(frozen=True)
class Read:
    """What was read of one document. `code` is why it could not be read, or empty."""

    signatures: tuple[PdfSignature, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class SignedDocument:
    """A document that is signed, or that says so and cannot be read (`code`)."""

    file_name: str
    code: str
    signatures: tuple[DocumentSignature, ...]


def unread(session: Session, filing_id: int) -> Sequence[Document]:
    """The PDFs of a filing whose signatures were not looked for yet."""
    read = select(SignatureReading.document_id)
    pdfs = select(Document).where(
        Document.filing_id == filing_id, Document.media_type == PDF, Document.delivery_id.is_(None)
    )
    wanted = pdfs.where(Document.id.not_in(read.where(SignatureReading.document_id == Document.id)))
    return session.scalars(wanted.order_by(Document.position)).all()


def read_document(store: Store, object_key: str) -> Read:
    """Read the signatures of a stored document; a file that cannot be read is told by its code.

    Raises StorageFailure.
    """
    with store.open(object_key) as stream:
        return read_stream(stream)


def read_stream(stream: BinaryIO) -> Read:
    """The same, of a seekable stream."""
    try:
        return Read(signatures_in(stream))
    except ContractError as error:
        return Read(code=error.code)


def keep(session: Session, document: Document, read: Read, now: datetime) -> bool:
    """Keep what was read of a document and tell how many signed it, naming nobody; flushed. False if kept before."""
    row = {"document_id": document.id, "read_at": now, "found": len(read.signatures), "code": read.code}
    added = insert(SignatureReading).values(row).on_conflict_do_nothing().returning(SignatureReading.document_id)
    if session.scalar(added) is None:
        return False
    session.add_all(_row(document.id, one) for one in read.signatures)
    session.flush()
    if read.signatures or read.code:
        intact = sum(one.is_intact for one in read.signatures)
        tell(
            session, session.get_one(Filing, document.filing_id), "signatures_read", now,
            sha256=document.sha256, found=len(read.signatures), intact=intact, code=read.code,
        )  # fmt: skip
    return True


def _row(document_id: UUID, one: PdfSignature) -> DocumentSignature:
    return DocumentSignature(
        document_id=document_id,
        signer=one.signer,
        organisation=one.organisation,
        ruc=one.ruc,
        authority=one.authority,
        signed_at=one.at,
        is_stamped=one.is_stamped,
        is_intact=one.is_intact,
        covers_all=one.covers_all,
    )


def signed_documents(session: Session, filing_id: int) -> tuple[SignedDocument, ...]:
    """The documents of a filing that somebody signed, for the clerk and the officer who may see them (R-SIG-1)."""
    rows = session.execute(
        select(Document.id, Document.file_name, SignatureReading.code)
        .join(SignatureReading, SignatureReading.document_id == Document.id)
        .where(Document.filing_id == filing_id, (SignatureReading.found > 0) | (SignatureReading.code != ""))
        .order_by(Document.position)
    ).all()
    held: dict[UUID, list[DocumentSignature]] = {row.id: [] for row in rows}
    signatures = select(DocumentSignature).where(DocumentSignature.document_id.in_(held))
    for one in session.scalars(signatures.order_by(DocumentSignature.id)):
        held[one.document_id].append(one)
    return tuple(SignedDocument(row.file_name, row.code, tuple(held[row.id])) for row in rows)


def lacks_a_signature(session: Session, directory: Directory, filing: Filing) -> bool:
    """Whether it goes by the national platform, which supposes a signed PDF, and nobody signed its main document.

    DL 1310, art. 8; RSGTD 002-2022-PCM/SGTD. It is told to the clerk and stops nothing: whoever files need not sign.
    """
    if directory.by_id(filing.destination_id).adapter.kind not in (AdapterKind.IOTRAMITE, AdapterKind.PIDE):
        return False
    main = select(Document.id).where(Document.filing_id == filing.id, Document.role == DocumentRole.MAIN.value)
    if session.get(SignatureReading, session.scalar(main.order_by(Document.position).limit(1))) is None:
        return False
    signed = select(DocumentSignature.id).where(DocumentSignature.document_id.in_(main), DocumentSignature.is_intact)
    return session.scalar(signed.limit(1)) is None
