"""Which legs a comparison with an institution looks at, and in which order: nothing that differs starves what moved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from hub.core.comparing import COMPARED, OPEN
from hub.core.statuses import DeliveryStatus, MessageKind
from hub.models import Delivery, Difference, Event, OutboundMessage

MOST: Final = 100_000
"""Legs of an institution that one comparison looks at."""
EXPLAINED_AGAIN: Final = timedelta(days=7)
"""How often what a person explained is looked at, while nothing happens to it."""

MADE_UP: Final = "historia"
"""The worker that carries a demonstration's made-up history. What it carried reached no institution's system."""


@dataclass(frozen=True)
class Due:
    """A leg to compare. `moved_at` is its newest event; empty for one that is compared for another reason."""

    id: int
    cuo: str
    moved_at: datetime | None = None


def due_legs(session: Session, body_id: int, since: datetime, sample: int, share: int, now: datetime) -> list[Due]:
    """The legs to compare, in this order: of those that differed `share` at most, those seen longest ago first; what
    moved since an instant, the oldest first; what is open; some of all the others; the rest of those that differed.
    """
    differed = _read(session, _differed(body_id, now))
    moves = moves_of(body_id, since)
    moved = _legs(body_id).add_columns(moves.c.at).join(moves, moves.c.delivery_id == Delivery.id)
    is_quiet = Delivery.id.in_(select(Difference.delivery_id).where(_open(body_id), _rests(now)))
    open_ones = _legs(body_id).where(Delivery.status.in_(OPEN), ~is_quiet).order_by(Delivery.id)
    others = _legs(body_id).where(~is_quiet).order_by(func.random())
    found: dict[int, Due] = {}
    for one in (
        *differed[:share],
        *_read(session, moved.order_by(moves.c.at).limit(MOST)),
        *_read(session, open_ones.limit(MOST)),
        *_read(session, others.limit(sample)),
        *differed[share:],
    ):
        if one.id not in found or one.moved_at is not None:
            found[one.id] = one
    return list(found.values())


def made_up(session: Session, body_id: int) -> set[str]:
    """The CUOs of what a made-up history carried to an institution: its system cannot know them."""
    carried = select(OutboundMessage.delivery_id).where(
        OutboundMessage.recipient_id == body_id,
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.claimed_by == MADE_UP,
    )
    return set(session.scalars(select(Delivery.cuo).where(Delivery.id.in_(carried))))


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[Due]:
    return [Due(*row) for row in session.execute(query)]


def _legs(body_id: int) -> Select[int, str]:
    was_there = or_(Delivery.status != DeliveryStatus.FAILED, Delivery.handed_out_at.is_not(None))
    query = select(Delivery.id, Delivery.cuo)
    return query.where(Delivery.destination_id == body_id, Delivery.status.in_(COMPARED), was_there)


def moves_of(body_id: int, since: datetime) -> Subquery:
    """The newest event of each leg of one body since an instant, and of no other body: there are thousands of them."""
    moved = select(Event.delivery_id, func.max(Event.at).label("at"))
    its_own = and_(Delivery.id == Event.delivery_id, Delivery.filing_id == Event.filing_id)  # events lie by filing
    moved = moved.join(Delivery, its_own).where(Event.at >= since, Delivery.destination_id == body_id)
    return moved.group_by(Event.delivery_id).subquery()


def _differed(body_id: int, now: datetime) -> Select[int, str]:
    query = _legs(body_id).join(Difference, Difference.delivery_id == Delivery.id)
    return query.where(_open(body_id), ~_rests(now)).order_by(Difference.seen_at, Difference.id)


def _open(body_id: int) -> ColumnElement[bool]:
    return and_(Difference.entity_id == body_id, Difference.closed_at.is_(None), Difference.delivery_id.is_not(None))


def _rests(now: datetime) -> ColumnElement[bool]:
    """A person explained it, and it was seen not long ago."""
    return and_(Difference.explained_at.is_not(None), Difference.seen_at > now - EXPLAINED_AGAIN)
