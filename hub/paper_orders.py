"""Orders of papers: one row in the transaction that wants a paper, so that whoever files waits for no PDF."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.models import PaperOrder
from hub.models.writing import table_of

CONSTANCIA: Final = "constancia"
CARGO: Final = "cargo"
NOT_PRESENTED: Final = "no_presentado"

_ADD = insert(table_of(PaperOrder)).on_conflict_do_nothing()


def order_paper(session: Session, kind: str, filing_id: int, now: datetime) -> None:
    """Order a paper about a filing; written, not committed. Ordered twice it is made once."""
    _order(session, now, kind=kind, filing_id=filing_id, delivery_id=None, version=1)


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


def _order(session: Session, now: datetime, **which: object) -> None:
    with session.no_autoflush:
        session.execute(_ADD, {**which, "ordered_at": now, "attempts": 0, "last_code": ""})
