"""Pulling: an institution without an open port fetches what waits for it. The legs go the same steps as pushed ones."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session

from hub.core.statuses import MessageKind, OutboundStatus
from hub.events import tell_handed_out
from hub.models import Delivery, InstitutionState, OutboundMessage
from hub.routing import lock_leg
from hub.wire.codes import Refusal

LISTED = 50
MOST = 200
SIGNED = (MessageKind.SOBRE, MessageKind.ACUSE, MessageKind.CARGO, MessageKind.ESTADO, MessageKind.RESPUESTA)
"""What institutions are sent; letters to people are not theirs to fetch."""
NOT_HELD = (OutboundStatus.WAITING, OutboundStatus.CLAIMED, OutboundStatus.DEAD)


def _waiting(recipient_id: int) -> Select[OutboundMessage]:
    """Signed and not known to be held; what could not be carried in three days stays here to be fetched."""
    is_told = (OutboundMessage.kind != MessageKind.SOBRE) & OutboundMessage.status.in_(NOT_HELD)
    return select(OutboundMessage).where(
        OutboundMessage.recipient_id == recipient_id,
        OutboundMessage.kind.in_(SIGNED),
        or_(OutboundMessage.status == OutboundStatus.WAITING, is_told),
        OutboundMessage.sealed.is_not(None),
    )


def pending(session: Session, recipient_id: int, after: UUID | None, limit: int = LISTED) -> Sequence[OutboundMessage]:
    """What waits for an institution, oldest first, signed already; `after` is the last one of the page before.

    To one that is paused nothing new is shown: the Sobres alone that it fetched before and has still to confirm.
    """
    place = (OutboundMessage.created_at, OutboundMessage.id)
    query = _waiting(recipient_id).order_by(*place).limit(limit)
    if _is_paused(session, recipient_id):
        query = query.join(OutboundMessage.delivery).where(
            OutboundMessage.kind == MessageKind.SOBRE, Delivery.handed_out_at.is_not(None)
        )
    last = session.get(OutboundMessage, after) if after else None
    if last is not None and last.recipient_id == recipient_id:
        query = query.where(tuple_(*place) > (last.created_at, last.id))
    return session.scalars(query).all()


def fetch(session: Session, recipient_id: int, message_id: UUID, now: datetime) -> OutboundMessage:
    """One of its messages, to be carried away; flushed. The first fetch of a Sobre hands its leg out.

    Raises ContractError MESSAGE_UNKNOWN for one of another, or one that waits no more; DOCUMENT_FORBIDDEN for one
    that was taken back; UNAVAILABLE for one that it did not have before somebody paused it.
    """
    message = session.get(OutboundMessage, message_id)
    if message is None or message.recipient_id != recipient_id or message.sealed is None:
        raise Refusal.MESSAGE_UNKNOWN.error(str(message_id))
    leg = _its_leg(session, message)
    if message.status is OutboundStatus.VOID:
        raise Refusal.DOCUMENT_FORBIDDEN.error("it was taken back")
    if (leg is None or leg.handed_out_at is None) and _is_paused(session, recipient_id):
        raise Refusal.UNAVAILABLE.error("whoever administers the sector has paused what goes to you")
    if leg is not None and leg.handed_out_at is None:
        leg.handed_out_at = now
        tell_handed_out(session, [(leg, message.sealed)], now)
    return message


def _is_paused(session: Session, recipient_id: int) -> bool:
    state = session.get(InstitutionState, recipient_id, populate_existing=True)
    return state is not None and state.paused_at is not None


def _its_leg(session: Session, message: OutboundMessage) -> Delivery | None:
    """The leg of a Sobre, locked; the message is read anew, for somebody may have taken it back meanwhile."""
    if message.kind is not MessageKind.SOBRE or message.delivery is None:
        return None
    leg = lock_leg(session, message.delivery.cuo)
    session.refresh(message, ["status", "sealed"])
    return leg


def confirm(session: Session, recipient_id: int, message_id: UUID, now: datetime) -> None:
    """The institution holds a message; flushed. Said twice it changes nothing.

    A Sobre is not confirmed but by its Acuse. Raises ContractError MESSAGE_UNKNOWN, MESSAGE_UNEXPECTED.
    """
    query = select(OutboundMessage).where(OutboundMessage.id == message_id).with_for_update()
    message = session.scalar(query)
    if message is None or message.recipient_id != recipient_id or message.sealed is None:
        raise Refusal.MESSAGE_UNKNOWN.error(str(message_id))
    if message.kind is MessageKind.SOBRE:
        raise Refusal.MESSAGE_UNEXPECTED.error("a Sobre is confirmed by its Acuse", message_id=str(message_id))
    if message.status in NOT_HELD:
        message.status, message.done_at = OutboundStatus.DONE, now
