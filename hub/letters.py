"""Sending letters and alerts: the worker's round over mail and SMS that are due. Every try is kept as a row."""

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import account_links, alerts, casilla, delivery, drafts, email_codes, invitations, notices, observations
from hub.core.errors import DeliveryFailure, MesaError, PermanentFailure
from hub.core.identifiers import bundle_token, receipt_token, tracking_key
from hub.core.phones import for_gateway
from hub.core.services import Hook, HookCarrier, Letter, Postman, SmsGateway, Text
from hub.core.statuses import MessageKind, OutboundStatus
from hub.dispatch import Tools
from hub.events import tell
from hub.models import Attempt, Delivery, Filing, Notice, OutboundMessage
from hub.monitoring import operator_letters
from hub.monitoring.untaken import UNREACHABLE
from hub.papers.account_letters import account_letter
from hub.papers.draft_letters import code_letter, code_text, link_letter
from hub.papers.letters import Words, subject_and_text
from hub.papers.staff_letters import declined_letter, invitation_letter, new_password_letter

log = logging.getLogger("mesa.worker")
BATCH = 20
_TO_STAFF = {"invitation": invitation_letter, "new_password": new_password_letter}


@dataclass(frozen=True)
class _Claimed:
    """A claimed message; no letter where it could not be written."""

    message_id: UUID
    attempt: int
    letter: Letter | Text | Hook | None


@dataclass(frozen=True)
class _Outcome:
    """What came of a try; no code where it was taken."""

    started_at: datetime
    finished_at: datetime
    code: str = ""
    detail: str = ""
    is_lasting: bool = False

    @property
    def word(self) -> str:
        return "ack" if not self.code else "permanent" if self.is_lasting else "temporary"


@dataclass(frozen=True)
class _Way:
    """How messages of one kind are carried."""

    kind: MessageKind
    carry: Callable[[Any], None] = field(repr=False)


def send_due(
    tools: Tools, postman: Postman | None, gateway: SmsGateway | None = None, hook: HookCarrier | None = None
) -> int:
    """Send mail, SMS and operators' alerts that are due, oldest first, each under its lease; gives how many were tried.

    What has no carrier waits. A mail server that is down does not hold up the SMS.
    """
    ways = [_Way(MessageKind.MAIL, postman.send)] if postman else []
    ways += [_Way(MessageKind.SMS, gateway.send)] if gateway else []
    ways += [_Way(MessageKind.WEBHOOK, hook.send)] if hook else []
    return sum(_send_by(tools, way) for way in ways)


def _send_by(tools: Tools, way: _Way) -> int:
    tried = 0
    while tried < BATCH and (claimed := _claim(tools, way.kind)):
        tried += 1
        outcome = _try(tools, way, claimed.letter)
        with tools.sessions() as session:
            _record(session, tools, claimed, outcome)
            session.commit()
        if outcome.code in UNREACHABLE:  # the rest waits for the next round
            break
    return tried


def _claim(tools: Tools, kind: MessageKind) -> _Claimed | None:
    with tools.sessions() as session:
        found = delivery.claim_letters(session, tools.name, tools.clock(), kind=kind, lease=tools.lease, batch=1)
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


def _try(tools: Tools, way: _Way, letter: Letter | Text | Hook | None) -> _Outcome:
    started = tools.clock()
    if letter is None:
        return _Outcome(started, started, "LETTER_NOT_WRITTEN", is_lasting=True)
    try:
        way.carry(letter)
    except DeliveryFailure as error:
        is_lasting = isinstance(error, PermanentFailure)
        return _Outcome(started, tools.clock(), error.code, error.detail[:500], is_lasting)
    return _Outcome(started, tools.clock())


def _letter(session: Session, tools: Tools, message: OutboundMessage) -> Letter | Text | Hook:
    if message.content.get("letter") == operator_letters.LETTER:
        addresses = operator_letters.Addresses(tools.settings.public_url, tools.settings.guide)
        return operator_letters.written(session, tools.directory, message, addresses)
    if message.filing_id is None:
        return _about_no_filing(tools, message)
    filing = session.get_one(Filing, message.filing_id)
    leg = session.scalar(select(Delivery).where(Delivery.filing_id == filing.id).order_by(Delivery.id.desc()).limit(1))
    if message.notice_id is not None:
        return _alert(session, tools, message, filing)
    settings, directory = tools.settings, tools.directory
    secret, asked = settings.tracking_secret.encode(), observations.asked_at_counter(session, filing.id)
    words = Words(
        received_by=directory.by_id(filing.received_by_id).name,
        destination=directory.by_id(leg.destination_id if leg else filing.destination_id).name,
        tracking_key=tracking_key(secret, filing.filing_number, filing.key_version),
        tracking_address=f"{settings.public_url}/seguimiento/{filing.verification_code}",
        bundle_address=f"{settings.public_url}/expediente/{message.id}/{bundle_token(secret, message.id)}",
        asked=tuple(asked.items) if asked else (),
        correct_by=asked.correct_by if asked else None,
    )
    subject, text = subject_and_text(message.content["letter"], filing, leg, words)
    return Letter(id=str(message.id), to=filing.filer.email, subject=subject, text=text)


