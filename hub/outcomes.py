"""Outcomes: what came of an attempt, written down with the partner's raw answer; when to try again."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub import breaker
from hub.core.calendar import Calendar, Policy, clock_start, considered_on
from hub.core.retrying import BreakerPolicy, RetryPolicy
from hub.core.statuses import Author, DeliveryStatus, Mode, OutboundStatus
from hub.delivery import Claim
from hub.events import tell
from hub.models import Attempt, Delivery, InstitutionState, OutboundMessage, RawMessage
from hub.models.writing import table_of
from hub.routing import lock_leg, refresh_status


class OutcomeKind(StrEnum):
    ACK = "ack"  # it holds it now
    HAS = "has"  # asked before sending: it holds it already
    TAKEN = "taken"  # it is fetching the documents
    CANNOT_TELL = "cannot_tell"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt. `held_since` is the destination's word, for ACK and HAS."""

    kind: OutcomeKind
    started_at: datetime
    finished_at: datetime
    held_since: datetime | None = None
    code: str = ""
    detail: str = ""
    raw: bytes = b""
    may_have_arrived: bool = True
    is_about_institution: bool = True
    """False where it was never called: what failed is ours, and its breaker is not touched."""


@dataclass(frozen=True)
class Rules:
    """The values by which outcomes are judged. `chance` in [0, 1) makes the jitter of this one."""

    retry: RetryPolicy
    breaker: BreakerPolicy
    lease: timedelta
    ask_after: timedelta | None
    """When to ask about a leg that stays silent; None where the way has nobody to ask."""
    remittance_policy: Policy
    destination: str
    chance: float


_KEEP_RAW = insert(table_of(RawMessage)).on_conflict_do_nothing()


def keep_raw(session: Session, raw: bytes, now: datetime) -> str:
    """Keep bytes of a partner exactly as they came; gives their SHA-256 (hex), empty for no bytes."""
    if not raw:
        return ""
    digest = hashlib.sha256(raw).hexdigest()
    session.execute(_KEEP_RAW, {"digest": digest, "body": raw, "kept_at": now})
    return digest


_MESSAGE = (
    select(OutboundMessage, (InstitutionState.failures_in_a_row > 0) | InstitutionState.open_until.is_not(None))
    .outerjoin(InstitutionState, InstitutionState.entity_id == OutboundMessage.recipient_id)
    .where(OutboundMessage.id == bindparam("id"))
    .with_for_update(of=OutboundMessage)
)


def record(session: Session, claim: Claim, outcome: Outcome, rules: Rules, now: datetime) -> bool:
    """Write down an outcome; flushed, not committed. False if the claim was no longer ours: only the attempt is kept.

    Lock order everywhere: leg, then message, then institution.
    """
    delivery = lock_leg(session, claim.delivery.cuo)
    found = session.execute(_MESSAGE, {"id": claim.message.id}, execution_options={"populate_existing": True}).first()
    if delivery is None or found is None:
        raise RuntimeError(f"the leg of message {claim.message.id} is gone")
    message, has_failed = found
    digest = keep_raw(session, outcome.raw, now)
    is_ours = (message.status, message.claimed_by, message.attempts) == (
        OutboundStatus.CLAIMED,
        claim.worker,
        claim.attempt,
    )
    session.execute(_ADD_ATTEMPT, _attempt(claim, outcome, digest, is_late=not is_ours))
    if outcome.is_about_institution and (has_failed or outcome.kind is OutcomeKind.TEMPORARY):
        if outcome.kind is OutcomeKind.TEMPORARY:
            breaker.count_failure(session, delivery.destination_id, rules.breaker, now)
        else:
            breaker.close(session, delivery.destination_id, now)
    if not is_ours:
        _late(delivery, message, outcome, rules, now)
        return False
    message.last_code = outcome.code
    if outcome.kind in (OutcomeKind.ACK, OutcomeKind.HAS):
        _arrived(session, delivery, message, outcome, rules, digest, now)
    elif outcome.kind is OutcomeKind.TAKEN:
        _being_fetched(session, delivery, message, outcome, rules, digest, now)
    elif outcome.kind is OutcomeKind.PERMANENT:
        _give_up(session, delivery, message, outcome, digest, now)
    else:
        _try_later(session, delivery, message, outcome, rules, digest, now)
    return True


_ADD_ATTEMPT = insert(table_of(Attempt))


def _attempt(claim: Claim, outcome: Outcome, digest: str, *, is_late: bool) -> dict[str, object]:
    return {
        "message_id": claim.message.id,
        "number": claim.attempt,
        "started_at": outcome.started_at,
        "finished_at": outcome.finished_at,
        "worker": claim.worker,
        "outcome": "late" if is_late else outcome.kind.value,
        "code": outcome.code,
        "detail": outcome.detail[:2000],
        "raw_digest": digest,
    }


