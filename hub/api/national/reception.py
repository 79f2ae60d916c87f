"""Receiving a document by either side of the national contract: checked, stored, committed, and then 0000."""

import logging
from io import BytesIO

from sqlalchemy.orm import Session

from hub import admitting
from hub.admitting import Arrival
from hub.api.national.calls import CALLER_UNKNOWN, Incoming, Returned, said
from hub.clock import now
from hub.core.bodies import AdapterKind, EntityRecord
from hub.core.calendar import local_date
from hub.core.errors import ContractError, DocumentMissing, InvalidFiling, NotFound
from hub.extensions import db, services
from hub.files import UnreadableFile, check_pdf
from hub.storage import Stored
from hub.wire.iotramite import codes, sentences
from hub.wire.iotramite.received import Recepcion

log = logging.getLogger(__name__)


def take_document(incoming: Incoming) -> Returned:
    """A repeated CUO with the same document is answered as the first time, and changes nothing."""
    if not incoming.callers.rucs:
        return said(codes.ERROR, CALLER_UNKNOWN)
    recepcion = incoming.recepcion()
    problem = recepcion.problem(now())
    if problem in _BEFORE_THE_RUC:
        return said(codes.INVALID, problem or "")
    told, destination = _teller(incoming, recepcion), _destination(recepcion)
    if told is None:
        return said(codes.INVALID, sentences.SENDER_UNKNOWN)
    if destination is None:
        return said(codes.INVALID, sentences.RECEIVER_UNKNOWN)
    if problem:
        return said(codes.INVALID, problem)
    return _admit(incoming, recepcion, told, destination)


_BEFORE_THE_RUC = frozenset({
    sentences.MISSING["vrucentrem"], sentences.SENDER_RUC_LENGTH,
    sentences.MISSING["vrucentrec"], sentences.RECEIVER_RUC_LENGTH,
})  # fmt: skip
"""What is said of a RUC that cannot be looked up; that one is not registered is said before all the rest."""


def _teller(incoming: Incoming, recepcion: Recepcion) -> EntityRecord | None:
    """Whose system is told what becomes of it: the sender's; for one from outside, the platform's that calls."""
    directory, sender = services().directory, recepcion.text("vrucentrem")
    if sender in incoming.callers.rucs:
        return directory.by_ruc(sender)
    is_ours = directory.knows(sender) and directory.by_ruc(sender).adapter.kind is not AdapterKind.PIDE
    return None if is_ours or not incoming.callers.platforms else incoming.callers.platforms[0]


def _destination(recepcion: Recepcion) -> EntityRecord | None:
    """Who answers today for the receiver; nobody outside the sector is reached from here."""
    directory = services().directory
    try:
        body = directory.by_ruc(recepcion.text("vrucentrec"))
    except NotFound:
        return None
    heir = directory.heir(body.code, local_date(now()))
    return None if heir is None or heir.adapter.kind is AdapterKind.PIDE else heir


def _admit(incoming: Incoming, recepcion: Recepcion, told: EntityRecord, destination: EntityRecord) -> Returned:
    house, pdf = services(), recepcion.pdf
    stored = house.store.put(pdf)
    contract = "pide" if told.adapter.kind is AdapterKind.PIDE else "iotramite"
    kept = incoming.kept(stored.sha256)
    scans = house.scanner is not None
    arrival = Arrival(recepcion, stored, _pages(pdf), kept, contract, told, destination, scans)
    try:
        is_new = admitting.admit(db.session, house.directory, arrival, now())
        is_kept = is_new or _put_back(db.session, arrival)
    except (ContractError, InvalidFiling) as error:
        return _refused(db.session, error, stored, arrival)
    except Exception:
        db.session.rollback()
        house.store.discard_all([stored.object_key])
        raise
    db.session.commit()  # where only its answer is lost the filing stands, and its document with it
    if not is_kept:
        house.store.discard_all([stored.object_key])
    log.info("%s of %s for %s: %s", arrival.cuo, arrival.sender_ruc, destination.code, "new" if is_new else "known")
    return said(codes.OK, codes.taken_text(arrival.cuo, destination.name))


def _put_back(session: Session, arrival: Arrival) -> bool:
    """What came again takes the place of the first, where that one cannot be opened any more; flushed."""
    document = admitting.document_of(session, arrival)
    if document is None:
        return False
    try:
        services().store.open(document.object_key).close()
    except DocumentMissing:
        log.warning("%s of %s was missing and is there again", arrival.cuo, arrival.sender_ruc)
        document.object_key = arrival.pdf.object_key
        session.flush()
        return True
    return False


def _refused(session: Session, error: ContractError | InvalidFiling, stored: Stored, arrival: Arrival) -> Returned:
    session.rollback()
    services().store.discard_all([stored.object_key])
    log.warning("%s of %s not taken: %s", arrival.cuo, arrival.sender_ruc, error)
    if isinstance(error, ContractError):
        return said(codes.INVALID, sentences.CUO_INVALID)
    fields = {problem.field for problem in error.problems}
    sentence = next((text for field, text in _SENTENCES.items() if field in fields), codes.TRY_AGAIN_TEXT)
    return said(codes.INVALID, sentence)


_SENTENCES = {
    "ruc": sentences.SENDER_UNKNOWN,
    "document_number_of_person": sentences.SIGNER_KIND_INVALID,
    "names": sentences.MISSING["vuniorgrem"],
    "business_name": sentences.MISSING["vnomentemi"],
    "subject": sentences.MISSING["vasu"],
    "folios": sentences.FOLIOS_TOO_MANY,
    "destination": sentences.RECEIVER_UNKNOWN,
}
"""What a stage says of a filing -> what the contract says; nothing that passed the contract's own rules comes here."""


def _pages(pdf: bytes) -> int | None:
    try:
        return check_pdf(BytesIO(pdf))
    except UnreadableFile:  # the contract asks for its mark alone; its destination will look at it
        return None
