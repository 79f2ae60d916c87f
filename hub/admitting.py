"""Admitting: a document that an institution sends by the national contract becomes a filing, or corrects one.

The same stages and events as any other: presented at the destination's mesa de partes, as what a body of the sector
writes itself is (docs/decisions/0040). One transaction, which the door commits before it answers 0000.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import corrections, intake, observations, quarantine
from hub.core.bodies import EntityRecord
from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.core.errors import ContractError, Forbidden
from hub.core.messages import Addressee, DocumentRole, Filer
from hub.core.statuses import Author, InboundStatus, MessageKind, OutboundStatus
from hub.corrections import Correction
from hub.events import tell
from hub.files import PDF, clean_name
from hub.intake import Follows, Reception, Submission, SubmittedFile
from hub.models import Delivery, Document, Filing, InboundMessage, Observation, OutboundMessage, Sending, Subsanacion
from hub.outcomes import keep_raw
from hub.sendings import CHANNEL, by_number, hold_number
from hub.storage import Stored
from hub.wire.iotramite.codes import DOCUMENT_KINDS, SIGNERS
from hub.wire.iotramite.received import Recepcion

PATIENCE = timedelta(minutes=15)
"""How long a document waits for the annexes that its sender announced by an address."""


@dataclass(frozen=True)
class Arrival:
    """A document that was found good, its PDF stored. `kept` is the message as it came, but for the PDF.

    `told`: whose system is told what becomes of it. `destination`: who answers for the receiver today.
    """

    recepcion: Recepcion
    pdf: Stored
    pages: int | None
    kept: bytes
    contract: str
    told: EntityRecord
    destination: EntityRecord
    has_antivirus: bool = False
    """Its document is to be looked through by the worker: the sender's system is not kept waiting for that."""

    @property
    def sender_ruc(self) -> str:
        return self.recepcion.text("vrucentrem")

    @property
    def cuo(self) -> str:
        return self.recepcion.text("vcuo")

    @property
    def token(self) -> UUID:
        """The same document under the same number is the same filing."""
        return uuid5(NAMESPACE_URL, f"{self.contract}:{self.sender_ruc}:{self.cuo}")

    @property
    def digest(self) -> str:
        return self.recepcion.content_digest(self.pdf.sha256)


def admit(session: Session, directory: Directory, arrival: Arrival, now: datetime) -> bool:
    """Take a document in; flushed, not committed. False where it was in already: then nothing changes.

    Raises ContractError CUO_REPEATED for another document under a number that its sender used, and InvalidFiling.
    """
    hold_number(session, arrival.sender_ruc, arrival.cuo)
    if known := by_number(session, arrival.sender_ruc, arrival.cuo):
        if known.content_digest != arrival.digest:
            raise ContractError("CUO_REPEATED", arrival.cuo)
        return False
    observed = _observed(session, directory, arrival, now)
    corrected = _corrected(session, directory, arrival, observed, now) if observed else None
    if corrected is not None:
        leg = session.get_one(Delivery, corrected.delivery_id)
    else:
        filing = _presented(session, directory, arrival, observed, now)
        leg = filing.deliveries[0]
    sending = _sending(arrival, leg, corrected, now)
    session.add(sending)
    session.flush()
    if sending.annexes == "waiting":
        _wait_for_annexes(session, leg, now + PATIENCE)
    _keep(session, arrival, leg, now)
    if arrival.has_antivirus:
        pdf = arrival.pdf
        quarantine.note_unchecked(session, pdf.sha256, pdf.object_key, pdf.size, "later", now)
    return True


def document_of(session: Session, arrival: Arrival) -> Document | None:
    """The document of a filing that is known already, as it came the first time."""
    known = by_number(session, arrival.sender_ruc, arrival.cuo)
    if known is None:
        return None
    query = select(Document).where(Document.filing_id == known.filing_id, Document.sha256 == arrival.pdf.sha256)
    return session.scalar(query.order_by(Document.id).limit(1))


def _observed(session: Session, directory: Directory, arrival: Arrival, now: datetime) -> Observation | None:
    """The newest observation of what the sender says that this corrects; None where it is for another body.

    For the same body means: for who observed it, or for whom it was sent to first, which may have handed it on.
    """
    before = by_number(session, arrival.sender_ruc, arrival.recepcion.text("vcuoref"))
    observed = observations.newest_of(session, before.filing_id) if before else None
    if before is None or observed is None:
        return None
    legs = {before.delivery_id, observed.delivery_id or before.delivery_id}
    bodies = (directory.by_id(session.get_one(Delivery, leg).destination_id) for leg in legs)
    heirs = (directory.heir(body.code, local_date(now)) for body in bodies)
    return observed if any(heir is not None and heir.id == arrival.destination.id for heir in heirs) else None


