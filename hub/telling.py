"""The worker's round that carries signed messages to the institutions that filed; who has no open port fetches them."""

import logging
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub import breaker
from hub.core.errors import DeliveryFailure, PermanentFailure
from hub.core.ports import Partner, Teller
from hub.core.statuses import OutboundStatus
from hub.dispatch import Tools
from hub.models import Attempt, InstitutionState, OutboundMessage
from hub.models.directory import may_be_called
from hub.outcomes import keep_raw
from hub.told_back import TOLD

log = logging.getLogger("mesa.worker")
AT_ONCE = 8
"""Institutions that are told in parallel, so that one that hangs does not keep the others waiting."""
BATCH = 20


@dataclass(frozen=True)
class _Told:
    """One claimed message: whom it goes to, and its signed bytes."""

    id: UUID
    attempt: int
    partner: Partner
    sealed: bytes


@dataclass(frozen=True)
class _Outcome:
    started_at: datetime
    finished_at: datetime
    code: str = ""
    detail: str = ""
    raw: bytes = b""
    is_lasting: bool = False


def tell_institutions(tools: Tools) -> int:
    """Carry what is due to every institution that can be called. Gives how many messages were tried."""
    with tools.sessions() as session:
        recipients = _recipients(session, tools)
    if not recipients:
        return 0
    with ThreadPoolExecutor(min(AT_ONCE, len(recipients)), thread_name_prefix="telling") as pool:
        return sum(pool.map(lambda one: _tell(tools, one), recipients))


def _teller(tools: Tools, recipient_id: int) -> Teller | None:
    adapter = tools.adapters.get(tools.directory.by_id(recipient_id).adapter.kind.value)
    return adapter if isinstance(adapter, Teller) else None


def _due(now: datetime):  # type: ignore[no-untyped-def]
    return (
        OutboundMessage.status == OutboundStatus.WAITING,
        OutboundMessage.kind.in_(TOLD),
        OutboundMessage.sealed.is_not(None),
        OutboundMessage.next_try_at <= now,
    )


def _recipients(session: Session, tools: Tools) -> list[int]:
    """Who has something due, and neither is paused nor has its breaker open."""
    now = tools.clock()
    is_closed = or_(InstitutionState.open_until.is_(None), InstitutionState.open_until <= now)
    query = select(OutboundMessage.recipient_id).distinct().where(*_due(now))
    query = query.outerjoin(InstitutionState, InstitutionState.entity_id == OutboundMessage.recipient_id)
    found: Sequence[int | None] = session.scalars(
        query.where(is_closed, may_be_called(now)).order_by(OutboundMessage.recipient_id)
    ).all()
    return [one for one in found if one is not None and _teller(tools, one) is not None]


def _tell(tools: Tools, recipient_id: int) -> int:
    """One institution, its messages oldest first, until one fails."""
    tried = 0
    try:
        while tried < BATCH and (claimed := _claim(tools, recipient_id)):
            tried += 1
            outcome = _try(tools, recipient_id, claimed)
            with tools.sessions() as session:
                _record(session, tools, recipient_id, claimed, outcome)
                session.commit()
            if outcome.code:
                break
    except Exception:  # this institution's alone; its lease frees what was claimed
        log.exception("telling %s failed", recipient_id)
    return tried


def _claim(tools: Tools, recipient_id: int) -> _Told | None:
    now = tools.clock()
    with tools.sessions() as session:
        state = session.get(InstitutionState, recipient_id)
        if state is not None and state.is_held(now):  # since the one before
            return None
        query = select(OutboundMessage).where(*_due(now), OutboundMessage.recipient_id == recipient_id)
        query = query.order_by(OutboundMessage.created_at).limit(1).with_for_update(skip_locked=True)
        message = session.scalar(query)
        if message is None or message.sealed is None:
            return None
        message.status, message.claimed_by, message.lease_until = OutboundStatus.CLAIMED, tools.name, now + tools.lease
        message.attempts += 1
        if message.first_tried_at is None:
            message.first_tried_at, message.open_seconds_at_first = now, _open_seconds(session, recipient_id, now)
        session.commit()
        partner = tools.directory.partner(tools.directory.by_id(recipient_id).code)
        return _Told(message.id, message.attempts, partner, message.sealed)


def _open_seconds(session: Session, recipient_id: int, now: datetime) -> float:
    """How long the breaker there has been open in all: that time counts against no message."""
    state = session.get(InstitutionState, recipient_id, populate_existing=True)
    return state.open_seconds_until(now) if state else 0.0


def _try(tools: Tools, recipient_id: int, told: _Told) -> _Outcome:
    started, teller = tools.clock(), _teller(tools, recipient_id)
    if teller is None:
        return _Outcome(started, started, "NOT_CALLED")
    try:
        raw = teller.tell(told.partner, told.id, told.sealed)
    except DeliveryFailure as error:
        is_lasting = isinstance(error, PermanentFailure)
        return _Outcome(started, tools.clock(), error.code, error.detail[:500], error.raw, is_lasting)
    return _Outcome(started, tools.clock(), raw=raw)


def _record(session: Session, tools: Tools, recipient_id: int, told: _Told, outcome: _Outcome) -> None:
    """Write down a try; only where the claim is still ours does it change the message."""
    now = tools.clock()
    word = "ack" if not outcome.code else "permanent" if outcome.is_lasting else "temporary"
    session.add(
        Attempt(
            message_id=told.id, number=told.attempt, started_at=outcome.started_at, finished_at=outcome.finished_at,
            worker=tools.name, outcome=word, code=outcome.code, detail=outcome.detail,
            raw_digest=keep_raw(session, outcome.raw, now),
        )
    )  # fmt: skip
    message = session.get_one(OutboundMessage, told.id, with_for_update=True, populate_existing=True)
    ours = (OutboundStatus.CLAIMED, tools.name, told.attempt)
    if (message.status, message.claimed_by, message.attempts) == ours:
        _settle(tools, message, outcome, _tried_for(session, recipient_id, message, now), now)
    if word == "temporary":
        breaker.count_failure(session, recipient_id, tools.settings.breaker_policy, now)
    else:
        breaker.close(session, recipient_id, now)


def _tried_for(session: Session, recipient_id: int, message: OutboundMessage, now: datetime) -> timedelta:
    """How long it has been tried while the breaker there was closed."""
    open_for = _open_seconds(session, recipient_id, now) - message.open_seconds_at_first
    return now - (message.first_tried_at or now) - timedelta(seconds=open_for)


def _settle(
    tools: Tools, message: OutboundMessage, outcome: _Outcome, tried_for: timedelta, now: datetime
) -> None:
    message.last_code = outcome.code
    if not outcome.code:
        message.status, message.done_at = OutboundStatus.DONE, now
        return
    chance = random.random()  # noqa: S311 - jitter, not a secret
    again = None
    if not outcome.is_lasting:
        again = tools.settings.retry_policy.next_try(message.attempts, now, tried_for, chance)
    if again is None:
        message.status = OutboundStatus.DEAD
        return
    message.status, message.claimed_by, message.next_try_at = OutboundStatus.WAITING, "", again
