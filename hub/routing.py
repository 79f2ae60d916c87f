"""Routing: open a leg towards an institution, queue its message, take a leg back or send it elsewhere."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from hub.core.calendar import Calendar, clock_start, local_date
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import Forbidden, NeedsConfirmation, NeedsReason
from hub.core.identifiers import Cuo
from hub.core.statuses import Author, DeliveryStatus, FilingStatus, MessageKind, Mode, OutboundStatus, filing_status
from hub.events import tell
from hub.models import Delivery, DocumentLink, Filing, OutboundMessage
from hub.models.writing import write_new

OUTBOX_CHANNEL = "outbox"
"""PostgreSQL channel that wakes the workers; a sweep stands behind it."""


@dataclass(frozen=True)
class LegNumbers:
    """The row id and the CUO reserved for a leg."""

    id: int
    cuo: int


def open_first_leg(
    session: Session, directory: Directory, filing: Filing, numbers: LegNumbers, now: datetime
) -> Delivery:
    """Open the leg to the filing's destination and queue its Sobre, in the caller's transaction."""
    origin = directory.by_id(filing.received_by_id)
    destination = directory.by_id(filing.destination_id)
    mode = directory.mode(origin.code, destination.code, local_date(now))
    calendar = directory.calendar(destination.code)
    return _open_leg(session, filing, destination, mode, calendar, numbers, now)


def _open_leg(
    session: Session,
    filing: Filing,
    destination: EntityRecord,
    mode: Mode,
    calendar: Calendar,
    numbers: LegNumbers,
    now: datetime,
) -> Delivery:
    has_it_now = mode in (Mode.OWN, Mode.DELEGATED)
    delivery = Delivery(
        id=numbers.id,
        cuo=Cuo(numbers.cuo),
        filing_id=filing.id,
        purpose="first",
        destination_id=destination.id,
        status=DeliveryStatus.QUEUED,
        mode=mode,
        created_at=now,
        competent_body_had_it_at=filing.presented_at if has_it_now else None,
        clock_start=clock_start(filing.considered_on, calendar) if has_it_now else None,
    )
    write_new(session, [delivery])
    set_committed_value(delivery, "filing", filing)
    set_committed_value(filing, "deliveries", [delivery])
    message = OutboundMessage(
        kind=MessageKind.SOBRE,
        channel=destination.adapter.kind.value,
        filing_id=filing.id,
        delivery_id=delivery.id,
        recipient_id=destination.id,
        once=f"sobre:{delivery.cuo}",
        status=OutboundStatus.WAITING,
        created_at=now,
        next_try_at=now,
    )
    write_new(session, [message])
    write_new(session, [DocumentLink(token=secrets.token_urlsafe(32), delivery_id=delivery.id, created_at=now)])
    tell(session, filing, "queued", now, delivery=delivery, destination=destination.code, mode=mode.value)
    wake(session)
    return delivery


def wake(session: Session) -> None:
    """Tell the workers, when this transaction commits, that the outbox has something."""
    session.execute(text(f"notify {OUTBOX_CHANNEL}"))


_NEWEST = (
    select(Delivery.id, Delivery.status, Delivery.movement)
    .where(Delivery.filing_id == bindparam("filing"), Delivery.status != DeliveryStatus.CANCELLED)
    .order_by(Delivery.id.desc())
    .limit(1)
)


def refresh_status(session: Session, filing: Filing, changed: Delivery | None = None) -> FilingStatus:
    """Derive a filing's status anew from its newest leg that is not cancelled. Never set by hand.

    `changed` is the leg that the caller holds locked: its values in memory count, so that nothing is flushed for it.
    """
    if changed is None or changed.status is DeliveryStatus.CANCELLED:
        session.flush()
        changed = None
    with session.no_autoflush:
        newest = session.execute(_NEWEST, {"filing": filing.id}).first()
    leg = changed if changed is not None and (newest is None or newest.id <= changed.id) else newest
    status, movement = (leg.status, leg.movement) if leg is not None else (None, None)
    filing.status = filing_status(status, movement, is_withdrawn=filing.withdrawn_at is not None)
    return filing.status


def lock_leg(session: Session, cuo: str) -> Delivery | None:
    """The leg of a CUO, locked until the transaction ends. Legs are always locked before their messages."""
    query = select(Delivery).where(Delivery.cuo == cuo).with_for_update(of=Delivery)
    return session.scalar(query.execution_options(populate_existing=True))


def void_unsent(session: Session, delivery: Delivery, now: datetime) -> int:
    """News about a leg came first: its Sobre, if still unsent, will never be. Gives how many messages were voided."""
    result = session.execute(
        update(OutboundMessage)
        .where(
            OutboundMessage.delivery_id == delivery.id,
            OutboundMessage.kind == MessageKind.SOBRE,
            OutboundMessage.status.in_((OutboundStatus.WAITING, OutboundStatus.CLAIMED, OutboundStatus.DEAD)),
        )
        .values(status=OutboundStatus.VOID, done_at=now)
        .returning(OutboundMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


def send_again(
    session: Session, cuo: str, reason: str, by: str, now: datetime, *, is_confirmed: bool = True
) -> Delivery:
    """A person sends a failed leg again: the same message, asking first whether it arrived.

    Raises NeedsReason, Forbidden (the leg is not failed, or news closed it), NeedsConfirmation.
    """
    if not reason.strip():
        raise NeedsReason()
    delivery = lock_leg(session, cuo)
    if delivery is None or delivery.status is not DeliveryStatus.FAILED:
        raise Forbidden(cuo, code="NOT_FAILED")
    if delivery.handed_out_at is not None and not is_confirmed:
        raise NeedsConfirmation(cuo)
    revived = session.execute(
        update(OutboundMessage)
        .where(
            OutboundMessage.delivery_id == delivery.id,
            OutboundMessage.kind == MessageKind.SOBRE,
            OutboundMessage.status == OutboundStatus.DEAD,
        )
        .values(
            status=OutboundStatus.WAITING,
            next_try_at=now,
            first_tried_at=None,
            cannot_tell_since=None,
            must_ask=delivery.handed_out_at is not None,
        )
        .returning(OutboundMessage.id)
    ).all()
    if not revived:
        raise Forbidden(cuo, code="NOTHING_TO_SEND")
    delivery.advance(DeliveryStatus.QUEUED)
    tell(session, delivery.filing, "sent_again", now, author=Author.ADMIN, said_by=by, delivery=delivery, reason=reason)
    refresh_status(session, delivery.filing)
    wake(session)
    return delivery