def _about_no_filing(tools: Tools, message: OutboundMessage) -> Letter | Text:
    """A code, or the link of a draft. What opens something is derived here; the outbox never holds it."""
    content, secret = message.content, tools.settings.tracking_secret.encode()
    if content["letter"] == "email_code":
        subject, text = code_letter(*_code(secret, content))
    elif content["letter"] == "phone_code":
        return Text(str(message.id), content["to"], code_text(*_code(secret, content)))
    elif content["letter"] == "access_declined":
        subject, text = declined_letter(content["reason"])
    elif content["letter"] in _TO_STAFF:
        token = invitations.token_of(secret, UUID(content["invitation_id"]))
        write = _TO_STAFF[content["letter"]]
        subject, text = write(f"{tools.settings.public_url}/invitacion/{token}", invitations.LIFE.days)
    elif content["letter"] in account_links.LETTERS:
        address = account_links.address_of(secret, tools.settings.public_url, content)
        subject, text = account_letter(content["letter"], tools.settings.public_url, address)
    else:
        token = drafts.token_of(secret, UUID(content["draft_id"]))
        subject, text = link_letter(f"{tools.settings.public_url}/presentar/continuar/{token}", drafts.LIFE.days)
    return Letter(id=str(message.id), to=content["to"], subject=subject, text=text)


def _code(secret: bytes, content: Mapping[str, Any]) -> tuple[str, int]:
    """A code and for how many minutes it is good."""
    return email_codes.code_of(secret, UUID(content["code_id"])), int(email_codes.LIFE.total_seconds() // 60)


def _alert(session: Session, tools: Tools, message: OutboundMessage, filing: Filing) -> Letter | Text:
    """The alert of a notice, by mail or by SMS."""
    settings, notice = tools.settings, session.get_one(Notice, message.notice_id)
    leg = session.get(Delivery, notice.delivery_id) if notice.delivery_id else None
    body = tools.directory.by_id(leg.destination_id if leg else filing.destination_id)
    secret = settings.tracking_secret.encode()
    words = alerts.AlertWords(
        body=body.name,
        acronym=body.acronym,
        tracking_key=tracking_key(secret, filing.filing_number, filing.key_version),
        casilla_address=f"{settings.public_url}/casilla/{filing.verification_code}",
        receipt_address=f"{settings.public_url}/acuse/{notice.id}/{receipt_token(secret, notice.id)}",
    )
    if message.kind is MessageKind.SMS:
        return Text(str(message.id), for_gateway(filing.filer.phone), alerts.sms(filing, notice, words))
    subject, text = alerts.mail(filing, notice, words)
    return Letter(id=str(message.id), to=filing.filer.email, subject=subject, text=text)


def _record(session: Session, tools: Tools, claimed: _Claimed, outcome: _Outcome) -> None:
    message = session.get_one(OutboundMessage, claimed.message_id, with_for_update=True)
    ours = (OutboundStatus.CLAIMED, tools.name, claimed.attempt)
    is_ours = (message.status, message.claimed_by, message.attempts) == ours
    session.add(_attempt(tools, claimed, outcome, is_late=not is_ours))
    if not is_ours:
        return
    now = tools.clock()
    message.last_code = outcome.code
    if not outcome.code:
        message.status, message.done_at = OutboundStatus.DONE, now
        _taken(session, tools, message, now)
        return
    tried_for = now - (message.first_tried_at or now)
    chance = random.random()  # noqa: S311 - jitter, not a secret
    policy = tools.settings.retry_policy
    again = None if outcome.is_lasting else policy.next_try(claimed.attempt, now, tried_for, chance)
    message.status = OutboundStatus.WAITING if again else OutboundStatus.DEAD
    message.next_try_at = again or now
    if again is None:
        _given_up(session, message, now)


def _attempt(tools: Tools, claimed: _Claimed, outcome: _Outcome, *, is_late: bool) -> Attempt:
    return Attempt(
        message_id=claimed.message_id,
        number=claimed.attempt,
        started_at=outcome.started_at,
        finished_at=outcome.finished_at,
        worker=tools.name,
        outcome="late" if is_late else outcome.word,
        code=outcome.code,
        detail=outcome.detail,
    )


def _taken(session: Session, tools: Tools, message: OutboundMessage, now: datetime) -> None:
    """An alert that a gateway took is a step of the notification."""
    if message.notice_id is None:
        return
    casilla.alert_taken(session, tools.directory, message.notice_id, now)
    filing = session.get_one(Filing, message.filing_id)
    tell(session, filing, "alert_taken", now, notice=message.notice_id, channel=message.channel)


def _given_up(session: Session, message: OutboundMessage, now: datetime) -> None:
    if message.filing_id is None:
        return
    if message.kind is MessageKind.MAIL:
        notices.mail_failed(session, message, now)
    else:
        filing = session.get_one(Filing, message.filing_id)
        tell(session, filing, "alert_failed", now, notice=message.notice_id, channel=message.channel)
