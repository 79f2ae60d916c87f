"""Sent in: an institution's Sobre becomes a filing, like one of the counter; what becomes of it is told back signed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import corrections, files, intake, leaving, observations, quarantine, told_back
from hub.core.calendar import local_date
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import Forbidden, InvalidFiling, NotFound
from hub.core.messages import DocumentRef, DocumentRole, Sobre
from hub.core.observing import Closed
from hub.corrections import Correction
from hub.intake import OLDEST_TICKET, Follows, Reception, Submission, SubmittedFile
from hub.models import Delivery, Filing, Observation, ReceivedSobre
from hub.outcomes import keep_raw
from hub.storage import Store
from hub.wire.codes import Refusal
from hub.wire.seal import Opened

CHANNEL = "entity"


@dataclass(frozen=True)
class Desk:
    """Where an institution's Sobres are taken in."""

    session: Session
    directory: Directory
    store: Store
    has_antivirus: bool = False
    """Documents are to be looked through by the worker: the sender's system is not kept waiting for that."""


def take(desk: Desk, opened: Opened, now: datetime) -> tuple[ReceivedSobre, bool]:
    """File what a Sobre says and queue its Acuse; flushed. The same Sobre again is the filing it was: False.

    One that names the CUO of an observed one, while that can be answered, is its subsanación (TUO 136, 137).
    Raises ContractError: MESSAGE_UNEXPECTED for another kind of message, MESSAGE_ID_REUSED for the id or the CUO of
    another content, DESTINATION_UNKNOWN, FILING_IMPOSSIBLE, and what `leaving.copies` refuses.
    """
    sobre = opened.message
    message_id = str(sobre.header.message_id)
    if not isinstance(sobre, Sobre):
        raise Refusal.MESSAGE_UNEXPECTED.error(type(sobre).__name__, message_id=message_id)
    sender = desk.directory.by_ruc(sobre.header.sender_ruc)
    for number in (message_id, sobre.header.cuo):  # always in this order
        _one_at_a_time(desk.session, f"{sender.ruc}:{number}")
    if known := _known(desk.session, sender, opened):
        return known, False
    destination = _destination(desk.directory, sobre, sender, now)
    observed = _observed(desk, sobre, sender, destination, now)
    wanted = [(one.sha256, one.size) for one in sobre.documents]
    named = leaving.copies(desk.session, desk.store, sender.id, wanted)
    with leaving.or_discarded(desk.store, named):
        found = [_looked_at(desk.store, ref, one) for ref, one in zip(sobre.documents, named, strict=True)]
        try:
            filing = _corrected(desk, sobre, sender, observed, found, now) if observed else None
            filing = filing or _file(desk, sobre, sender, destination, found, _follows(observed), now)
        except InvalidFiling as error:
            codes = ", ".join(sorted({one.code for one in error.problems}))
            raise Refusal.FILING_IMPOSSIBLE.error(codes, message_id=message_id) from error
        return _written(desk, opened, filing, found, now), True


def _written(
    desk: Desk, opened: Opened, filing: Filing, found: Sequence[SubmittedFile], now: datetime
) -> ReceivedSobre:
    header = opened.message.header
    row = ReceivedSobre(
        sender_id=desk.directory.by_ruc(header.sender_ruc).id, message_id=header.message_id, cuo=header.cuo,
        received_at=now, reference_digest=opened.reference_digest,
        raw_digest=keep_raw(desk.session, opened.raw, now), filing_id=filing.id,
    )  # fmt: skip
    desk.session.add(row)
    desk.session.flush()
    told_back.acknowledge(desk.session, row, now)
    for stored in (one.stored for one in found if desk.has_antivirus):
        quarantine.note_unchecked(desk.session, stored.sha256, stored.object_key, stored.size, "later", now)
    return row


def _one_at_a_time(session: Session, key: str) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _known(session: Session, sender: EntityRecord, opened: Opened) -> ReceivedSobre | None:
    header = opened.message.header
    mine = select(ReceivedSobre).where(ReceivedSobre.sender_id == sender.id)
    same = (ReceivedSobre.message_id == header.message_id) | (ReceivedSobre.cuo == header.cuo)
    rows = session.scalars(mine.where(same)).all()
    for row in rows:
        if (row.message_id, row.reference_digest) != (header.message_id, opened.reference_digest):
            raise Refusal.MESSAGE_ID_REUSED.error(row.cuo, message_id=str(header.message_id))
    return rows[0] if rows else None


def _destination(directory: Directory, sobre: Sobre, sender: EntityRecord, now: datetime) -> EntityRecord:
    """The body it goes to; one that is extinct leads to its successor. A body does not write to itself."""
    try:
        named = directory.by_ruc(sobre.destination_ruc)
    except NotFound as error:
        raise Refusal.DESTINATION_UNKNOWN.error(message_id=str(sobre.header.message_id)) from error
    heir = directory.heir(named.code, local_date(now))
    if heir is None or heir.code == sender.code:
        raise Refusal.DESTINATION_UNKNOWN.error(message_id=str(sobre.header.message_id))
    return heir


