"""Mailing: queue a letter or an SMS that is about no filing. A row of the outbox like all that leaves the hub."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.statuses import MessageKind, OutboundStatus
from hub.models import OutboundMessage

OUTBOX_CHANNEL = "outbox"
"""PostgreSQL channel that wakes the workers; a sweep stands behind it."""


def wake(session: Session) -> None:
    """Tell the workers, when this transaction commits, that the outbox has something."""
    session.execute(text(f"notify {OUTBOX_CHANNEL}"))


def post(session: Session, to: str, letter: str, once: str, now: datetime, **about: str) -> None:
    """Queue one letter to an address; flushed. `about`: ids from which its text is made; no secret stands there."""
    _queue(session, MessageKind.MAIL, to, letter, once, now, about)


def post_text(session: Session, to: str, letter: str, once: str, now: datetime, **about: str) -> None:
    """Queue one SMS to a phone, as a gateway takes it; flushed. It waits where no gateway is set."""
    _queue(session, MessageKind.SMS, to, letter, once, now, about)


def post_hook(session: Session, letter: str, once: str, now: datetime, **about: str) -> None:
    """Queue one alert for the operators' webhook; flushed."""
    _queue(session, MessageKind.WEBHOOK, "", letter, once, now, about)


def _queue(
    session: Session, kind: MessageKind, to: str, letter: str, once: str, now: datetime, about: dict[str, str]
) -> None:
    session.execute(
        insert(OutboundMessage)
        .values(
            kind=kind,
            channel=kind.value,
            once=once,
            content={"letter": letter, "to": to, **about},
            status=OutboundStatus.WAITING,
            created_at=now,
            next_try_at=now,
        )
        .on_conflict_do_nothing(index_elements=["once"])
    )
    wake(session)
