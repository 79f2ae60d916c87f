"""Forwarding: whoever sent a document in by a contract is told what became of it, by a message of the same outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub import breaker, observations, routing
from hub.core.directory import Directory
from hub.core.errors import Forbidden, NeedsReason
from hub.core.observing import How
from hub.core.retrying import BreakerPolicy, RetryPolicy
from hub.core.statuses import Author, DeliveryStatus, MessageKind, OutboundStatus
from hub.delivery import room_at
from hub.events import tell
from hub.mailing import wake
from hub.models import Attempt, Delivery, InstitutionState, OutboundMessage
from hub.models.writing import table_of
from hub.sendings import of_leg

STATES: Final = {DeliveryStatus.REGISTERED: "R", DeliveryStatus.OBSERVED: "O", DeliveryStatus.REFUSED: "O"}
"""What its destination said -> cflgest. The contract knows no refusal: it is an observation with its reason."""
WAYS: Final = frozenset({"iotramite", "pide"})
"""The ways by which a cargo is given; who is reached by another asks."""
PRESS_TIME: Final = timedelta(seconds=2)
"""The cargo's PDF is being made meanwhile."""


@dataclass(frozen=True)
class Forward:
    """A claimed cargo. `attempt` with `worker` names the claim."""

    message: OutboundMessage
    delivery: Delivery
    worker: str
    attempt: int


@dataclass(frozen=True)
class Given:
    """What came of one try; no code where it was taken. `raw_digest`: the answer as it came, kept.

    `is_about_institution`: False where it failed here, before anybody there was called.
    """

    started_at: datetime
    finished_at: datetime
    code: str = ""
    detail: str = ""
    is_lasting: bool = False
    raw_digest: str = ""
    is_about_institution: bool = True


def tell_sender(session: Session, directory: Directory, leg: Delivery, now: datetime) -> None:
    """Queue the cargo of a leg for whoever sent its document in, in the caller's transaction; nobody else is told.

    What was queued before and has not left is not sent any more: the newest word counts. Called once for each step
    of the leg, which is locked: each is told, also one that the contract has the same letter for or that came before.
    """
    state, sending = STATES.get(leg.status), of_leg(session, leg)
    if state is None or sending is None:
        return
    told = directory.by_id(sending.told_id)
    if told.adapter.kind.value not in WAYS or told.adapter.options.get("takes_cargos") == "no":
        return
    void_cargos(session, leg, now)
    row = {
        "kind": MessageKind.NATIONAL_CARGO,
        "channel": told.adapter.kind.value,
        "filing_id": leg.filing_id,
        "delivery_id": leg.id,
        "recipient_id": told.id,
        "once": f"cargo:{sending.id}:{leg.id}:{_told(session, leg) + 1}",
        "content": {"sending": sending.id, "state": state},
        "status": OutboundStatus.WAITING,
        "created_at": now,
        "next_try_at": now + PRESS_TIME if state == "R" else now,
    }
    session.execute(insert(OutboundMessage).values(row))
    wake(session)


def _told(session: Session, leg: Delivery) -> int:
    """How many cargos were queued for it until now, whatever became of them."""
    cargos = OutboundMessage.kind == MessageKind.NATIONAL_CARGO
    query = select(func.count()).select_from(OutboundMessage).where(OutboundMessage.delivery_id == leg.id, cargos)
    return session.scalar(query) or 0


def void_cargos(session: Session, leg: Delivery, now: datetime) -> None:
    """What was to be said of a leg, and was not yet, is overtaken."""
    waiting = update(OutboundMessage).where(
        OutboundMessage.delivery_id == leg.id,
        OutboundMessage.kind == MessageKind.NATIONAL_CARGO,
        OutboundMessage.status.in_((OutboundStatus.WAITING, OutboundStatus.DEAD)),
    )
    values = {"status": OutboundStatus.VOID, "done_at": now}
    session.execute(waiting.values(values).execution_options(synchronize_session=False))


def stopped(session: Session, leg: Delivery) -> OutboundMessage | None:
    """The cargo of a leg that could not be given, which a person must look at."""
    dead = select(OutboundMessage).where(
        OutboundMessage.delivery_id == leg.id,
        OutboundMessage.kind == MessageKind.NATIONAL_CARGO,
        OutboundMessage.status == OutboundStatus.DEAD,
    )
    return session.scalar(dead.order_by(OutboundMessage.created_at.desc()).limit(1))


def give_again(session: Session, cuo: str, reason: str, by: str, now: datetime) -> OutboundMessage:
    """A person has a stopped cargo given again. Raises NeedsReason; Forbidden where none is stopped."""
    if not reason.strip():
        raise NeedsReason()
    leg = routing.lock_leg(session, cuo)
    message = stopped(session, leg) if leg is not None else None
    if leg is None or message is None:
        raise Forbidden(cuo, code="NOTHING_TO_SEND")
    message.status, message.next_try_at, message.first_tried_at = OutboundStatus.WAITING, now, None
    tell(session, leg.filing, "cargo_again", now, author=Author.ADMIN, said_by=by, delivery=leg, reason=reason)
    wake(session)
    return message


def recipients(session: Session, now: datetime) -> list[int]:
    """The institutions whose system is to be given a cargo now."""
    due = select(OutboundMessage.recipient_id).distinct().where(
        OutboundMessage.kind == MessageKind.NATIONAL_CARGO,
        OutboundMessage.status == OutboundStatus.WAITING,
        OutboundMessage.next_try_at <= now,
    )
    return [one for one in session.scalars(due.order_by(OutboundMessage.recipient_id)) if one is not None]


