"""Routing: open a leg towards an institution, queue its message, take a leg back or send it elsewhere."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, literal, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from hub.core.bodies import AdapterKind
from hub.core.calendar import clock_start, local_date
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import Forbidden, NeedsConfirmation, NeedsReason
from hub.core.identifiers import Cuo
from hub.core.statuses import (
    Author,
    DeliveryStatus,
    FilingStatus,
    MessageKind,
    Mode,
    OutboundStatus,
    Pending,
    filing_status,
)
from hub.events import tell
from hub.mailing import wake
from hub.models import Delivery, DocumentLink, Filing, Observation, OutboundMessage
from hub.models.deliveries import cuo_seq
from hub.models.writing import write_new
from hub.terms import count_due


@dataclass(frozen=True)
class LegNumbers:
    """The row id and the CUO reserved for a leg."""

    id: int
    cuo: int


_RESERVE = select(func.nextval("deliveries_id_seq"), func.nextval(cuo_seq.name))


def reserve(session: Session) -> LegNumbers:
    """Take the numbers of a leg that follows another."""
    return LegNumbers(*session.execute(_RESERVE).one())


def open_first_leg(
    session: Session, directory: Directory, filing: Filing, numbers: LegNumbers, now: datetime, *, answers: str = ""
) -> Delivery:
    """Open the leg to the filing's destination and queue its Sobre, in the caller's transaction.

    `answers`: what was answered to the counter's observation, if there was one. The title on which its counter acts
    is that of the day it was presented, also where that observation had to be answered first. In `own` and
    `delegated` mode its term counts from the presentation (TUO 132, 133), in `remittance` from when the competent
    body has it (TUO 141.1).
    """
    origin = directory.by_id(filing.received_by_id)
    destination = directory.by_id(filing.destination_id)
    mode = directory.mode(origin.code, destination.code, local_date(filing.presented_at))
    leg = _leg(filing, destination, numbers, "first", mode, now)
    leg.answers = answers
    start_at_presentation(directory, filing, leg)
    open_leg(session, filing, leg, destination, now)
    set_committed_value(filing, "deliveries", [leg])
    return leg


def start_at_presentation(directory: Directory, filing: Filing, leg: Delivery) -> None:
    """In `own` and `delegated` mode the competent body had it when it was presented (TUO 132, 133)."""
    if leg.mode is Mode.REMITTANCE:
        return
    calendar = directory.calendar_of(leg.destination_id)
    leg.competent_body_had_it_at = filing.presented_at
    leg.clock_start = clock_start(filing.considered_on, calendar)
    count_due(calendar, filing, leg)


def open_following_leg(
    session: Session, directory: Directory, before: Delivery, purpose: str, now: datetime, **values: Any
) -> Delivery:
    """Open the leg after another of the same filing: to the same body for a correction, else to `destination`."""
    destination: EntityRecord = values.pop("destination", None) or directory.by_id(before.destination_id)
    mode = values.pop("mode", before.mode)
    leg = _leg(before.filing, destination, reserve(session), purpose, mode, now)
    leg.previous_id = before.id
    for name, value in values.items():
        setattr(leg, name, value)
    open_leg(session, before.filing, leg, destination, now)
    session.expire(before.filing, ["deliveries"])
    return leg


def _leg(
    filing: Filing, destination: EntityRecord, numbers: LegNumbers, purpose: str, mode: Mode, now: datetime
) -> Delivery:
    return Delivery(
        id=numbers.id,
        cuo=Cuo(numbers.cuo),
        filing_id=filing.id,
        purpose=purpose,
        destination_id=destination.id,
        status=DeliveryStatus.QUEUED,
        mode=mode,
        created_at=now,
    )


def open_leg(session: Session, filing: Filing, leg: Delivery, destination: EntityRecord, now: datetime) -> Delivery:
    """Write a leg with its message, its link and its event, and wake the workers."""
    write_new(session, [leg])
    set_committed_value(leg, "filing", filing)
    write_new(session, [_message(leg, destination, now)])
    write_new(session, [DocumentLink(token=secrets.token_urlsafe(32), delivery_id=leg.id, created_at=now)])
    tell(session, filing, "queued", now, delivery=leg, destination=destination.code, mode=leg.mode.value)
    wake(session)
    return leg


def _message(leg: Delivery, destination: EntityRecord, now: datetime) -> OutboundMessage:
    return OutboundMessage(
        kind=MessageKind.SOBRE,
        channel=destination.adapter.kind.value,
        filing_id=leg.filing_id,
        delivery_id=leg.id,
        recipient_id=destination.id,
        once=f"sobre:{leg.cuo}",
        status=OutboundStatus.WAITING,
        created_at=now,
        next_try_at=now,
    )


_NEWEST = (
    select(Delivery.id, Delivery.status, Delivery.movement)
    .where(Delivery.filing_id == bindparam("filing"), Delivery.status != DeliveryStatus.CANCELLED)
    .order_by(Delivery.id.desc())
    .limit(1)
)


def refresh_status(session: Session, filing: Filing, changed: Delivery | None = None) -> FilingStatus:
    """Derive a filing's status anew from its newest leg that is not cancelled. Never set by hand.

    Without any leg it is the counter's observation that says it. `changed` is the leg that the caller holds locked:
    its values in memory count, so that nothing is flushed for it.
    """
    if changed is None or changed.status is DeliveryStatus.CANCELLED:
        session.flush()
        changed = None
    with session.no_autoflush:
        newest = session.execute(_NEWEST, {"filing": filing.id}).first()
    leg = changed if changed is not None and (newest is None or newest.id <= changed.id) else newest
    status, movement = (leg.status, leg.movement) if leg is not None else (None, None)
    pending = _pending_at_counter(session, filing) if leg is None else None
    filing.status = filing_status(status, movement, is_withdrawn=filing.withdrawn_at is not None, pending=pending)
    return filing.status


def _pending_at_counter(session: Session, filing: Filing) -> Pending | None:
    """What the counter's own observation says while the filing has no leg."""
    of_counter = select(Observation).where(Observation.filing_id == filing.id, Observation.delivery_id.is_(None))
    observation = session.scalar(of_counter.order_by(Observation.id.desc()).limit(1))
    if observation is None:
        return None
    if observation.closed_at is None:
        return Pending.OBSERVED
    return Pending.LAPSED if observation.closed_as == "lapsed" else None


