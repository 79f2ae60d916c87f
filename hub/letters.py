"""Sending letters: the worker's round over mail that is due."""

import logging
import random
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import delivery
from hub.core.errors import DeliveryFailure, MesaError, PermanentFailure
from hub.core.identifiers import tracking_key
from hub.core.ports import Letter, Postman
from hub.core.statuses import OutboundStatus
from hub.dispatch import Tools
from hub.models import Delivery, Filing, OutboundMessage
from hub.papers.letters import Words, subject_and_text

log = logging.getLogger("mesa.worker")
BATCH = 20
UNREACHABLE = "MAIL_UNREACHABLE"
"""The server's fault, not the letter's: the rest waits for the next round."""


@dataclass(frozen=True)
class _Claimed:
    """A claimed letter; no letter where it could not be written."""

    message_id: UUID
    attempt: int
    letter: Letter | None


def send_due(tools: Tools, postman: Postman) -> int:
    """Send letters that are due, oldest first, each under a lease of its own; gives how many were tried."""
    tried = 0
    while tried < BATCH and (claimed := _claim(tools)):
        tried += 1
        code, is_lasting = _send(postman, claimed.letter) if claimed.letter else ("LETTER_NOT_WRITTEN", True)
        with tools.sessions() as session:
            _record(session, tools, claimed, code, is_lasting)
            session.commit()
        if code == UNREACHABLE:
            break
    return tried


def _claim(tools: Tools) -> _Claimed | None:
    with tools.sessions() as session:
        found = delivery.claim_letters(session, tools.name, tools.clock(), lease=tools.lease, batch=1)
        session.commit()
        if not found:
            return None
        (message,) = found
        try:
            letter = _letter(session, tools, message)
        except (MesaError, LookupError, ValueError):
            log.exception("letter %s: it cannot be written", message.id)
            letter = None
        return _Claimed(message.id, message.attempts, letter)


def _send(postman: Postman, letter: Letter) -> tuple[str, bool]:
    try:
        postman.send(letter)
    except DeliveryFailure as error:
        return error.code, isinstance(error, PermanentFailure)
    return "", False


def _letter(session: Session, tools: Tools, message: OutboundMessage) -> Letter:
    filing = session.get_one(Filing, message.filing_id)
    leg = session.scalar(select(Delivery).where(Delivery.filing_id == filing.id).order_by(Delivery.id.desc()).limit(1))
    settings, directory = tools.settings, tools.directory
    words = Words(
        received_by=directory.by_id(filing.received_by_id).name,
        destination=directory.by_id(leg.destination_id if leg else filing.destination_id).name,
        tracking_key=tracking_key(settings.tracking_secret.encode(), filing.filing_number, filing.key_version),
        tracking_address=f"{settings.public_url}/seguimiento/{filing.verification_code}",
    )
    subject, text = subject_and_text(message.content["letter"], filing, leg, words)
    return Letter(id=str(message.id), to=filing.filer.email, subject=subject, text=text)


def _record(session: Session, tools: Tools, claimed: _Claimed, code: str, is_lasting: bool) -> None:
    message = session.get_one(OutboundMessage, claimed.message_id, with_for_update=True)
    if (message.status, message.claimed_by, message.attempts) != (OutboundStatus.CLAIMED, tools.name, claimed.attempt):
        return
    now = tools.clock()
    message.last_code = code
    if not code:
        message.status, message.done_at = OutboundStatus.DONE, now
        return
    tried_for = now - (message.first_tried_at or now)
    chance = random.random()  # noqa: S311 - jitter, not a secret
    again = None if is_lasting else tools.settings.retry_policy.next_try(claimed.attempt, now, tried_for, chance)
    message.status = OutboundStatus.WAITING if again else OutboundStatus.DEAD
    message.next_try_at = again or now
