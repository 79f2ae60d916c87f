"""Delivery: claim a message, record what came of it. Short transactions, none open across the network."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Select,
    case,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, selectinload

from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.events import tell_handed_out
from hub.models import Delivery, DocumentLink, Filing, InstitutionState, OutboundMessage
from hub.models.directory import may_be_called


@dataclass(frozen=True)
class Claim:
    """A message that is ours until `lease_until`. `attempt` with `worker` names the claim: only it may record."""

    message: OutboundMessage
    delivery: Delivery
    link_token: str
    worker: str
    attempt: int


def recipients_with_work(session: Session, now: datetime) -> list[int]:
    """Institutions that have a message due, the longest waiting first."""
    waiting = select(OutboundMessage.recipient_id, func.min(OutboundMessage.created_at).label("oldest")).where(
        OutboundMessage.status == OutboundStatus.WAITING,
        OutboundMessage.next_try_at <= now,
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.recipient_id.is_not(None),
    )
    grouped = waiting.group_by(OutboundMessage.recipient_id).order_by(text("oldest"))
    return [row.recipient_id for row in session.execute(grouped)]


def claim(
    session: Session, recipient_id: int, worker: str, now: datetime, *, lease: timedelta, cap: int, batch: int
) -> list[Claim]:
    """Claim the oldest due messages of one institution: at most `cap` in flight there, one while its breaker is probed.

    The institution's row is locked first and the head of the queue read in a second statement: one statement that
    did both would read a queue older than its lock. Another worker at the same institution is skipped, not awaited.
    """
    state, free = room_at(session, recipient_id, now, cap=cap, batch=batch)
    if state is None:
        return []
    rows = session.execute(_due(recipient_id, now, free)).unique().all()
    return [_take(message, delivery, token, worker, now, lease, state) for message, delivery, token in rows]


def room_at(
    session: Session, recipient_id: int, now: datetime, *, cap: int, batch: int
) -> tuple[InstitutionState | None, int]:
    """An institution's row, locked, and how many messages may be claimed there now; no row where there is no room."""
    state = lock_institution(session, recipient_id)
    free = min(free_slots(session, state, cap, now), batch) if state else 0
    return (state, free) if free > 0 else (None, 0)


def lock_institution(session: Session, entity_id: int) -> InstitutionState | None:
    query = select(InstitutionState).where(InstitutionState.entity_id == entity_id)
    locked = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    state = session.scalar(locked)
    if state is None and session.scalar(query) is None:
        session.execute(
            text(
                "insert into institution_states"
                " (entity_id, paused_reason, failures_in_a_row, times_opened, open_seconds)"
                " values (:id, '', 0, 0, 0) on conflict do nothing"
            ),
            {"id": entity_id},
        )
        state = session.scalar(locked)
    return state


def held_row(session: Session, entity_id: int) -> InstitutionState:
    """An institution's row, made where there is none, and locked as soon as nobody else holds it."""
    lock_institution(session, entity_id)
    return session.get_one(InstitutionState, entity_id, with_for_update=True)


def free_slots(session: Session, state: InstitutionState, cap: int, now: datetime) -> int:
    """How many messages more may be on their way there; 0 while it is paused or its breaker is open."""
    if state.is_held(now) or (state.open_until is not None and state.open_until > now):
        return 0
    in_flight = session.scalar(
        select(func.count()).where(
            OutboundMessage.status == OutboundStatus.CLAIMED, OutboundMessage.recipient_id == state.entity_id
        )
    )
    is_probing = state.open_until is not None
    return (1 if is_probing else state.eased(cap, now)) - int(in_flight or 0)


def _due(recipient_id: int, now: datetime, limit: int) -> Select[OutboundMessage, Delivery, str]:
    return (
        select(OutboundMessage, Delivery, DocumentLink.token)
        .join(Delivery, Delivery.id == OutboundMessage.delivery_id)
        .join(DocumentLink, DocumentLink.delivery_id == Delivery.id)
        .where(
            OutboundMessage.status == OutboundStatus.WAITING,
            OutboundMessage.kind == MessageKind.SOBRE,
            OutboundMessage.next_try_at <= now,
            OutboundMessage.recipient_id == recipient_id,
            OutboundMessage.kind == MessageKind.SOBRE,
        )
        .order_by(OutboundMessage.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=(OutboundMessage, Delivery))
        .options(selectinload(Delivery.filing).selectinload(Filing.documents))
        .execution_options(populate_existing=True)
    )


def _take(
    message: OutboundMessage,
    delivery: Delivery,
    token: str,
    worker: str,
    now: datetime,
    lease: timedelta,
    state: InstitutionState,
) -> Claim:
    message.status = OutboundStatus.CLAIMED
    message.claimed_by = worker
    message.lease_until = now + lease
    message.attempts += 1
    if message.first_tried_at is None:
        message.first_tried_at = now
        message.open_seconds_at_first = state.open_seconds_until(now)
    if delivery.status is DeliveryStatus.QUEUED:
        delivery.advance(DeliveryStatus.SENDING)
    return Claim(message, delivery, token, worker, message.attempts)


_SEALED = text("""
    update outbound_messages as message set sealed = given.sealed, reference_digest = given.digest
    from unnest(cast(:ids as uuid[]), cast(:attempts as integer[]), cast(:sealed as bytea[]), cast(:digests as text[]))
        as given (id, attempt, sealed, digest)
    where message.id = given.id and message.attempts = given.attempt
        and message.status = 'claimed' and message.claimed_by = :worker
    returning message.id
""")


