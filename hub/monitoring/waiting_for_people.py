"""What waits for a person or for a machine beside the hub: news that do not fit, log that no copy comes for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.monitoring import Condition, Figures, Kind, Limits
from hub.core.statuses import InboundStatus
from hub.models import InboundMessage
from hub.monitoring.replicas import standing

CUT: Final = "LOG_CUT"
KEPT: Final = "LOG_KEPT"


def parked(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """News that wait for longer than a person needs who looks now and then."""
    query = select(func.count(), func.min(InboundMessage.received_at))
    count, oldest = session.execute(query.where(InboundMessage.status == InboundStatus.PARKED)).one()
    if oldest is not None and oldest <= now - limits.parked_for:
        minutes = int((now - oldest).total_seconds() // 60)
        details: Figures = {"count": count, "since": oldest.isoformat(), "minutes": minutes}
        yield Condition(Kind.PARKED_NEWS, details=details)


def copied(session: Session, _: Directory, limits: Limits, __: datetime) -> Iterator[Condition]:
    """The log that the database keeps for `mesa backup`; nothing where nobody takes copies that way."""
    found = standing(session)
    if found.is_cut or found.kept_for_backup > limits.backup_log:
        details: Figures = {"code": CUT if found.is_cut else KEPT, "bytes": found.kept_for_backup}
        yield Condition(Kind.BACKUP_LATE, details=details)