def _late(delivery: Delivery, message: OutboundMessage, outcome: Outcome, rules: Rules, now: datetime) -> None:
    """News overtook this outcome: it only fills `sent_at`, and with it the instant from which a remittance counts."""
    arrived = outcome.kind in (OutcomeKind.ACK, OutcomeKind.HAS)
    if arrived and message.status is OutboundStatus.VOID:
        delivery.sent_at = delivery.sent_at or outcome.held_since or now
        start_clock(delivery, outcome.held_since or now, rules.remittance_policy)


def arrive(
    session: Session, delivery: Delivery, held_since: datetime, rules: Rules, raw_digest: str, now: datetime
) -> None:
    """The destination holds the paper: the leg is `sent` and, for a remittance, its clock may start."""
    delivery.sent_at = delivery.sent_at or held_since
    start_clock(delivery, held_since, rules.remittance_policy)
    delivery.next_ask_at = now + rules.ask_after if rules.ask_after else None
    if delivery.advance(DeliveryStatus.SENT):
        tell(
            session,
            delivery.filing,
            "sent",
            now,
            author=Author.DESTINATION,
            said_by=rules.destination,
            delivery=delivery,
            happened_at=held_since,
            raw_digest=raw_digest,
        )
        refresh_status(session, delivery.filing, delivery)


def start_clock(delivery: Delivery, had_it_at: datetime, policy: Policy) -> None:
    """A remittance's term runs from the earliest instant at which the competent body had it (TUO 141.1).

    No clock of a destination makes that earlier than the filing itself.
    """
    if delivery.mode is not Mode.REMITTANCE:
        return
    had_it_at = max(had_it_at, delivery.filing.presented_at)
    known = delivery.competent_body_had_it_at
    if known is None or had_it_at < known:
        delivery.competent_body_had_it_at = had_it_at
        delivery.clock_start = _first_day(had_it_at, policy)


def _first_day(instant: datetime, policy: Policy) -> date:
    return clock_start(considered_on(instant, policy, Calendar()), Calendar())


def _arrived(
    session: Session,
    delivery: Delivery,
    message: OutboundMessage,
    outcome: Outcome,
    rules: Rules,
    digest: str,
    now: datetime,
) -> None:
    message.status = OutboundStatus.DONE
    message.done_at = now
    arrive(session, delivery, outcome.held_since or now, rules, digest, now)


def _being_fetched(
    session: Session,
    delivery: Delivery,
    message: OutboundMessage,
    outcome: Outcome,
    rules: Rules,
    digest: str,
    now: datetime,
) -> None:
    """Taken: no attempt is used, the lease runs on; when it is over, the next try asks. Not for ever."""
    open_seconds = _open_seconds(session, delivery, now)
    since = message.first_tried_at or now
    tried_for = now - since - timedelta(seconds=open_seconds - message.open_seconds_at_first)
    if tried_for >= rules.retry.give_up_after:
        _give_up(session, delivery, message, outcome, digest, now)
        return
    message.attempts -= 1
    message.lease_until = now + rules.lease
    message.must_ask = True


def _open_seconds(session: Session, delivery: Delivery, now: datetime) -> float:
    state = session.get(InstitutionState, delivery.destination_id, populate_existing=True)
    return state.open_seconds_until(now) if state else 0.0


def _give_up(
    session: Session, delivery: Delivery, message: OutboundMessage, outcome: Outcome, digest: str, now: datetime
) -> None:
    """A dead letter: kept, shown, and sent again by a person."""
    message.status = OutboundStatus.DEAD
    if delivery.advance(DeliveryStatus.FAILED):
        tell(session, delivery.filing, "failed", now, delivery=delivery, raw_digest=digest, code=outcome.code)
        refresh_status(session, delivery.filing, delivery)


def _try_later(
    session: Session,
    delivery: Delivery,
    message: OutboundMessage,
    outcome: Outcome,
    rules: Rules,
    digest: str,
    now: datetime,
) -> None:
    open_seconds = _open_seconds(session, delivery, now)
    cannot_tell = outcome.kind is OutcomeKind.CANNOT_TELL
    message.must_ask = message.must_ask or outcome.may_have_arrived
    if not cannot_tell:
        message.cannot_tell_since = None
    elif message.cannot_tell_since is None:
        message.cannot_tell_since, message.open_seconds_at_cannot_tell = now, open_seconds
    if cannot_tell and message.cannot_tell_since is not None:
        since, before = message.cannot_tell_since, message.open_seconds_at_cannot_tell
    else:
        since, before = message.first_tried_at or now, message.open_seconds_at_first
    tried_for = now - since - timedelta(seconds=open_seconds - before)
    again = rules.retry.next_try(message.attempts, now, tried_for, rules.chance, cannot_tell=cannot_tell)
    if again is None:
        _give_up(session, delivery, message, outcome, digest, now)
        return
    message.status = OutboundStatus.WAITING
    message.claimed_by = ""
    message.next_try_at = again
    delivery.advance(DeliveryStatus.QUEUED)
