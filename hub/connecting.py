"""Connecting: the report of an institution's system is kept, and the system is activated by it, or in writing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.bodies import EntityRecord
from hub.core.errors import Forbidden
from hub.entities.screen import publish
from hub.models import Activation, ConformanceReport


@dataclass(frozen=True)
class System:
    """The way to an institution's own system."""

    kind: str
    address: str = ""


def keep_report(
    session: Session, entity_id: int, content: dict[str, Any], jws: str, now: datetime
) -> ConformanceReport:
    """Keep a signed report; flushed. The directory shows the last one."""
    row = ConformanceReport(
        entity_id=entity_id, made_at=now, has_passed=bool(content["aprobado"]), report=content, jws=jws
    )
    session.add(row)
    session.flush()
    return row


def last_report(session: Session, entity_id: int) -> ConformanceReport | None:
    """The last report of an institution, whatever it says."""
    mine = select(ConformanceReport).where(ConformanceReport.entity_id == entity_id)
    return session.scalar(mine.order_by(ConformanceReport.id.desc()).limit(1))


def activate(
    session: Session, body: EntityRecord, system: System, *, by: str, reason: str, now: datetime
) -> Activation:
    """Send what is for a body to its own system from now on; flushed.

    Its last report must be good and about that system; else an administrator says in writing why not. Raises
    Forbidden CONFORMANCE_MISSING.
    """
    report = last_report(session, body.id)
    if report is not None and not _holds(report, system):
        report = None
    if report is None and not reason.strip():
        raise Forbidden(body.code, code="CONFORMANCE_MISSING")
    declared = {"kind": system.kind} | ({"address": system.address} if system.address else {})
    publish(session, body.code, {"adapter": {**declared, "options": dict(body.adapter.options)}}, now)
    row = Activation(
        entity_id=body.id, at=now, address=system.address, report_id=report.id if report else None, by=by,
        reason=reason.strip(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _holds(report: ConformanceReport, system: System) -> bool:
    said = (report.report["medio"], report.report["direccion"])
    return report.has_passed and said == (system.kind, system.address)
