"""Writing down what happened. Events are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hub.core.statuses import Author
from hub.models import Delivery, Event, Filing


def tell(
    session: Session,
    filing: Filing,
    kind: str,
    at: datetime,
    *,
    author: Author = Author.HUB,
    said_by: str = "hub",
    delivery: Delivery | None = None,
    happened_at: datetime | None = None,
    raw_digest: str = "",
    **data: Any,
) -> None:
    """Add an event to a filing. `at` is when the hub knew; `data` holds codes and references, no personal data."""
    session.add(
        Event(
            at=at,
            happened_at=happened_at or at,
            filing_id=filing.id,
            delivery_id=delivery.id if delivery else None,
            kind=kind,
            author=author,
            said_by=said_by,
            data=data,
            raw_digest=raw_digest,
        )
    )