def hand_out(
    session: Session, claims: list[tuple[Claim, bytes, str]], now: datetime, *, ask_after: timedelta | None = None
) -> set[UUID]:
    """Write down signed bytes and that the paper leaves the house, before it does. Gives the ids that are still ours.

    `claims` holds each claim with its signed bytes and their Reference digest. After `ask_after` a leg that is silent
    is asked about, whoever brought the word that it arrived. Legs are locked first, as everywhere, in one order.
    """
    if not claims:
        return set()
    claimed = [claim_.delivery.id for claim_, _, _ in claims]
    session.execute(select(Delivery.id).where(Delivery.id.in_(claimed)).order_by(Delivery.id).with_for_update())
    given = {
        "worker": claims[0][0].worker,
        "ids": [str(claim_.message.id) for claim_, _, _ in claims],
        "attempts": [claim_.attempt for claim_, _, _ in claims],
        "sealed": [sealed for _, sealed, _ in claims],
        "digests": [digest for _, _, digest in claims],
    }
    found = session.execute(_SEALED, given)
    ours = {row.id for row in found}
    legs = [claim_.delivery.id for claim_, _, _ in claims if claim_.message.id in ours]
    ask_at = now + ask_after if ask_after else None
    first = session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(legs), Delivery.handed_out_at.is_(None))
        .values(handed_out_at=now, next_ask_at=ask_at)
        .returning(Delivery.id)
    )
    newly = set(first)
    tell_handed_out(session, [(one.delivery, sealed) for one, sealed, _ in claims if one.delivery.id in newly], now)
    return ours


def free_stuck(session: Session, now: datetime) -> int:
    """Put back what a dead worker had claimed. Where the paper had left the house, the next try asks first."""
    stuck = (
        select(OutboundMessage, Delivery)
        .join(Delivery, Delivery.id == OutboundMessage.delivery_id)
        .where(OutboundMessage.status == OutboundStatus.CLAIMED, OutboundMessage.lease_until < now)
        .where(OutboundMessage.kind == MessageKind.SOBRE)
        .with_for_update(skip_locked=True, of=(OutboundMessage, Delivery))
        .execution_options(populate_existing=True)
    )
    rows = session.execute(stuck).unique().all()
    for message, delivery in rows:
        message.status = OutboundStatus.WAITING
        message.claimed_by = ""
        message.next_try_at = now
        message.must_ask = message.must_ask or delivery.handed_out_at is not None
        if delivery.status is DeliveryStatus.SENDING:
            delivery.advance(DeliveryStatus.QUEUED)
    return len(rows) + _free_others(session, now)


def _free_others(session: Session, now: datetime) -> int:
    stuck = (
        select(OutboundMessage.id)
        .where(
            OutboundMessage.kind != MessageKind.SOBRE,
            OutboundMessage.status == OutboundStatus.CLAIMED,
            OutboundMessage.lease_until < now,
        )
        .with_for_update(skip_locked=True)
    )
    freed = session.execute(
        update(OutboundMessage)
        .where(OutboundMessage.id.in_(stuck))
        .values(status=OutboundStatus.WAITING, claimed_by="", next_try_at=now)
        .returning(OutboundMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(freed.all())


def silent_legs(session: Session, now: datetime, *, again_in: timedelta, limit: int) -> list[Delivery]:
    """Legs to ask about: handed over, not closed, silent for long. Each is put off, so that one worker asks."""
    rows = session.scalars(
        select(Delivery)
        .outerjoin(InstitutionState, InstitutionState.entity_id == Delivery.destination_id)
        .where(
            Delivery.next_ask_at <= now,
            Delivery.status.in_((DeliveryStatus.SENT, DeliveryStatus.REGISTERED)),
            or_(InstitutionState.open_until.is_(None), InstitutionState.open_until <= now),
            may_be_called(now),
        )
        .order_by(Delivery.next_ask_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
    ).all()
    for delivery in rows:
        delivery.asks += 1
        delivery.next_ask_at = now + min(again_in * 2 ** min(delivery.asks, 10), timedelta(days=1))
    return list(rows)


def claim_letters(
    session: Session, worker: str, now: datetime, *, kind: MessageKind, lease: timedelta, batch: int
) -> list[OutboundMessage]:
    """Claim what is due of one kind (mail or SMS), oldest first."""
    rows = session.scalars(
        select(OutboundMessage)
        .where(
            OutboundMessage.status == OutboundStatus.WAITING,
            OutboundMessage.next_try_at <= now,
            OutboundMessage.kind == kind,
        )
        .order_by(OutboundMessage.created_at)
        .limit(batch)
        .with_for_update(skip_locked=True)
    ).all()
    for message in rows:
        message.status = OutboundStatus.CLAIMED
        message.claimed_by = worker
        message.lease_until = now + lease
        message.attempts += 1
        message.first_tried_at = message.first_tried_at or now
    return list(rows)


def summary_by_status(session: Session) -> dict[str, int]:
    """How many legs are in each status."""
    counted = select(Delivery.status, func.count(case((Delivery.id.is_not(None), 1)))).group_by(Delivery.status)
    return {status.value: count for status, count in session.execute(counted)}
