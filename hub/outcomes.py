"""Outcomes: what came of an attempt, written down with the partner's raw answer; when to try again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

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
from hub.terms import count_due


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
    calendar: Calendar
    """The destination's."""
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
    result = _Result(session, delivery, message, outcome, rules, now, keep_raw(session, outcome.raw, now))
    is_ours = (message.status, message.claimed_by, message.attempts) == (
        OutboundStatus.CLAIMED,
        claim.worker,
        claim.attempt,
    )
    session.execute(_ADD_ATTEMPT, _attempt(claim, result, is_late=not is_ours))
    _turn_breaker(result, has_failed=has_failed)
    if not is_ours:
        _late(result)
        return False
    message.last_code = outcome.code
    _WRITE[outcome.kind](result)
    return True


@dataclass(frozen=True)
class _Result:
    """What came of an attempt, with everything that writing it down needs."""

    session: Session
    delivery: Delivery
    message: OutboundMessage
    outcome: Outcome
    rules: Rules
    now: datetime
    raw_digest: str

    @property
    def held_since(self) -> datetime:
        return self.outcome.held_since or self.now

    def tell(self, kind: str, **said: Any) -> None:
        delivery = self.delivery
        tell(self.session, delivery.filing, kind, self.now, delivery=delivery, raw_digest=self.raw_digest, **said)
        refresh_status(self.session, delivery.filing, delivery)


_ADD_ATTEMPT = insert(table_of(Attempt))


def _attempt(claim: Claim, result: _Result, *, is_late: bool) -> dict[str, object]:
    outcome = result.outcome
    return {
        "message_id": claim.message.id,
        "number": claim.attempt,
        "started_at": outcome.started_at,
        "finished_at": outcome.finished_at,
        "worker": claim.worker,
        "outcome": "late" if is_late else outcome.kind.value,
        "code": outcome.code,
        "detail": outcome.detail[:2000],
        "raw_digest": result.raw_digest,
    }


def _turn_breaker(result: _Result, *, has_failed: bool) -> None:
    """Count a failure; an answer of any kind ends a row of them. `has_failed`: there is such a row."""
    if not result.outcome.is_about_institution:
        return
    if result.outcome.kind is OutcomeKind.TEMPORARY:
        breaker.count_failure(
            result.session, result.delivery.destination_id, result.rules.breaker, result.now, result.outcome.code
        )
    elif has_failed:
        breaker.close(result.session, result.delivery.destination_id, result.now)


def _late(result: _Result) -> None:
    """News overtook this outcome: it only fills `sent_at`, and with it the instant from which a remittance counts."""
    if result.outcome.kind in _ARRIVED and result.message.status is OutboundStatus.VOID:
        _hold(result)


def _hold(result: _Result) -> None:
    """Its destination has it; for a remittance its clock may start."""
    result.delivery.sent_at = result.delivery.sent_at or result.held_since
    start_clock(result.delivery, result.held_since, result.rules.remittance_policy, result.rules.calendar)


def start_clock(delivery: Delivery, had_it_at: datetime, policy: Policy, calendar: Calendar) -> None:
    """A remittance's term runs from the earliest instant at which the competent body had it (TUO 141.1).

    No clock of a destination makes that earlier than the filing itself.
    """
    if delivery.mode is not Mode.REMITTANCE:
        return
    had_it_at = max(had_it_at, delivery.filing.presented_at)
    known = delivery.competent_body_had_it_at
    if known is None or had_it_at < known:
        delivery.competent_body_had_it_at = had_it_at
        delivery.clock_start = clock_start(considered_on(had_it_at, policy, calendar), calendar)
        count_due(calendar, delivery.filing, delivery)


def _arrived(result: _Result) -> None:
    """The destination holds the paper: the leg is `sent`."""
    result.message.status = OutboundStatus.DONE
    result.message.done_at = result.now
    _hold(result)
    result.delivery.next_ask_at = result.now + result.rules.ask_after if result.rules.ask_after else None
    if result.delivery.advance(DeliveryStatus.SENT):
        result.tell("sent", author=Author.DESTINATION, said_by=result.rules.destination, happened_at=result.held_since)


def _being_fetched(result: _Result) -> None:
    """Taken: no attempt is used, the lease runs on; when it is over, the next try asks. Not for ever."""
    message = result.message
    since, before = message.first_tried_at or result.now, message.open_seconds_at_first
    if _tried_for(result, since, before, _open_seconds(result)) >= result.rules.retry.give_up_after:
        _give_up(result)
        return
    message.attempts -= 1
    message.lease_until = result.now + result.rules.lease
    message.must_ask = True


def _open_seconds(result: _Result) -> float:
    state = result.session.get(InstitutionState, result.delivery.destination_id, populate_existing=True)
    return state.open_seconds_until(result.now) if state else 0.0


def _tried_for(result: _Result, since: datetime, open_before: float, open_now: float) -> timedelta:
    """How long it has been tried; while the breaker is open (counted in seconds) nobody tries."""
    return result.now - since - timedelta(seconds=open_now - open_before)


def _give_up(result: _Result) -> None:
    """A dead letter: kept, shown, and sent again by a person."""
    result.message.status = OutboundStatus.DEAD
    if result.delivery.advance(DeliveryStatus.FAILED):
        result.tell("failed", code=result.outcome.code)


def _try_later(result: _Result) -> None:
    message, open_seconds = result.message, _open_seconds(result)
    cannot_tell = result.outcome.kind is OutcomeKind.CANNOT_TELL
    message.must_ask = message.must_ask or result.outcome.may_have_arrived
    if not cannot_tell:
        message.cannot_tell_since = None
    elif message.cannot_tell_since is None:
        message.cannot_tell_since, message.open_seconds_at_cannot_tell = result.now, open_seconds
    if cannot_tell and message.cannot_tell_since is not None:
        since, before = message.cannot_tell_since, message.open_seconds_at_cannot_tell
    else:
        since, before = message.first_tried_at or result.now, message.open_seconds_at_first
    retry, tried_for = result.rules.retry, _tried_for(result, since, before, open_seconds)
    again = retry.next_try(message.attempts, result.now, tried_for, result.rules.chance, cannot_tell=cannot_tell)
    if again is None:
        _give_up(result)
        return
    message.status = OutboundStatus.WAITING
    message.claimed_by = ""
    message.next_try_at = again
    result.delivery.advance(DeliveryStatus.QUEUED)


_ARRIVED = (OutcomeKind.ACK, OutcomeKind.HAS)
_WRITE = {
    OutcomeKind.ACK: _arrived,
    OutcomeKind.HAS: _arrived,
    OutcomeKind.TAKEN: _being_fetched,
    OutcomeKind.CANNOT_TELL: _try_later,
    OutcomeKind.TEMPORARY: _try_later,
    OutcomeKind.PERMANENT: _give_up,
}
