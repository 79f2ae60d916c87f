"""What is wrong now, as the database tells it. A kind more is one more function in SOURCES."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.monitoring import READINGS, Condition, Figures, Kind, Limits
from hub.core.statuses import MessageKind, OutboundStatus
from hub.models import Difference, InstitutionState, OutboundMessage, Unsealed
from hub.models.directory import may_be_called
from hub.monitoring.late_copies import copied
from hub.monitoring.late_papers import late_orders
from hub.monitoring.machines import ending, probed, silent
from hub.monitoring.stuck import stuck
from hub.monitoring.untaken import nobody_took
from hub.monitoring.waiting_for_people import parked

Source = Callable[[Session, Directory, Limits, datetime], Iterable[Condition]]
TRIED_FOR = timedelta(days=4)
"""Longer than anything is tried for: what waits since before then waits for a webhook that is set no more."""
UNSENT = "MAIL_UNSENT"
"""The code of letters that wait though nothing refuses them: no mail server is set, or no worker sends."""


def conditions(session: Session, directory: Directory, limits: Limits, now: datetime) -> list[Condition]:
    """Everything that is wrong at `now`."""
    return [found for source in SOURCES for found in source(session, directory, limits, now)]


def _stuck(session: Session, directory: Directory, _: Limits, __: datetime) -> Iterator[Condition]:
    """By institution: a hundred legs that fail together are one thing to look at, and ten times as many are worse."""
    for row_id, count, oldest in stuck(session):
        details: Figures = {"count": count, "since": oldest.isoformat()}
        yield Condition(Kind.STUCK_DELIVERY, _code(directory, row_id), len(str(count)) - 1, details)


def _old_queues(session: Session, directory: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """Of institutions that may be called and whose breaker is closed: the others are told of by their own names."""
    message, state = OutboundMessage, InstitutionState
    query = select(message.recipient_id, func.count(), func.min(message.created_at))
    query = query.outerjoin(state, state.entity_id == message.recipient_id).where(
        message.status == OutboundStatus.WAITING,
        message.kind == MessageKind.SOBRE,
        state.opened_at.is_(None),
        may_be_called(now),
    )
    late = query.group_by(message.recipient_id).having(func.min(_could_go_since(now)) <= now - limits.queue_age)
    for row_id, count, since in session.execute(late.order_by(message.recipient_id)):
        minutes = int((now - since).total_seconds() // 60)
        details: Figures = {"count": count, "since": since.isoformat(), "minutes": minutes}
        yield Condition(Kind.QUEUE_AGE, _code(directory, row_id), details=details)


def _could_go_since(now: datetime) -> ColumnElement[datetime]:
    """Since when a message could have left: not before its institution's window ended, nor before its breaker closed.

    The breaker's row keeps the last answer after a failure, and how long it was open in all: no message is excused for
    longer than that, so that an institution that fails now and then does not hide its queue.
    """
    message, state = OutboundMessage, InstitutionState
    lasted = func.make_interval(0, 0, 0, 0, 0, 0, state.open_seconds)
    recovered = func.least(state.last_success_at, message.created_at + lasted)
    let_go = case((state.maintenance_until <= now, state.maintenance_until))
    return func.greatest(message.created_at, let_go, recovered)


def _down(session: Session, directory: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """Not of those that were paused or announced a window: nobody calls them, so nobody knows."""
    query = select(InstitutionState).where(InstitutionState.opened_at <= now - limits.down_for, may_be_called(now))
    for state in session.scalars(query.order_by(InstitutionState.entity_id)):
        since = state.opened_at.isoformat() if state.opened_at else ""
        details: Figures = {"since": since, "failures": state.failures_in_a_row}
        yield Condition(Kind.INSTITUTION_DOWN, _code(directory, state.entity_id), details=details)


def _ledger(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    count, oldest = session.execute(select(func.count(), func.min(Unsealed.event_at))).one()
    if oldest is not None and oldest <= now - limits.ledger_late:
        yield Condition(Kind.LEDGER_NOT_SEALING, details={"count": count, "since": oldest.isoformat()})


def _late_mail(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """Letters that nobody tried, or that no server was there for. One that an address refuses is its own affair."""
    query = select(func.count(), func.min(OutboundMessage.created_at)).where(
        OutboundMessage.status == OutboundStatus.WAITING, OutboundMessage.kind == MessageKind.MAIL, nobody_took()
    )
    count, oldest = session.execute(query).one()
    if oldest is not None and oldest <= now - limits.mail_late:
        yield Condition(Kind.MAIL_FAILING, details={"count": count, "since": oldest.isoformat(), "code": UNSENT})


def _hooks(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """Posts that the operators' webhook did not take for long, or refused for good within a day."""
    message = OutboundMessage
    figures = select(func.count(), func.min(message.created_at), func.max(message.last_code))
    hooks = figures.where(message.kind == MessageKind.WEBHOOK)
    late = hooks.where(
        message.status == OutboundStatus.WAITING, message.attempts > 0,
        message.created_at.between(now - TRIED_FOR, now - limits.mail_late),
    )  # fmt: skip
    refused = hooks.where(message.status == OutboundStatus.DEAD, message.created_at > now - timedelta(days=1))
    for query in (late, refused):
        count, since, code = session.execute(query).one()
        if count:
            details: Figures = {"count": count, "since": since.isoformat(), "code": code}
            yield Condition(Kind.WEBHOOK_FAILING, details=details)


def _papers(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """Papers, and apart from them what nobody waits for: readings of signatures."""
    for late in late_orders(session, now - limits.papers_late):
        minutes = int((now - late.oldest).total_seconds() // 60)
        details: Figures = {
            "count": late.count, "since": late.oldest.isoformat(), "minutes": minutes, "code": late.code
        }  # fmt: skip
        yield Condition(Kind.PAPERS_NOT_MADE, READINGS if late.is_reading else "", details=details)


def _certificates(session: Session, directory: Directory, _: Limits, now: datetime) -> Iterator[Condition]:
    """Of the institutions: the one of each that ends last, for a successor that is in place is no trouble."""
    for entity in directory.active(now.date()):
        good = [one.valid_until for one in entity.certificates if one.revoked_at is None]
        if good:
            yield from ending(entity.code, max(good), now)


def _differences(session: Session, directory: Directory, _: Limits, __: datetime) -> Iterator[Condition]:
    """By institution, what a comparison found and nobody explained."""
    query = select(Difference.entity_id, func.count(), func.min(Difference.found_at))
    query = query.where(Difference.closed_at.is_(None), Difference.explained_at.is_(None))
    for row_id, count, since in session.execute(query.group_by(Difference.entity_id).order_by(Difference.entity_id)):
        details: Figures = {"count": count, "since": since.isoformat()}
        yield Condition(Kind.RECONCILIATION_DIFFERENCE, _code(directory, row_id), details=details)


def _code(directory: Directory, row_id: int | None) -> str:
    try:
        return directory.by_id(row_id or 0).code
    except NotFound:  # declared a moment ago: this process has not read it yet
        return str(row_id or "")


SOURCES: tuple[Source, ...] = (
    _stuck, _old_queues, _down, _ledger, _late_mail, _certificates, _hooks, _papers, probed, silent, _differences,
    parked, copied,
)  # fmt: skip