def lock_leg(session: Session, cuo: str) -> Delivery | None:
    """The leg of a CUO, locked until the transaction ends. Legs are always locked before their messages."""
    query = select(Delivery).where(Delivery.cuo == cuo).with_for_update(of=Delivery)
    return session.scalar(query.execution_options(populate_existing=True))


def void_unsent(session: Session, delivery: Delivery, now: datetime) -> int:
    """News about a leg came first: its Sobre, if still unsent, will never be. Gives how many messages were voided.

    One that its institution fetched is not unsent: the news is the word that it has it.
    """
    result = session.execute(
        update(OutboundMessage)
        .where(
            OutboundMessage.delivery_id == delivery.id,
            OutboundMessage.kind == MessageKind.SOBRE,
            OutboundMessage.status.in_((OutboundStatus.WAITING, OutboundStatus.CLAIMED, OutboundStatus.DEAD)),
        )
        .values(status=_ended(delivery), done_at=now)
        .returning(OutboundMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(result.all())


def _ended(delivery: Delivery) -> ColumnElement[OutboundStatus]:
    done, void = (literal(one, OutboundMessage.status.type) for one in (OutboundStatus.DONE, OutboundStatus.VOID))
    if delivery.handed_out_at is None:
        return void
    return case((OutboundMessage.channel == AdapterKind.PULL.value, done), else_=void)


def revoke_link(session: Session, delivery: Delivery, now: datetime) -> None:
    """Close the address of a leg's documents: the paper is not going there any more."""
    links = update(DocumentLink).where(DocumentLink.delivery_id == delivery.id, DocumentLink.revoked_at.is_(None))
    session.execute(links.values(revoked_at=now).execution_options(synchronize_session=False))


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
    if delivery.may_be_there and not is_confirmed:
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
            must_ask=or_(OutboundMessage.must_ask, literal(delivery.may_be_there)),
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
