"""What `mesa papers` has still to do, and why: papers, for which somebody waits, apart from readings of signatures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.models import PaperOrder
from hub.paper_orders import READING

UNTRIED: Final = "ORDERS_UNTRIED"
"""The code of orders that nobody has tried: no process makes papers, or too few do."""


@dataclass(frozen=True)
class LateOrders:
    """Open orders of one sort. `code`: why most of them failed when they were last tried, or UNTRIED."""

    is_reading: bool
    count: int
    oldest: datetime
    code: str


def late_orders(session: Session, before: datetime) -> list[LateOrders]:
    """What is open, papers first; only a sort whose oldest order is of `before` or earlier.

    Readings come after papers: that nobody tried them is no trouble of its own while papers wait.
    """
    order, is_reading = PaperOrder, PaperOrder.kind == READING
    why = func.mode().within_group(order.last_code)
    query = select(is_reading, func.count(), func.min(order.ordered_at), why).where(order.done_at.is_(None))
    rows = session.execute(query.group_by(is_reading).order_by(is_reading))
    late = [LateOrders(reads, many, oldest, code or UNTRIED) for reads, many, oldest, code in rows if oldest <= before]
    return late[:1] if len(late) > 1 and late[1].code == UNTRIED else late
