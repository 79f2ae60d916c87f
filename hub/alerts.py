"""Alerts: the mail and the SMS that say that something was notified. A requirement of its validity, each try kept.

DS 098-2025-PCM art. 55: by e-mail and by SMS. Their words are not those of the courtesy letters (hub.papers.letters).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.core.grammar import begun, greeted, the
from hub.core.statuses import MessageKind, OutboundStatus
from hub.mailing import wake
from hub.models import Filing, Notice, OutboundMessage
from hub.papers.letters import spanish_day

LETTER = "alert"
CHANNELS = {MessageKind.MAIL: "mail", MessageKind.SMS: "sms"}


@dataclass(frozen=True)
class AlertWords:
    """What an alert needs besides its rows: the body's name and short name, the key, and two addresses."""

    body: str
    acronym: str
    tracking_key: str
    casilla_address: str
    receipt_address: str


def queue(session: Session, filing: Filing, notice: Notice, now: datetime) -> tuple[OutboundMessage, ...]:
    """Queue an alert by every address that the filer left; none where there is no address."""
    ways = {MessageKind.MAIL: filing.filer.email, MessageKind.SMS: filing.filer.phone}
    messages = tuple(_message(filing, notice, kind, now) for kind, address in ways.items() if address)
    session.add_all(messages)
    session.flush()
    if messages:
        wake(session)
    return messages


def _message(filing: Filing, notice: Notice, kind: MessageKind, now: datetime) -> OutboundMessage:
    return OutboundMessage(
        kind=kind,
        channel=CHANNELS[kind],
        filing_id=filing.id,
        notice_id=notice.id,
        once=f"alert:{CHANNELS[kind]}:{notice.id}",
        content={"letter": LETTER},
        status=OutboundStatus.WAITING,
        created_at=now,
        next_try_at=now,
    )


def mail(filing: Filing, notice: Notice, words: AlertWords) -> tuple[str, str]:
    """The subject and the text of an alert's mail. It tells where the notification is, and nothing of what it says."""
    key = f"{words.tracking_key[:4]} {words.tracking_key[4:]}"
    lines = [
        f"Hola, {greeted(filing.filer.names)}:",
        "",
        f"{begun(the(words.body))} dejó una notificación en la casilla de tu trámite {filing.filing_number}.",
        "",
        f"Ábrela aquí: {words.casilla_address}",
        f"Te pedirá tu clave de seguimiento: {key}",
        "",
        *_what_follows(notice, words),
    ]
    return f"Notificación de {words.acronym} en tu trámite {filing.filing_number}", "\n".join(lines)


def _what_follows(notice: Notice, words: AlertWords) -> list[str]:
    if not notice.has_consent or notice.deemed_on is None:
        return [
            "No autorizaste que te notifiquen por medios electrónicos: también te notificarán en tu domicilio.",
            "Si la abres en la casilla, quedas notificado ese día.",
        ]
    return [
        "Quedas notificado el día que la abras o confirmes que la recibiste.",
        f"Si no la abres, la ley te considera notificado desde el {spanish_day(notice.deemed_on)}.",
        "",
        f"Para confirmar que la recibiste: {words.receipt_address}",
    ]


def sms(filing: Filing, notice: Notice, words: AlertWords) -> str:
    """The text of an alert's SMS; the key is not in it."""
    until = f" Si no la abres, vale desde el {notice.deemed_on:%d/%m/%Y}." if notice.deemed_on else ""
    return (
        f"{words.acronym} te envió una notificación en tu trámite {filing.filing_number}."
        f" Ábrela en {words.casilla_address} con tu clave.{until}"
    )
