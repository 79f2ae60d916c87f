"""Notices: queue what the filer is told by mail. A courtesy notice, never a notification of an act."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.statuses import MessageKind, OutboundStatus
from hub.models import Filing, OutboundMessage
from hub.routing import wake


def tell_filer(session: Session, filing: Filing, letter: str, once: str, now: datetime) -> None:
    """Queue one letter to the filer, if an address is known. `once` names it, so that it is never sent twice."""
    if not filing.filer.email:
        return
    session.execute(
        insert(OutboundMessage)
        .values(
            kind=MessageKind.MAIL,
            channel="mail",
            filing_id=filing.id,
            once=once,
            content={"letter": letter},
            status=OutboundStatus.WAITING,
            created_at=now,
            next_try_at=now,
        )
        .on_conflict_do_nothing(index_elements=["once"])
    )
    wake(session)
