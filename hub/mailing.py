"""Mailing: queue a letter that is about no filing. A row of the outbox like all that leaves the hub."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.statuses import MessageKind, OutboundStatus
from hub.models import OutboundMessage


def post(session: Session, to: str, letter: str, once: str, now: datetime, **about: str) -> None:
    """Queue one letter to an address; flushed. `about`: ids from which its text is made; no secret stands there."""
    session.execute(
        insert(OutboundMessage)
        .values(
            kind=MessageKind.MAIL,
            channel="mail",
            once=once,
            content={"letter": letter, "to": to, **about},
            status=OutboundStatus.WAITING,
            created_at=now,
            next_try_at=now,
        )
        .on_conflict_do_nothing(index_elements=["once"])
    )
