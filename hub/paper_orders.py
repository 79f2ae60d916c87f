"""Orders of papers: one row in the transaction that wants a paper, so that whoever files waits for no PDF.

Taken oldest first, each by one process at a time, under a lease that the next one takes over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.models import PaperOrder
from hub.models.writing import table_of

CONSTANCIA: Final = "constancia"
CARGO: Final = "cargo"
NOT_PRESENTED: Final = "no_presentado"
READING: Final = "firmas"
"""No paper: the signatures of the filing's PDFs are to be read, by the same process and after the papers."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
FIRST_PAUSE_OF_READING, LONGEST_PAUSE_OF_READING = timedelta(seconds=30), timedelta(hours=1)
"""Nobody stands at the counter and waits for a reading."""

_ADD = insert(table_of(PaperOrder)).on_conflict_do_nothing()


def order_paper(session: Session, kind: str, filing_id: int, now: datetime) -> None:
    """Order a paper about a filing; written, not committed. Ordered twice it is made once."""
    _order(session, now, kind=kind, filing_id=filing_id, delivery_id=None, version=1)


def order_reception(session: Session, filing_id: int, now: datetime) -> None:
    """Order what follows a reception: its constancia, and the reading of the signatures that came with it."""
    with session.no_autoflush:
        session.execute(_ADD, [_row(kind, filing_id, now) for kind in (CONSTANCIA, READING)])


def order_reading(session: Session, filing_id: int, now: datetime) -> None:
    """Order that the signatures of PDFs that came later are read; what was read already stays as it is."""
    again = insert(PaperOrder).values(_row(READING, filing_id, now))
    columns = ["filing_id", "delivery_id", "kind", "version"]
    anew = {"ordered_at": now, "done_at": None, "claimed_until": None, "attempts": 0}
    session.execute(again.on_conflict_do_update(index_elements=columns, set_=anew))


def order_cargo(session: Session, filing_id: int, delivery_id: int, now: datetime) -> None:
    """Order the cargo of a leg; written, not committed. What is registered anew gets a version of its own."""
    made = select(func.max(PaperOrder.version)).where(
        PaperOrder.filing_id == filing_id,
        PaperOrder.delivery_id == delivery_id,
        PaperOrder.kind == CARGO,
        PaperOrder.done_at.is_not(None),
    )
    version = (session.scalar(made) or 0) + 1
    _order(session, now, kind=CARGO, filing_id=filing_id, delivery_id=delivery_id, version=version)


def _order(session: Session, now: datetime, *, kind: str, filing_id: int, **which: object) -> None:
    with session.no_autoflush:
        session.execute(_ADD, _row(kind, filing_id, now) | which)


def _row(kind: str, filing_id: int, now: datetime) -> dict[str, object]:
    return {
        "kind": kind, "filing_id": filing_id, "delivery_id": None, "version": 1, "ordered_at": now, "attempts": 0,
        "last_code": "",
    }  # fmt: skip


def claim_orders(session: Session, now: datetime, *, lease: timedelta, batch: int) -> Sequence[PaperOrder]:
    """Take the oldest open orders, papers before readings; the caller commits before it makes anything."""
    due = or_(PaperOrder.claimed_until.is_(None), PaperOrder.claimed_until < now)
    oldest = (
        select(PaperOrder)
        .where(PaperOrder.done_at.is_(None), due)
        .order_by(PaperOrder.kind == READING, PaperOrder.ordered_at, PaperOrder.id)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    orders = session.scalars(oldest).all()
    for order in orders:
        order.claimed_until, order.attempts = now + lease, order.attempts + 1
    session.flush()
    return orders


def put_back(session: Session, order_id: int, code: str, now: datetime) -> timedelta:
    """An order that failed waits, twice as long each time; it is never given up. Gives how long it waits."""
    order = session.get_one(PaperOrder, order_id, with_for_update=True)
    pause = _pause(order)
    if order.done_at is None:
        order.claimed_until, order.last_code = now + pause, code[:60]
    return pause


def _pause(order: PaperOrder) -> timedelta:
    is_reading = order.kind == READING
    first, longest = (FIRST_PAUSE_OF_READING, LONGEST_PAUSE_OF_READING) if is_reading else (FIRST_PAUSE, LONGEST_PAUSE)
    doubled: timedelta = first * 2 ** min(max(order.attempts, 1) - 1, 12)
    return min(longest, doubled)


def close_order(session: Session, order_id: int, now: datetime) -> None:
    """An order that is done; done twice it changes nothing."""
    order = session.get_one(PaperOrder, order_id, with_for_update=True)
    order.done_at = order.done_at or now
