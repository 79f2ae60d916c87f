"""Legs that stopped or were refused, and about which a person still has to decide.

What a person took care of is left out, and whatever is about a filing that is over.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from hub.core.destinations import MOST_LEGS
from hub.core.needs import Kind
from hub.core.statuses import DeliveryStatus, FilingStatus, MessageKind, OutboundStatus
from hub.models import AttendedNeed, Delivery, Filing, OutboundMessage

Legs = Select[*tuple[Any, ...]]
"""A query of legs joined with their filings."""
OVER: Final = (FilingStatus.ANSWERED, FilingStatus.CLOSED, FilingStatus.WITHDRAWN)
"""Nothing is left to be decided about these."""
DIED: Any = func.concat(OutboundMessage.id, " ", OutboundMessage.attempts)
"""A dead message by its tries: what is sent again and dies again is something new."""
REFUSAL: Any = func.concat(
    Delivery.cuo, " ", Delivery.refusal_reason, " ", func.left(func.md5(Delivery.refusal_text), 8), " ",
    func.extract("epoch", Delivery.registered_at),
)  # fmt: skip
"""A refusal by what it says and follows: a leg that was registered since may be refused again."""
ROUND: Any = func.concat(Delivery.cuo, " ", Delivery.status)


def waits(kind: Kind, about: Any, even_then: Any = None) -> ColumnElement[bool]:
    """Nobody took care of it, and its filing is not over, or `even_then`. `about` names the need."""
    attended = select(AttendedNeed.about).where(AttendedNeed.kind == kind.value, AttendedNeed.about == about)
    is_going = Filing.status.not_in(OVER)
    return and_(~attended.exists(), is_going if even_then is None else or_(is_going, even_then))


def stopped(legs: Legs) -> Legs:
    """Dead letters, by their own small index; the leg may have been closed by news since."""
    is_its = (OutboundMessage.delivery_id == Delivery.id) & (OutboundMessage.kind == MessageKind.SOBRE)
    found = legs.join(OutboundMessage, is_its).where(OutboundMessage.status == OutboundStatus.DEAD)
    return found.where(Delivery.status == DeliveryStatus.FAILED)


def refused(legs: Legs) -> Legs:
    """Refused, and nothing followed."""
    return legs.where(Delivery.status == DeliveryStatus.REFUSED, Filing.withdrawn_at.is_(None), _is_last())


def looping(legs: Legs) -> Legs:
    """Stopped or refused where it was sent on as often as it may be."""
    other = aliased(Delivery)
    moves = select(func.count(other.id)).where(other.filing_id == Delivery.filing_id, other.purpose == "rerouted")
    return legs.where(
        Delivery.status.in_((DeliveryStatus.REFUSED, DeliveryStatus.FAILED)),
        Delivery.purpose == "rerouted", _is_last(), moves.scalar_subquery() >= MOST_LEGS,
    )  # fmt: skip


def _is_last() -> ColumnElement[bool]:
    later = aliased(Delivery)
    return ~select(later.id).where(later.filing_id == Delivery.filing_id, later.id > Delivery.id).exists()


def undecided() -> Select[int]:
    """The ids of all of them, for `Delivery.id.in_()`."""
    legs: Legs = select(Delivery.id).join(Filing, Filing.id == Delivery.filing_id)
    found = union_all(
        stopped(legs).where(waits(Kind.STOPPED, DIED)),
        refused(legs).where(waits(Kind.REFUSED, REFUSAL)),
        looping(legs).where(waits(Kind.LOOP, ROUND)),
    ).subquery()
    return select(found.c.id)