def _corrected(
    session: Session, directory: Directory, arrival: Arrival, observed: Observation, now: datetime
) -> Subsanacion | None:
    """Answer an open observation; None where it is closed or its term is over, and the document is a new filing."""
    correction = Correction(arrival.token, (), (_file(arrival, DocumentRole.CORRECTION),), CHANNEL)
    try:
        return corrections.submit(session, directory, observed, correction, now)
    except Forbidden:
        return None


def _presented(
    session: Session, directory: Directory, arrival: Arrival, observed: Observation | None, now: datetime
) -> Filing:
    to = arrival.destination
    reception = Reception(CHANNEL, to.code, to.principal_counter.code)
    follows = Follows(observed.filing_id, "after_lapse") if observed else None
    return intake.receive(session, directory, _submission(arrival), reception, now, follows=follows)


def _submission(arrival: Arrival) -> Submission:
    """The contract names the unit that sends and the identity document of who signs, and not their name."""
    field = arrival.recepcion.text
    filer = Filer(
        document_kind=SIGNERS[field("ctipdociderem")],
        document_number=field("vnumdociderem"),
        names=field("vuniorgrem"),
        ruc=arrival.sender_ruc,
        business_name=field("vnomentemi"),
    )
    return Submission(
        form_token=arrival.token,
        destination_code=arrival.destination.code,
        filer=filer,
        document_type=DOCUMENT_KINDS[field("ccodtipdoc")],
        document_number=field("vnumdoc"),
        subject=field("vasu"),
        folios=arrival.recepcion.folios,
        files=(_file(arrival, DocumentRole.MAIN),),
        addressee=Addressee(field("vuniorgdst"), field("vnomdst"), field("vnomcardst")),
        declares_representation=True,
    )


def _file(arrival: Arrival, role: DocumentRole) -> SubmittedFile:
    name = clean_name(arrival.recepcion.text("vnomdoc"), "documento.pdf")
    return SubmittedFile(role, name, PDF, arrival.pdf, arrival.pages)


def _sending(arrival: Arrival, leg: Delivery, corrected: Subsanacion | None, now: datetime) -> Sending:
    field, is_waiting = arrival.recepcion.text, bool(arrival.recepcion.annexes)
    return Sending(
        filing_id=leg.filing_id,
        delivery_id=leg.id,
        subsanacion_id=corrected.id if corrected else None,
        told_id=arrival.told.id,
        contract=arrival.contract,
        sender_ruc=arrival.sender_ruc,
        sender_name=field("vnomentemi"),
        sender_unit=field("vuniorgrem"),
        cuo=arrival.cuo,
        cuo_ref=field("vcuoref"),
        content_digest=arrival.digest,
        document_date=arrival.recepcion.document_date or now,
        received_at=now,
        annex_names=list(arrival.recepcion.annexes),
        annex_url=field("vurldocanx"),
        annexes="waiting" if is_waiting else "none",
        annex_next_at=now if is_waiting else None,
        annex_until=now + PATIENCE if is_waiting else None,
    )


def _wait_for_annexes(session: Session, leg: Delivery, until: datetime) -> None:
    """Its message leaves with them, or without them when they are given up: `hub.annexes` lets it go."""
    message = update(OutboundMessage).where(
        OutboundMessage.delivery_id == leg.id,
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.status == OutboundStatus.WAITING,
    )
    later = until + PATIENCE  # should nobody let it go, it does not wait for ever
    session.execute(message.values(next_try_at=later).execution_options(synchronize_session=False))


def _keep(session: Session, arrival: Arrival, leg: Delivery, now: datetime) -> None:
    """What came is kept by digest, applied already, and named by an event."""
    digest = keep_raw(session, arrival.kept, now)
    row = InboundMessage(
        message_id=arrival.token,
        sender_ruc=arrival.sender_ruc,
        channel=arrival.contract,
        kind="recepcion",
        cuo=leg.cuo,
        reference_digest=arrival.digest,
        raw_digest=digest,
        received_at=now,
        status=InboundStatus.APPLIED,
        acted_on_at=now,
        delivery_id=leg.id,
    )
    session.add(row)
    tell(
        session, leg.filing, "sent_in", now, author=Author.FILER, said_by="filer", delivery=leg, raw_digest=digest,
        contract=arrival.contract, cuo=arrival.cuo, annexes=len(arrival.recepcion.annexes),
    )  # fmt: skip


