"""Writing down what happened. Events are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from hub.core.chain import Told
from hub.core.statuses import Author
from hub.models import Delivery, Event, Filing
from hub.models.writing import table_of

_ADD = insert(table_of(Event))


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
    happened_at = happened_at or at
    leg = delivery.cuo if delivery else ""
    told = Told(at, happened_at, filing.filing_number, leg, kind, author.value, said_by, data, raw_digest)
    row = {
        "at": at,
        "happened_at": happened_at,
        "filing_id": filing.id,
        "delivery_id": delivery.id if delivery else None,
        "kind": kind,
        "author": author,
        "said_by": said_by,
        "data": data,
        "raw_digest": raw_digest,
        "content_digest": told.digest,
    }
    with session.no_autoflush:  # nothing points at an event: it need not wait for what else is to be written
        session.execute(_ADD, row)
