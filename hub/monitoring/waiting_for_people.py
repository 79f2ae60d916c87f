"""What waits for a person: news that do not fit."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.monitoring import Condition, Figures, Kind, Limits
from hub.core.statuses import InboundStatus
from hub.models import InboundMessage


def parked(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """News that wait for longer than a person needs who looks now and then."""
    query = select(func.count(), func.min(InboundMessage.received_at))
    count, oldest = session.execute(query.where(InboundMessage.status == InboundStatus.PARKED)).one()
    if oldest is not None and oldest <= now - limits.parked_for:
        minutes = int((now - oldest).total_seconds() // 60)
        details: Figures = {"count": count, "since": oldest.isoformat(), "minutes": minutes}
        yield Condition(Kind.PARKED_NEWS, details=details)