def claim(
    session: Session, recipient_id: int, worker: str, now: datetime, *, lease: timedelta, cap: int, batch: int
) -> list[Forward]:
    """Claim the oldest cargos due at one institution; its cap and its breaker are those of what is delivered there."""
    state, free = room_at(session, recipient_id, now, cap=cap, batch=batch)
    if state is None:
        return []
    rows = session.execute(_DUE, {"recipient": recipient_id, "now": now, "free": free}).unique().all()
    return [_take(message, leg, worker, now, lease, state) for message, leg in rows]


_DUE = (
    select(OutboundMessage, Delivery)
    .join(Delivery, Delivery.id == OutboundMessage.delivery_id)
    .where(
        OutboundMessage.kind == MessageKind.NATIONAL_CARGO,
        OutboundMessage.status == OutboundStatus.WAITING,
        OutboundMessage.recipient_id == bindparam("recipient"),
        OutboundMessage.next_try_at <= bindparam("now"),
    )
    .order_by(OutboundMessage.created_at)
    .limit(bindparam("free"))
    .with_for_update(skip_locked=True, of=OutboundMessage)
)


def _take(
    message: OutboundMessage, leg: Delivery, worker: str, now: datetime, lease: timedelta, state: InstitutionState
) -> Forward:
    message.status, message.claimed_by, message.lease_until = OutboundStatus.CLAIMED, worker, now + lease
    message.attempts += 1
    if message.first_tried_at is None:
        message.first_tried_at, message.open_seconds_at_first = now, state.open_seconds_until(now)
    return Forward(message, leg, worker, message.attempts)


def record(
    session: Session,
    directory: Directory,
    forward: Forward,
    given: Given,
    policies: tuple[RetryPolicy, BreakerPolicy, float],
    now: datetime,
) -> None:
    """Write down what came of a try; flushed, not committed. `policies`: retry, breaker, and chance in [0, 1)."""
    retry, breaking, chance = policies
    leg = routing.lock_leg(session, forward.delivery.cuo)
    message = session.get_one(OutboundMessage, forward.message.id, with_for_update=True, populate_existing=True)
    ours = (OutboundStatus.CLAIMED, forward.worker, forward.attempt)
    is_ours = (message.status, message.claimed_by, message.attempts) == ours
    session.execute(_ADD_ATTEMPT, _attempt(forward, given, is_late=not is_ours))
    if message.recipient_id is not None and given.is_about_institution:
        if given.code and not given.is_lasting:
            breaker.count_failure(session, message.recipient_id, breaking, now)
        else:
            breaker.close(session, message.recipient_id, now)
    if not is_ours or leg is None:
        return
    message.last_code = given.code
    if not given.code:
        _taken(session, directory, leg, message, given, now)
        return
    if _is_overtaken(session, message):
        message.status, message.claimed_by, message.done_at = OutboundStatus.VOID, "", now
        return
    tried_for = _tried_for(session, message, now)
    again = None if given.is_lasting else retry.next_try(forward.attempt, now, tried_for, chance)
    message.status = OutboundStatus.WAITING if again else OutboundStatus.DEAD
    message.claimed_by, message.next_try_at = "", again or now
    if again is None:
        tell(session, leg.filing, "cargo_not_given", now, delivery=leg, code=given.code, raw_digest=given.raw_digest)


def _taken(
    session: Session, directory: Directory, leg: Delivery, message: OutboundMessage, given: Given, now: datetime
) -> None:
    """It knows now. For an observation that is its notification: its own system acknowledged it (TUO 20.4)."""
    message.status, message.done_at = OutboundStatus.DONE, now
    state = str(message.content.get("state", ""))
    tell(session, leg.filing, "cargo_given", now, delivery=leg, state=state, raw_digest=given.raw_digest)
    observation = observations.open_of(session, leg.filing_id)
    if state == "O" and observation is not None and observation.delivery_id == leg.id:
        observations.notify(session, directory, observation, now, How.ACKNOWLEDGED)


def _is_overtaken(session: Session, message: OutboundMessage) -> bool:
    """True where something newer is to be said of its leg, or was said, since this one was on its way."""
    newer = select(OutboundMessage.id).where(
        OutboundMessage.delivery_id == message.delivery_id,
        OutboundMessage.kind == MessageKind.NATIONAL_CARGO,
        OutboundMessage.created_at > message.created_at,
    )
    return session.scalar(newer.limit(1)) is not None


def _tried_for(session: Session, message: OutboundMessage, now: datetime) -> timedelta:
    """How long it has been tried while the breaker there was closed."""
    state = session.get(InstitutionState, message.recipient_id, populate_existing=True)
    open_for = (state.open_seconds_until(now) if state else 0.0) - message.open_seconds_at_first
    return now - (message.first_tried_at or now) - timedelta(seconds=open_for)


_ADD_ATTEMPT = insert(table_of(Attempt))


def _attempt(forward: Forward, given: Given, *, is_late: bool) -> dict[str, object]:
    word = "ack" if not given.code else "permanent" if given.is_lasting else "temporary"
    return {
        "message_id": forward.message.id,
        "number": forward.attempt,
        "started_at": given.started_at,
        "finished_at": given.finished_at,
        "worker": forward.worker,
        "outcome": "late" if is_late else word,
        "code": given.code[:60],
        "detail": given.detail[:2000],
        "raw_digest": given.raw_digest,
    }
