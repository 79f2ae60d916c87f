"""When a person held an institution's queue, read from the trail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.models import AuditEntry

_PAUSED, _RESUMED = "institution_paused", "institution_resumed"
BEFORE: Final = timedelta(days=366)
"""How long before a day a pause that touches it may have begun."""


@dataclass(frozen=True)
class Pause:
    """Nothing went to an institution between two instants; without the second, it still lasts."""

    entity_code: str
    since: datetime
    reason: str
    until: datetime | None = None


def pauses(session: Session, start: datetime, end: datetime) -> list[Pause]:
    """The pauses that touch a span of time, in the order in which they began."""
    query = select(AuditEntry).where(AuditEntry.kind.in_((_PAUSED, _RESUMED)), AuditEntry.at < end)
    begun: dict[str, Pause] = {}
    found: list[Pause] = []
    for one in session.scalars(query.where(AuditEntry.at >= start - BEFORE).order_by(AuditEntry.id)):
        if one.kind == _PAUSED:
            begun[one.entity_code] = Pause(one.entity_code, one.at, one.data["reason"])
        elif (before := begun.pop(one.entity_code, None)) is not None and one.at >= start:
            found.append(Pause(before.entity_code, before.since, before.reason, one.at))
    return sorted((*found, *begun.values()), key=lambda each: each.since)
