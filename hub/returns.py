"""Returns: a letter that a server had taken came back. It is told like any other that failed for good."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import casilla, notices
from hub.core.directory import Directory
from hub.core.statuses import MessageKind, OutboundStatus
from hub.events import tell
from hub.models import Attempt, Filing, OutboundMessage
from hub.wire.returned_mail import Report

BOUNCED: Final = "MAIL_BOUNCED"


def came_back(
    session: Session, directory: Directory, message_id: UUID, report: Report, by: str, now: datetime
) -> bool:
    """Mark a letter as not delivered, and tell its filing; flushed. False where that is known already, or none of ours.

    `by`: who noted it. The mail of the receipt is a title of its own (TUO 35.2): its counter and its filer see it.
    """
    query = select(OutboundMessage).where(OutboundMessage.id == message_id, OutboundMessage.kind == MessageKind.MAIL)
    message = session.scalar(query.with_for_update())
    if message is None or message.status == OutboundStatus.DEAD:
        return False
    session.add(Attempt(
        message_id=message.id, number=message.attempts, started_at=now, finished_at=now, worker=by,
        outcome="permanent", code=BOUNCED, detail=f"{report.status} {report.diagnostic}".strip(),
    ))  # fmt: skip
    message.status, message.last_code = OutboundStatus.DEAD, BOUNCED
    if message.filing_id is not None:
        _tell(session, directory, message, now)
    session.flush()
    return True


def _tell(session: Session, directory: Directory, message: OutboundMessage, now: datetime) -> None:
    """The alert of a notification that came back alerted nobody (DS 098-2025-PCM art. 55)."""
    if message.notice_id is None:
        notices.mail_failed(session, message, now)
        return
    casilla.alert_returned(session, directory, message.notice_id)
    filing = session.get_one(Filing, message.filing_id)
    tell(session, filing, "alert_failed", now, notice=message.notice_id, channel=message.channel)
