"""How each figure is measured: one function a subject, each giving (name, labels, value)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.core.statuses import DeliveryStatus, InboundStatus, MessageKind, OutboundStatus
from hub.models import (
    Batch,
    Comparison,
    Delivery,
    Difference,
    InboundMessage,
    InstitutionState,
    NumberSeries,
    OperatorAlert,
    OutboundMessage,
    PaperOrder,
    StampTrouble,
    Unsealed,
)
from hub.monitoring.beats import beats
from hub.monitoring.measured_copies import Measure, replicas, rounds
from hub.monitoring.probes import recent
from hub.monitoring.stuck import stuck
from hub.monitoring.untaken import nobody_took
from hub.registers import ENTRY_SERIES

OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED, DeliveryStatus.OBSERVED)
LETTERS = (MessageKind.MAIL, MessageKind.SMS, MessageKind.WEBHOOK)
ALIVE_FOR = timedelta(minutes=2)


def _codes(directory: Directory) -> dict[int, str]:
    return {one.id: one.code for one in directory.entities}


def _seconds(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def legs(session: Session, directory: Directory, _: datetime) -> Iterator[Measure]:
    codes = _codes(directory)
    query = select(Delivery.destination_id, Delivery.status, func.count()).where(Delivery.status.in_(OPEN))
    for row_id, status, count in session.execute(query.group_by(Delivery.destination_id, Delivery.status)):
        yield "mesa_deliveries", {"institution": codes.get(row_id, ""), "status": status.value}, count
    for row_id, count, _since in stuck(session):
        yield "mesa_deliveries_stuck", {"institution": codes.get(row_id, "")}, count


def queues(session: Session, directory: Directory, now: datetime) -> Iterator[Measure]:
    """Of every institution, also where nothing waits, so that a queue that is gone is seen to be gone."""
    message = OutboundMessage
    query = select(message.recipient_id, func.count(), func.min(message.created_at))
    query = query.where(message.status == OutboundStatus.WAITING, message.recipient_id.is_not(None))
    found = {row_id: (count, oldest) for row_id, count, oldest in session.execute(query.group_by(message.recipient_id))}
    for row_id, code in _codes(directory).items():
        count, oldest = found.get(row_id, (0, None))
        yield "mesa_queue_messages", {"institution": code}, count
        yield "mesa_queue_oldest_seconds", {"institution": code}, _seconds(oldest, now)


def letters(session: Session, _: Directory, now: datetime) -> Iterator[Measure]:
    message = OutboundMessage
    query = select(message.kind, func.count(), func.min(message.created_at).filter(nobody_took()))
    query = query.where(message.status == OutboundStatus.WAITING, message.kind.in_(LETTERS)).group_by(message.kind)
    found = {kind: (count, oldest) for kind, count, oldest in session.execute(query)}
    for kind in LETTERS:
        count, oldest = found.get(kind, (0, None))
        yield "mesa_letters_waiting", {"kind": kind.value}, count
        yield "mesa_letters_oldest_seconds", {"kind": kind.value}, _seconds(oldest, now)
    dead = select(message.kind, func.count()).where(message.status == OutboundStatus.DEAD).group_by(message.kind)
    for kind, count in session.execute(dead):
        yield "mesa_messages_dead", {"kind": kind.value}, count


def institutions(session: Session, directory: Directory, now: datetime) -> Iterator[Measure]:
    codes = _codes(directory)
    for state in session.scalars(select(InstitutionState).where(InstitutionState.entity_id.in_(codes))):
        labels = {"institution": codes[state.entity_id]}
        yield "mesa_institution_up", labels, state.opened_at is None
        yield "mesa_institution_paused", labels, state.is_held(now)
        yield "mesa_institution_failures_in_a_row", labels, state.failures_in_a_row
        if state.last_success_at:
            name = "mesa_institution_recovered_timestamp_seconds"
            yield name, labels, state.last_success_at.timestamp()


def certificates(session: Session, directory: Directory, now: datetime) -> Iterator[Measure]:
    name = "mesa_certificate_expiry_timestamp_seconds"
    for entity in directory.active(local_date(now)):
        for one in entity.certificates:
            if one.revoked_at is None:
                labels = {"owner": entity.code, "fingerprint": one.fingerprint[:16]}
                yield name, labels, one.valid_until.timestamp()


def registers(session: Session, directory: Directory, now: datetime) -> Iterator[Measure]:
    codes = _codes(directory)
    query = select(NumberSeries).where(NumberSeries.kind == ENTRY_SERIES, NumberSeries.year == local_date(now).year)
    for one in session.scalars(query):
        yield "mesa_entry_numbers", {"institution": codes.get(one.entity_id, "")}, one.last


def waiting(session: Session, _: Directory, now: datetime) -> Iterator[Measure]:
    parked = select(func.count()).where(InboundMessage.status == InboundStatus.PARKED)
    yield "mesa_parked_messages", {}, session.scalar(parked) or 0
    orders = select(func.count(), func.min(PaperOrder.ordered_at)).where(PaperOrder.done_at.is_(None))
    count, oldest = session.execute(orders).one()
    yield "mesa_papers_waiting", {}, count
    yield "mesa_papers_oldest_seconds", {}, _seconds(oldest, now)


def ledger(session: Session, _: Directory, now: datetime) -> Iterator[Measure]:
    count, oldest = session.execute(select(func.count(), func.min(Unsealed.event_at))).one()
    yield "mesa_ledger_unsealed", {}, count
    yield "mesa_ledger_unsealed_oldest_seconds", {}, _seconds(oldest, now)
    newest = session.execute(select(Batch.id, Batch.sealed_at).order_by(Batch.id.desc()).limit(1)).first()
    yield "mesa_ledger_batches", {}, newest.id if newest else 0
    if newest:
        yield "mesa_ledger_last_sealed_timestamp_seconds", {}, newest.sealed_at.timestamp()
    trouble = session.scalar(select(StampTrouble.failing_since).limit(1))
    yield "mesa_ledger_stamp_failing", {}, trouble is not None


def probed(session: Session, _: Directory, now: datetime) -> Iterator[Measure]:
    for probe in recent(session, now):
        what, _colon, which = probe.name.partition(":")
        labels = {"host": probe.host, "probe": what, "place": which}
        yield "mesa_probe_up", labels, not probe.code
        yield "mesa_probe_last_timestamp_seconds", labels, probe.tried_at.timestamp()
        if what == "disk" and probe.measured.get("total"):
            where = {"host": probe.host, "place": which}
            yield "mesa_disk_free_bytes", where, probe.measured["free"]
            yield "mesa_disk_free_ratio", where, probe.measured["free"] / probe.measured["total"]
        if what == "certificate" and "until" in probe.measured:
            ends_at = datetime.fromisoformat(probe.measured["until"])
            labels = {"owner": f"{probe.host}:{which}", "fingerprint": ""}
            yield "mesa_certificate_expiry_timestamp_seconds", labels, ends_at.timestamp()


def workers(session: Session, _: Directory, now: datetime) -> Iterator[Measure]:
    known = beats(session)
    yield "mesa_workers", {}, sum(one.beat_at > now - ALIVE_FOR for one in known)
    for one in known:
        yield "mesa_worker_last_beat_timestamp_seconds", {"worker": one.worker}, one.beat_at.timestamp()


def alerts(session: Session, _: Directory, __: datetime) -> Iterator[Measure]:
    query = select(OperatorAlert.kind, func.count()).where(OperatorAlert.closed_at.is_(None))
    for kind, count in session.execute(query.group_by(OperatorAlert.kind)):
        yield "mesa_operator_alerts", {"kind": kind}, count


def reconciliation(session: Session, directory: Directory, _: datetime) -> Iterator[Measure]:
    """Of every institution that was ever compared, also where nothing differs."""
    codes = _codes(directory)
    waiting = (Difference.closed_at.is_(None), Difference.explained_at.is_(None))
    counted = select(Difference.entity_id, func.count()).where(*waiting).group_by(Difference.entity_id)
    differ: dict[int, int] = dict(iter(session.execute(counted)))
    whole = (Comparison.finished_at.is_not(None), Comparison.code == "")
    newest = select(Comparison.entity_id, func.max(Comparison.finished_at)).where(*whole)
    for row_id, at in session.execute(newest.group_by(Comparison.entity_id)):
        labels = {"institution": codes.get(row_id, "")}
        yield "mesa_reconciliation_differences", labels, differ.pop(row_id, 0)
        yield "mesa_reconciliation_last_timestamp_seconds", labels, at.timestamp() if at else 0
    for row_id, count in differ.items():
        yield "mesa_reconciliation_differences", {"institution": codes.get(row_id, "")}, count


ALL = (
    legs, queues, letters, institutions, certificates, registers, waiting, ledger, probed, workers, replicas,
    rounds, reconciliation, alerts,
)  # fmt: skip
