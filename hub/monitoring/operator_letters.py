"""Telling operators: by mail to who runs the sector, by the webhook to a machine. Rows of the outbox like all mail."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import mailing
from hub.core.calendar import LIMA
from hub.core.directory import Directory
from hub.core.monitoring import Condition, Kind
from hub.core.services import Hook, Letter
from hub.core.statuses import MessageKind
from hub.models import OperatorAlert, OutboundMessage, RoleRow, User
from hub.monitoring.standing import Telling, Told
from hub.papers.operator_words import title_of, words_of

LETTER = "operator_alert"
ROLES = ("sector_admin", "operator")
_BEGINNINGS = {Told.OPENED: "Aviso", Told.AGAIN: "Sigue", Told.CLOSED: "Resuelto", Told.LOST: "Ya no se sabe"}


@dataclass(frozen=True)
class Addresses:
    """`public_url` of the hub, without a slash at its end; `guide` before the pages of the runbook, or empty."""

    public_url: str
    guide: str = ""


@dataclass(frozen=True)
class Shown:
    """An alert in words, for a letter, a machine or a screen. `guide` is an address, or a path of the source."""

    title: str
    meaning: str
    remedy: str
    screen: str
    guide: str


def recipients(session: Session, configured: str) -> Sequence[str]:
    """Who is told: the addresses of the setting, else the accounts that administer or operate the sector."""
    if named := [one.strip() for one in configured.split(",") if one.strip()]:
        return named
    query = select(User.email).where(User.active, User.roles.any(RoleRow.name.in_(ROLES)))
    return session.scalars(query.order_by(User.email)).all()


def queue(session: Session, telling: Telling, to: Sequence[str], has_webhook: bool, now: datetime) -> None:
    """Queue the letters of one telling, and the post to the webhook; flushed."""
    alert, what = telling.alert, telling.what.value
    once = f"alert:{alert.id}:{alert.times_told}"
    for address in to:
        name = hashlib.sha256(address.encode()).hexdigest()[:16]
        mailing.post(session, address, LETTER, f"{once}:{name}", now, alert_id=str(alert.id), what=what)
    if has_webhook:
        mailing.post_hook(session, LETTER, f"{once}:webhook", now, alert_id=str(alert.id), what=what)


def written(session: Session, directory: Directory, message: OutboundMessage, addresses: Addresses) -> Letter | Hook:
    """The letter or the post of a message, from the alert as it stands now."""
    alert, what = session.get_one(OperatorAlert, int(message.content["alert_id"])), Told(message.content["what"])
    shown = in_words(alert, directory, addresses)
    if message.kind is MessageKind.WEBHOOK:
        return Hook(str(message.id), _said(alert, what, shown))
    subject = f"{_BEGINNINGS[what]}: {shown.title}"
    return Letter(id=str(message.id), to=message.content["to"], subject=subject, text=_text(alert, what, shown))


def in_words(alert: OperatorAlert, directory: Directory, addresses: Addresses) -> Shown:
    """An alert as a person reads it."""
    kind = Kind(alert.kind)
    condition = Condition(kind, alert.subject, alert.level, alert.details)
    words = words_of(condition)
    return Shown(
        title=title_of(condition, _who(alert.subject, directory)),
        meaning=words.meaning,
        remedy=words.remedy,
        screen=addresses.public_url + words.screen.format(subject=alert.subject),
        guide=addresses.guide + kind.page,
    )


def _who(subject: str, directory: Directory) -> str:
    known = {one.code: one.acronym for one in directory.entities}
    return known.get(subject, subject)


def _text(alert: OperatorAlert, what: Told, shown: Shown) -> str:
    since = f"{alert.opened_at.astimezone(LIMA):%d/%m/%Y %H:%M}"
    if what is Told.LOST:
        lines = [shown.title, f"Desde el {since}.", "", "La máquina que lo vio ya no dice nada: puede que siga igual. "
                 "Mírala; si la retiraste a propósito, no tienes que hacer nada."]  # fmt: skip
    elif what is Told.CLOSED and alert.closed_at is not None:
        ended = f"{alert.closed_at.astimezone(LIMA):%d/%m/%Y %H:%M}"
        lines = [shown.title, "", f"Empezó el {since} y se resolvió el {ended}. No tienes que hacer nada."]
    else:
        lines = [shown.title, f"Desde el {since}.", "", "Qué significa", shown.meaning, "", "Qué hacer", shown.remedy]
    return "\n".join((*lines, "", f"Dónde verlo: {shown.screen}", f"Guía: {shown.guide}"))


def _said(alert: OperatorAlert, what: Told, shown: Shown) -> dict[str, object]:
    closed_at = alert.closed_at.isoformat() if alert.closed_at else None
    return {
        "event": what.value,
        "alert": alert.id,
        "kind": alert.kind,
        "subject": alert.subject,
        "opened_at": alert.opened_at.isoformat(),
        "closed_at": closed_at,
        "details": alert.details,
        "title": shown.title,
        "meaning": shown.meaning,
        "remedy": shown.remedy,
        "screen": shown.screen,
        "guide": shown.guide,
    }
