"""Parked news: authentic messages that do not fit the state of their leg. A person resolves each, with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from hub import inbound
from hub.core.directory import Directory
from hub.core.errors import Forbidden, ForbiddenStep, NeedsReason
from hub.core.statuses import Author, InboundStatus
from hub.events import tell
from hub.inbound import ReadNews
from hub.models import Delivery, InboundMessage, RawMessage
from hub.sight import Viewer, is_sector_wide

SHOWN = 50


@dataclass(frozen=True)
class Parked:
    """A parked message as it came, with its leg."""

    message: InboundMessage
    body: bytes
    delivery: Delivery | None


def count(session: Session, directory: Directory, viewer: Viewer) -> int:
    """How many wait for a person, of those that the viewer may read."""
    query = select(func.count(InboundMessage.id)).where(_waits(directory, viewer))
    return session.scalar(query) or 0


def _waits(directory: Directory, viewer: Viewer) -> ColumnElement[bool]:
    """What is parked, as a condition on InboundMessage; an auditor of one body reads what that body said."""
    is_parked = InboundMessage.status == InboundStatus.PARKED
    if is_sector_wide(viewer):
        return is_parked
    return and_(is_parked, InboundMessage.sender_ruc == directory.by_id(viewer.entity_id).ruc)


def oldest(session: Session, directory: Directory, viewer: Viewer) -> Sequence[Parked]:
    """The first fifty that wait for a person, oldest first."""
    rows = session.execute(
        select(InboundMessage, RawMessage.body, Delivery)
        .join(RawMessage, RawMessage.digest == InboundMessage.raw_digest)
        .outerjoin(Delivery, Delivery.id == InboundMessage.delivery_id)
        .where(_waits(directory, viewer))
        .order_by(InboundMessage.received_at, InboundMessage.id)
        .limit(SHOWN)
    )
    return tuple(Parked(message, body, delivery) for message, body, delivery in rows)


def apply_again(
    session: Session, directory: Directory, inbound_id: int, read_news: ReadNews, reason: str, by: str, now: datetime
) -> None:
    """A person applies a parked message to its leg as the leg is now; flushed, not committed.

    Raises NeedsReason, Forbidden NOT_PARKED, and ForbiddenStep where it still does not fit: the caller rolls back.
    """
    if not reason.strip():
        raise NeedsReason()
    row = session.execute(
        select(InboundMessage, RawMessage.body)
        .join(RawMessage, RawMessage.digest == InboundMessage.raw_digest)
        .where(InboundMessage.id == inbound_id)
    ).first()
    if row is None or row[0].status is not InboundStatus.PARKED:
        raise Forbidden(str(inbound_id), code="NOT_PARKED")
    message, body = row
    if inbound.act_on(session, directory, inbound_id, read_news(message, body), now) is not InboundStatus.APPLIED:
        raise ForbiddenStep(*message.code.split("->", 1))
    message.resolved_by, message.resolution = by, reason
    delivery = session.get_one(Delivery, message.delivery_id)
    tell(
        session,
        delivery.filing,
        "applied_by_hand",
        now,
        author=Author.ADMIN,
        said_by=by,
        delivery=delivery,
        raw_digest=message.raw_digest,
        reason=reason,
    )
    inbound.replay_parked(session, directory, message.cuo, read_news, now)
