"""The way back's front desk: a partner's message is kept by digest, then acted on, each in its own transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, make_transient_to_detached

from hub.cargos import apply, check_sender
from hub.core.directory import Directory
from hub.core.errors import ContractError, Forbidden, ForbiddenStep, NeedsReason
from hub.core.ports import News
from hub.core.statuses import Author, InboundStatus
from hub.events import tell
from hub.models import Delivery, InboundMessage, RawMessage
from hub.models.writing import table_of
from hub.outcomes import keep_raw
from hub.routing import lock_leg

REPLAYED = 100
"""Parked messages of a leg that are tried again when it moves."""
ReadNews = Callable[[InboundMessage, bytes], News]
"""(message, its bytes as they came) -> the news they hold; what proves its sender was checked before it was kept."""


@dataclass(frozen=True)
class Received:
    """A message whose sender is proven. `reference_digest` tells a repeat from another content under the same id."""

    message_id: UUID
    sender_ruc: str
    channel: str
    kind: str
    reference_digest: str
    raw: bytes
    news: News
    is_stale: bool = False
    filing_number: str = ""
    """As the message says it; empty where its contract has none."""


def keep(session: Session, directory: Directory, received: Received, now: datetime) -> tuple[InboundMessage, bool]:
    """Keep a message before it is acted on; True if it was new. The caller commits.

    Raises ContractError: CUO_UNKNOWN, NOT_THE_DESTINATION, FILING_NUMBER_OTHER for a CUO that is not of the filing
    it names, or MESSAGE_ID_REUSED for another content under a known id.
    """
    leg = check_sender(session, directory, received.news)
    if received.filing_number and received.filing_number != leg.filing_number:
        raise ContractError("FILING_NUMBER_OTHER", received.news.cuo, message_id=str(received.message_id))
    values = {
        "message_id": received.message_id,
        "sender_ruc": received.sender_ruc,
        "channel": received.channel,
        "kind": received.kind,
        "cuo": received.news.cuo,
        "reference_digest": received.reference_digest,
        "raw_digest": keep_raw(session, received.raw, now),
        "received_at": now,
        "is_stale": received.is_stale,
        "status": InboundStatus.KEPT,
        "delivery_id": leg.id,
        "code": "",
        "resolved_by": "",
        "resolution": "",
    }
    if (inserted := session.scalar(_KEEP, values)) is not None:
        return _as_stored(session, InboundMessage(id=inserted, acted_on_at=None, **values)), True
    row = session.scalars(
        select(InboundMessage).where(
            InboundMessage.sender_ruc == received.sender_ruc, InboundMessage.message_id == received.message_id
        )
    ).one()
    if row.reference_digest != received.reference_digest:
        raise ContractError("MESSAGE_ID_REUSED", message_id=str(received.message_id))
    return row, False


_KEEP = (
    insert(table_of(InboundMessage))
    .on_conflict_do_nothing(index_elements=["sender_ruc", "message_id"])
    .returning(table_of(InboundMessage).c.id)
)


def _as_stored(session: Session, row: InboundMessage) -> InboundMessage:
    """A row that was just inserted, known to the session without asking the database for it again."""
    make_transient_to_detached(row)
    session.add(row)
    return row


def act_on(session: Session, directory: Directory, inbound_id: int, news: News, now: datetime) -> InboundStatus:
    """Apply a kept message, or park it where the table of steps does not allow it. A second call changes nothing.

    The leg is locked first, here as everywhere.
    """
    leg = lock_leg(session, news.cuo)
    row = session.scalars(
        select(InboundMessage)
        .where(InboundMessage.id == inbound_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if row.status not in (InboundStatus.KEPT, InboundStatus.PARKED):
        return row.status
    was_parked = row.status is InboundStatus.PARKED
    try:
        apply(session, directory, news, now, raw_digest=row.raw_digest, leg=leg)
    except ForbiddenStep as error:
        _park(session, row, error, now, is_new=not was_parked)
        return row.status
    row.status = InboundStatus.APPLIED
    row.acted_on_at = now
    return row.status


def _park(session: Session, row: InboundMessage, error: ForbiddenStep, now: datetime, *, is_new: bool) -> None:
    row.status = InboundStatus.PARKED
    row.code = f"{error.current}->{error.wanted}"
    row.acted_on_at = now
    delivery = session.get(Delivery, row.delivery_id)
    if is_new and delivery is not None:
        tell(
            session,
            delivery.filing,
            "parked",
            now,
            delivery=delivery,
            raw_digest=row.raw_digest,
            step=row.code,
            inbound=row.id,
        )


def open_messages(
    session: Session, *, kept_before: datetime, limit: int = 100
) -> list[tuple[InboundMessage, bytes]]:
    """Messages to act on: kept by a process that died before it acted."""
    query = select(InboundMessage, RawMessage.body).join(RawMessage, RawMessage.digest == InboundMessage.raw_digest)
    query = query.where(InboundMessage.status == InboundStatus.KEPT, InboundMessage.received_at < kept_before)
    rows = session.execute(query.order_by(InboundMessage.received_at, InboundMessage.id).limit(limit))
    return [(row, body) for row, body in rows]


_PARKED = (
    select(InboundMessage.id)
    .where(InboundMessage.cuo == bindparam("cuo"), InboundMessage.status == InboundStatus.PARKED)
    .order_by(InboundMessage.received_at, InboundMessage.id)
    .limit(REPLAYED)
)
_WITH_BODY = (
    select(InboundMessage, RawMessage.body)
    .join(RawMessage, RawMessage.digest == InboundMessage.raw_digest)
    .where(InboundMessage.id == bindparam("id"))
)


def replay_parked(session: Session, directory: Directory, cuo: str, read_news: ReadNews, now: datetime) -> int:
    """Try again what is parked on a leg, now that it has moved. Gives how many messages fitted."""
    with session.no_autoflush:
        parked = session.scalars(_PARKED, {"cuo": cuo}).all()
    fitted = 0
    for inbound_id in parked:  # one body at a time: a leg may have many
        row, body = session.execute(_WITH_BODY, {"id": inbound_id}).one()
        status = act_on(session, directory, row.id, read_news(row, body), now)
        fitted += status is InboundStatus.APPLIED
    return fitted


def set_aside(session: Session, inbound_id: int, reason: str, by: str, now: datetime) -> InboundMessage:
    """A person decides that a parked message will not be applied. Raises NeedsReason, Forbidden."""
    if not reason.strip():
        raise NeedsReason()
    row = session.scalars(select(InboundMessage).where(InboundMessage.id == inbound_id).with_for_update()).one_or_none()
    if row is None or row.status is not InboundStatus.PARKED:
        raise Forbidden(str(inbound_id), code="NOT_PARKED")
    row.status = InboundStatus.REFUSED
    row.resolved_by, row.resolution, row.acted_on_at = by, reason, now
    delivery = session.get(Delivery, row.delivery_id)
    if delivery is not None:
        tell(
            session,
            delivery.filing,
            "set_aside",
            now,
            author=Author.ADMIN,
            said_by=by,
            delivery=delivery,
            reason=reason,
        )
    return row