def _observed(
    desk: Desk, sobre: Sobre, sender: EntityRecord, destination: EntityRecord, now: datetime
) -> Observation | None:
    """The newest observation of what a Sobre of this sender names, if its destination made it."""
    mine = (ReceivedSobre.sender_id == sender.id) & (ReceivedSobre.cuo == sobre.header.cuo_ref)
    before = desk.session.scalar(select(ReceivedSobre).where(mine)) if sobre.header.cuo_ref else None
    observed = observations.newest_of(desk.session, before.filing_id) if before else None
    return observed if observed and _observer(desk, observed, now) == destination.code else None


def _corrected(
    desk: Desk,
    sobre: Sobre,
    sender: EntityRecord,
    observed: Observation,
    found: Sequence[SubmittedFile],
    now: datetime,
) -> Filing | None:
    """Answer an open observation; None where it is closed or its term is over, and the Sobre is a new filing."""
    said = (sobre.additional_information,) if sobre.additional_information else ()
    files = tuple(replace(one, role=DocumentRole.CORRECTION) for one in found)
    try:
        correction = Correction(_token(sobre, sender), said, files, CHANNEL)
        corrected = corrections.submit(desk.session, desk.directory, observed, correction, now)
    except Forbidden:
        return None
    return desk.session.get_one(Filing, corrected.filing_id)


def _follows(observed: Observation | None) -> Follows | None:
    """What a new filing goes on from: the one whose observation nobody answered in time."""
    is_over = observed is not None and (observed.closed_at is None or observed.closed_as == Closed.LAPSED.value)
    return Follows(observed.filing_id, "after_lapse") if observed and is_over else None


def _observer(desk: Desk, observed: Observation, now: datetime) -> str:
    """The code of who answers today for the body that observed."""
    leg = desk.session.get_one(Delivery, observed.delivery_id) if observed.delivery_id else None
    entity_id = leg.destination_id if leg else desk.session.get_one(Filing, observed.filing_id).destination_id
    heir = desk.directory.heir(desk.directory.by_id(entity_id).code, local_date(now))
    return heir.code if heir else ""


def _looked_at(store: Store, ref: DocumentRef, named: leaving.Named) -> SubmittedFile:
    """A document as its bytes say it is; what nobody can open is received all the same, unless it is the main one."""
    with store.open(named.stored.object_key) as stream:
        kind = files.media_type(stream)
        try:
            pages = files.check_pdf(stream) if kind == files.PDF else None
        except files.UnreadableFile:
            pages = None
    name = files.clean_name(ref.file_name, "documento")
    return SubmittedFile(ref.role, name, kind, named.stored, pages)


def _file(
    desk: Desk,
    sobre: Sobre,
    sender: EntityRecord,
    destination: EntityRecord,
    found: Sequence[SubmittedFile],
    follows: Follows | None,
    now: datetime,
) -> Filing:
    is_own = sobre.filer.ruc == sender.ruc
    submission = Submission(
        form_token=_token(sobre, sender),
        destination_code=destination.code,
        filer=sobre.filer,
        document_type=sobre.document_type,
        document_number=sobre.document_number,
        subject=sobre.subject,
        folios=sobre.folios,
        files=_with_main(found),
        related_expediente=sobre.related_expediente,
        additional_information=sobre.additional_information,
        addressee=sobre.addressee,
        declares_representation=bool(sobre.filer.ruc),
        ticket_at=None if is_own else _turn(sobre, now),
    )
    reception = _own_reception(destination) if is_own else _counter_of(sender, sobre)
    return intake.receive(desk.session, desk.directory, submission, reception, now, follows=follows)


def _token(sobre: Sobre, sender: EntityRecord) -> UUID:
    """The same message is the same filing, or the same subsanación."""
    return uuid5(NAMESPACE_URL, f"sobre:{sender.ruc}:{sobre.header.message_id}")


def _with_main(found: Sequence[SubmittedFile]) -> tuple[SubmittedFile, ...]:
    """The wire knows one main document and annexes; anything else that comes is an annex."""
    kinds = (DocumentRole.MAIN, DocumentRole.ANNEX)
    return tuple(
        one if one.role in kinds else SubmittedFile(DocumentRole.ANNEX, one.file_name, one.media_type, one.stored)
        for one in found
    )


def _turn(sobre: Sobre, now: datetime) -> datetime | None:
    """A person at the sender's counter is attended from the instant that it says, within one attention."""
    return sobre.presented_at if now - OLDEST_TICKET <= sobre.presented_at <= now else None


def _own_reception(destination: EntityRecord) -> Reception:
    """A body's own document is presented at its destination's mesa de partes, as a filing online is."""
    return Reception(CHANNEL, destination.code, destination.principal_counter.code)


def _counter_of(sender: EntityRecord, sobre: Sobre) -> Reception:
    """A person's paper that the sender's own counter took."""
    named = sobre.counter.rpartition("/")[2]
    known = {one.code for one in sender.counters}
    return Reception("counter", sender.code, named if named in known else sender.principal_counter.code)
