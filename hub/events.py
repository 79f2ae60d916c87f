"""Writing down what happened. Events are only ever added."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from hub.core.chain import Told
from hub.core.statuses import Author
from hub.models import Delivery, Event, Filing, User
from hub.models.writing import table_of

_ADD = insert(table_of(Event))
STEPS = "steps"
"""Where a session notes (kind, CUO, filing number) of what it told, in a process that writes steps to its log."""


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
    leg = (delivery.id, delivery.cuo) if delivery else (None, "")
    told = Told(at, happened_at or at, filing.filing_number, leg[1], kind, author.value, said_by, data, raw_digest)
    _add(session, [_row(filing.id, leg[0], told)], [told])


def tell_handed_out(session: Session, legs: Sequence[tuple[Delivery, bytes]], at: datetime) -> None:
    """Add to each leg that its signed message left the house, by the SHA-256 of its bytes; all in one statement.

    In the order of the filings, so that two of these never wait for each other's.
    """
    rows, tolds = [], []
    for leg, sealed in sorted(legs, key=lambda one: (one[0].filing_id, one[0].id)):
        data = {"message_digest": hashlib.sha256(sealed).hexdigest()}
        number = leg.filing.filing_number
        told = Told(at, at, number, leg.cuo, "handed_out", Author.HUB.value, "hub", data, "")
        rows.append(_row(leg.filing_id, leg.id, told))
        tolds.append(told)
    if rows:
        _add(session, rows, tolds)


def _row(filing_id: int, delivery_id: int | None, told: Told) -> dict[str, Any]:
    return {
        "at": told.at,
        "happened_at": told.happened_at,
        "filing_id": filing_id,
        "delivery_id": delivery_id,
        "kind": told.kind,
        "author": Author(told.author),
        "said_by": told.said_by,
        "data": told.data,
        "raw_digest": told.raw,
        "content_digest": told.digest,
    }


def _add(session: Session, rows: list[dict[str, Any]], tolds: list[Told]) -> None:
    with session.no_autoflush:  # nothing points at an event: it need not wait for what else is to be written
        session.execute(_ADD, rows)
    if STEPS in session.info:
        session.info[STEPS] += [(told.kind, told.leg, told.filing) for told in tolds]


def tellers(session: Session, events: Iterable[Event]) -> dict[str, str]:
    """Name of each person of the house who said one of these, by the number that the event keeps."""
    numbers = {int(event.said_by) for event in events if event.said_by.isdecimal()}
    if not numbers:
        return {}
    found = session.execute(select(User.id, User.name).where(User.id.in_(numbers)))
    return {str(number): name for number, name in found if name}
