"""The circuit breaker of an institution: failures in a row open it, one answer closes it. One row, for every worker."""

from datetime import datetime

from sqlalchemy import exists, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.retrying import BreakerPolicy
from hub.core.statuses import OutboundStatus
from hub.models import InstitutionOutage, InstitutionState, OutboundMessage
from hub.models.directory import may_be_called
from hub.models.writing import table_of

_DOWN = insert(table_of(InstitutionOutage)).on_conflict_do_nothing(
    index_elements=["entity_id"], index_where=text("until is null")
)


def close(session: Session, entity_id: int, now: datetime) -> None:
    """It answered. The time that the breaker was open is added up: it counts against no message."""
    put_forward(session, entity_id, now)
    open_for = func.coalesce(func.extract("epoch", literal(now) - InstitutionState.opened_at), 0.0)
    session.execute(
        update(InstitutionState)
        .where(
            InstitutionState.entity_id == entity_id,
            (InstitutionState.failures_in_a_row > 0) | InstitutionState.open_until.is_not(None),
        )
        .values(
            failures_in_a_row=0,
            times_opened=0,
            failing_since=None,
            open_until=None,
            opened_at=None,
            last_success_at=now,
            open_seconds=InstitutionState.open_seconds + open_for,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(InstitutionOutage)
        .where(InstitutionOutage.entity_id == entity_id, InstitutionOutage.until.is_(None))
        .values(until=now)
        .execution_options(synchronize_session=False)
    )


def put_forward(session: Session, entity_id: int, now: datetime) -> None:
    """Where the breaker was open: what failed before is due at once, so that the queue goes on with its oldest.

    The oldest were tried, and each failed try put them off for longer; those that came later would overtake them. Only
    messages that nobody holds: who holds one writes its next try.
    """
    was_open = select(InstitutionState.opened_at).where(InstitutionState.entity_id == entity_id)
    if session.scalar(was_open) is None:
        return
    put_off = select(OutboundMessage.id).where(
        OutboundMessage.recipient_id == entity_id,
        OutboundMessage.status == OutboundStatus.WAITING,
        OutboundMessage.attempts > 0,
        OutboundMessage.next_try_at > now,
    )
    due = update(OutboundMessage).where(OutboundMessage.id.in_(put_off.with_for_update(skip_locked=True)))
    session.execute(due.values(next_try_at=now).execution_options(synchronize_session=False))


def count_failure(session: Session, entity_id: int, policy: BreakerPolicy, now: datetime, code: str = "") -> None:
    """It failed once more. What was in flight when the breaker opened does not open it further.

    When it opens, that the institution does not answer is written down, since the first of these failures.
    """
    state = session.scalar(
        select(InstitutionState)
        .where(InstitutionState.entity_id == entity_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if state is None:
        return
    state.failures_in_a_row += 1
    state.failing_since = state.failing_since or now
    state.last_failure_at = now
    if state.open_until is not None and state.open_until > now:
        return
    until = policy.opens_until(state.failures_in_a_row, state.times_opened, now)
    if until is not None:
        if state.opened_at is None:
            session.execute(_DOWN, {"entity_id": entity_id, "since": state.failing_since, "until": None, "code": code})
        state.opened_at = state.opened_at or now
        state.times_opened += 1
        state.open_until = until


def untried(session: Session, policy: BreakerPolicy, now: datetime) -> list[int]:
    """Institutions that may be tried now, and for which no message waits or is on its way that would be that try.

    Each breaker stays open as though the try had failed, so that of several workers one makes it, and who dies of it
    leaves it to the next. The caller commits before it asks.
    """
    message, state = OutboundMessage, InstitutionState
    is_tried = exists().where(
        message.recipient_id == state.entity_id,
        message.status.in_((OutboundStatus.WAITING, OutboundStatus.CLAIMED)),
    )
    query = select(state).where(state.open_until <= now, ~is_tried, may_be_called(now))
    query = query.order_by(state.entity_id)
    found = session.scalars(query.with_for_update(skip_locked=True).execution_options(populate_existing=True)).all()
    for one in found:
        one.open_until = policy.opens_until(one.failures_in_a_row, one.times_opened, now)
        one.times_opened += 1
    session.flush()
    return [one.entity_id for one in found]
