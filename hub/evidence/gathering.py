"""Gathering: everything that the hub holds about a filing, as the files of its bundle. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hub import ledger
from hub.core.directory import Directory
from hub.evidence import case, layout
from hub.evidence.case import Case, Piece
from hub.evidence.listing import Found, document_json, event_json, filing_json, paper_json
from hub.evidence.messages import messages_of
from hub.evidence.readme import readme
from hub.evidence.trust import certificates
from hub.models import Delivery, Document, Event, Filing, Paper
from hub.storage import Store

PDF = "application/pdf"


@dataclass(frozen=True)
class Published:
    """The hub's own certificates (PEM), as anybody may have them. `tsa` is empty where no authority is configured."""

    ca: bytes
    own: tuple[bytes, ...]
    tsa: bytes = b""
    address: str = ""
    """The hub's public address, without a slash at its end: where the README sends its reader."""


def gather(
    session: Session, directory: Directory, store: Store, filing_id: int, published: Published, now: datetime
) -> Case:
    """The case of a filing, up to its newest event. `session` should see one instant: REPEATABLE READ."""
    found = _find(session, filing_id)
    number, events = found.filing.filing_number, [one for one in found.events if one.position is not None]
    documents = [(_document_name(place, one), one) for place, one in enumerate(found.filing.documents, 1)]
    papers = [(_paper_name(found, one), one) for one in found.papers]
    files = [Piece(name, one.media_type, _opener(store, one.object_key), is_packed=False) for name, one in documents]
    files += [Piece(name, PDF, _opener(store, one.object_key), is_packed=False) for name, one in papers]
    filing = filing_json(found, directory, len(events), now)
    filing["documentos"] = [document_json(found, name, one) for name, one in documents]
    filing["papeles"] = [paper_json(found, name, one) for name, one in papers]
    trusted, declared = certificates(session, directory, found.legs, found.messages, published.own)
    pieces = [
        case.of_bytes(layout.README, readme(found.filing, found.legs, directory, now, published.address).encode()),
        case.of_json(layout.FILING, filing),
        case.of_json(layout.EVENTS, {"events": [event_json(found, one) for one in events]}),
        case.of_json(layout.MESSAGES, {"mensajes": [one.to_json() for one in found.messages]}),
        case.of_json(layout.DIRECTORY, declared),
        case.of_bytes(layout.ROOTS, "".join(f"{jws}\n" for jws in found.roots).encode()),
        *_stamps(found),
        *(case.of_bytes(one.file, one.raw, "application/xml") for one in found.messages),
        *_certificates(published),
        *(case.of_bytes(name, pem, "application/x-pem-file") for name, pem in trusted),
        *files,
    ]
    return Case(number, filing_id, len(events), tuple(pieces))


def _find(session: Session, filing_id: int) -> Found:
    wanted = select(Filing).where(Filing.id == filing_id).options(selectinload(Filing.documents))
    filing = session.scalars(wanted).one()
    legs = session.scalars(select(Delivery).where(Delivery.filing_id == filing_id).order_by(Delivery.id)).all()
    told = select(Event).where(Event.filing_id == filing_id).order_by(Event.position, Event.at, Event.id)
    events = session.scalars(told).all()
    papers = session.scalars(select(Paper).where(Paper.filing_id == filing_id).order_by(Paper.id)).all()
    proofs = ledger.proofs(session, filing_id)
    newest = [one.jws for one in ledger.newest_roots(session, limit=1)]
    roots = (*proofs.roots, *(jws for jws in newest if jws not in proofs.roots))
    return Found(filing, legs, events, papers, messages_of(session, legs, events), proofs, roots)


def _opener(store: Store, object_key: str) -> case.Opened:
    return lambda: store.open(object_key)


def _document_name(place: int, document: Document) -> str:
    return layout.file_name(layout.DOCUMENTS, place, document.file_name)


def _paper_name(found: Found, paper: Paper) -> str:
    leg = f"-{cuo}" if (cuo := found.cuo(paper.delivery_id)) else ""
    return f"{layout.PAPERS}{paper.kind}{leg}-v{paper.version}.pdf"


def _stamps(found: Found) -> list[Piece]:
    first: dict[int, bytes] = {}
    for stamp in found.proofs.stamps:
        first.setdefault(stamp.batch, stamp.token)
    kind = "application/vnd.etsi.timestamp-token"
    return [case.of_bytes(layout.stamp_file(batch), token, kind) for batch, token in first.items()]


def _certificates(published: Published) -> list[Piece]:
    kind = "application/x-pem-file"
    given = ((layout.CA, published.ca), (layout.TSA, published.tsa))
    return [case.of_bytes(name, pem, kind) for name, pem in given if pem]
