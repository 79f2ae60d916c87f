"""Courtesy notices: queue what the filer is told by mail, and know which mail did not arrive.

Never a notification of an act: that is deposited in the casilla (hub.casilla).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.errors import InvalidIdentifier
from hub.core.identifiers import FilingNumber
from hub.core.statuses import MessageKind, OutboundStatus
from hub.events import tell
from hub.mailing import wake
from hub.models import Filing, OutboundMessage
from hub.sight import Viewer, taken_at

KEY_LETTER = "key"
LISTED = 100


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


def send_key(session: Session, typed_number: str, typed_email: str, now: datetime) -> bool:
    """Queue the key of a filing to the address on file, if it is the one typed; at most once in a quarter of an hour.

    True if it was queued, which is for tests and never told to who asks.
    """
    try:
        number = FilingNumber(typed_number)
    except InvalidIdentifier:
        return False
    filing = session.scalar(select(Filing).where(Filing.filing_number == number))
    if filing is None or not filing.filer.email or filing.filer.email.casefold() != typed_email.strip().casefold():
        return False
    tell_filer(session, filing, KEY_LETTER, f"key:{filing.filing_number}:{now:%Y%m%d%H}{now.minute // 15}", now)
    return True


def mail_failed(session: Session, message: OutboundMessage, now: datetime) -> None:
    """A mail failed for good: write it down, so that it is shown to the counter and to the filer.

    The mail of the receipt is a title of its own (TUO 35.2): that it did not arrive is never kept quiet.
    """
    letter = str(message.content.get("letter", ""))
    filing = session.get_one(Filing, message.filing_id)
    tell(session, filing, "mail_failed", now, letter=letter, code=message.last_code)


def _failed_mail() -> ColumnElement[bool]:
    """As a condition on Filing: some mail about it failed for good."""
    return exists(
        select(OutboundMessage.id).where(
            OutboundMessage.filing_id == Filing.id,
            OutboundMessage.kind == MessageKind.MAIL,
            OutboundMessage.status == OutboundStatus.DEAD,
        )
    )


def undelivered(session: Session, filing_ids: Collection[int]) -> frozenset[int]:
    """Which of these filings have a mail that failed for good."""
    if not filing_ids:
        return frozenset()
    return frozenset(session.scalars(select(Filing.id).where(Filing.id.in_(filing_ids), _failed_mail())))


def undelivered_at(session: Session, viewer: Viewer) -> Sequence[Filing]:
    """The filings of a person's seat whose mail failed for good, newest first."""
    query = select(Filing).where(taken_at(viewer), _failed_mail())
    return session.scalars(query.order_by(Filing.id.desc()).limit(LISTED)).all()
