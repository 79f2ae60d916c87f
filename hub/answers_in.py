"""Answers in: an institution's Respuesta is deposited in the filer's casilla, or told to the institution that filed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import acts, quarantine, told_back
from hub.core.directory import Directory
from hub.core.errors import ForbiddenStep, InvalidFiling
from hub.core.messages import Respuesta
from hub.core.statuses import InboundStatus
from hub.files import clean_name
from hub.models import Delivery, Document, Filing, InboundMessage
from hub.outcomes import keep_raw
from hub.routing import lock_leg
from hub.storage import Stored
from hub.wire.codes import Refusal
from hub.wire.seal import Opened


def known(session: Session, directory: Directory, opened: Opened) -> bool:
    """Whether a Respuesta was taken before. Raises ContractError for one that is not its sender's to say.

    CUO_UNKNOWN, CUO_OF_ANOTHER, ANSWER_MISMATCH, MESSAGE_ID_REUSED, and CARGO_MISSING where the leg was not
    registered yet.
    """
    header = opened.message.header
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(header.message_id), 0))))
    mine = (InboundMessage.sender_ruc == header.sender_ruc) & (InboundMessage.message_id == header.message_id)
    before = session.scalar(select(InboundMessage).where(mine))
    if before is not None and before.reference_digest != opened.reference_digest:
        raise Refusal.MESSAGE_ID_REUSED.error(message_id=str(header.message_id))
    leg = session.scalar(select(Delivery).where(Delivery.cuo == header.cuo))
    _check(directory, leg, opened)
    return before is not None


def _check(directory: Directory, leg: Delivery | None, opened: Opened) -> None:
    header = opened.message.header
    message_id = str(header.message_id)
    if leg is None:
        raise Refusal.CUO_UNKNOWN.error(header.cuo, message_id=message_id)
    if directory.by_id(leg.destination_id).ruc != header.sender_ruc:
        raise Refusal.CUO_OF_ANOTHER.error(header.cuo, message_id=message_id)
    if header.filing_number and header.filing_number != leg.filing.filing_number:
        raise Refusal.ANSWER_MISMATCH.error("another filing", message_id=message_id)
    if leg.status is not acts.DEPOSITABLE:
        raise Refusal.CARGO_MISSING.error(leg.status.value, message_id=message_id)


def deposit(
    session: Session,
    directory: Directory,
    opened: Opened,
    documents: Sequence[Stored],
    now: datetime,
    *,
    has_antivirus: bool = False,
) -> list[str]:
    """Deposit each document of a Respuesta; flushed. Gives the object keys that nobody names, to be discarded.

    `documents` are copies, in the order of the message; with an antivirus the worker looks through them. Raises
    ContractError FILING_IMPOSSIBLE, CARGO_MISSING.
    """
    answer = opened.message
    assert isinstance(answer, Respuesta)
    message_id = str(answer.header.message_id)
    try:
        kept = [_deposit_one(session, directory, answer, place, one, now) for place, one in enumerate(documents)]
    except InvalidFiling as error:
        raise Refusal.FILING_IMPOSSIBLE.error(error.problems[0].code, message_id=message_id) from error
    except ForbiddenStep as error:
        raise Refusal.CARGO_MISSING.error(message_id=message_id) from error
    leg = lock_leg(session, answer.header.cuo)
    assert leg is not None
    told_back.tell_answer(session, session.get_one(Filing, leg.filing_id), answer, kept, now)
    _write_down(session, opened, leg, now)
    for one in kept if has_antivirus else ():
        quarantine.note_unchecked(session, one.sha256, one.object_key, one.size, "later", now)
    named = {one.object_key for one in kept}
    return [one.object_key for one in documents if one.object_key not in named]


def _deposit_one(
    session: Session, directory: Directory, answer: Respuesta, place: int, stored: Stored, now: datetime
) -> Document:
    ref = answer.documents[place]
    name = clean_name(ref.file_name, "respuesta")
    act = acts.NewAct(answer.subject, answer.issued_on, name, ref.media_type, stored, ref.pages)
    notice = acts.deposit_act(session, directory, answer.header.cuo, act, now)
    return session.get_one(Document, notice.document_id)


def _write_down(session: Session, opened: Opened, leg: Delivery, now: datetime) -> None:
    header = opened.message.header
    session.add(
        InboundMessage(
            message_id=header.message_id, sender_ruc=header.sender_ruc, channel="rest", kind="respuesta",
            cuo=header.cuo, reference_digest=opened.reference_digest,
            raw_digest=keep_raw(session, opened.raw, now), received_at=now, is_stale=opened.is_stale,
            status=InboundStatus.APPLIED, acted_on_at=now, delivery_id=leg.id,
        )
    )  # fmt: skip
    session.flush()
