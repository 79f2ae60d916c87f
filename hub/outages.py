"""Outages: when filing did not work. Public; what citizens had to do on such a day is extended (TUO 145.2)."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import trail
from hub.core.directory import Directory
from hub.core.errors import Forbidden, NeedsReason, NotFound
from hub.core.identifiers import verification_code
from hub.models import Outage
from hub.papers.outage import OutageFacts
from hub.recounting import Cause, recount_observations

_REASON_LENGTH = 500


def open_outage(
    session: Session, directory: Directory, started_at: datetime, reason: str, by: str, now: datetime
) -> Outage:
    """Write down that filing does not work since `started_at`; flushed. Only one is open at a time.

    Corrections whose last day it touches are extended at once, and while it lasts by `extend`. Raises NeedsReason
    where nobody says what is told to everybody, Forbidden for an instant ahead or while another is open.
    """
    if not reason.strip():
        raise NeedsReason()
    if started_at > now:
        raise Forbidden(started_at.isoformat(), code="OUTAGE_AHEAD")
    if session.scalar(select(Outage.id).where(Outage.ended_at.is_(None)).with_for_update()) is not None:
        raise Forbidden(code="OUTAGE_OPEN")
    row = Outage(
        started_at=started_at,
        reason=reason.strip()[:_REASON_LENGTH],
        recorded_at=now,
        recorded_by=by,
        verification_code=verification_code(secrets.token_bytes(10)),
    )
    session.add(row)
    trail.note(session, "outage_opened", now, actor_id=trail.who(session, by), number=row.verification_code)
    session.flush()
    extend(session, directory, row, now)
    return row


def close_outage(
    session: Session, directory: Directory, code: str, ended_at: datetime, by: str, now: datetime
) -> Outage:
    """Filing works again since `ended_at`.

    Raises NotFound, and Forbidden for an end that is before its beginning or ahead, and for one closed already.
    """
    row = session.scalar(select(Outage).where(Outage.verification_code == code).with_for_update())
    if row is None:
        raise NotFound(code, code="OUTAGE_UNKNOWN")
    if row.ended_at is not None:
        raise Forbidden(code, code="OUTAGE_CLOSED")
    if not row.started_at < ended_at <= now:
        raise Forbidden(ended_at.isoformat(), code="OUTAGE_END")
    row.ended_at, row.ended_by = ended_at, by
    trail.note(session, "outage_closed", now, actor_id=trail.who(session, by), number=code)
    session.flush()
    extend(session, directory, row, now)
    return row


def extend(session: Session, directory: Directory, row: Outage, now: datetime) -> int:
    """Extend the awaited corrections whose last day fell in an outage to the first business day after (TUO 145.2).

    Gives how many; again, none.
    """
    return recount_observations(session, directory, Cause(outage=row.verification_code), now)


def extend_running(session: Session, directory: Directory, now: datetime) -> int:
    """The round of the clock: what the outage that lasts goes on extending."""
    running = session.scalar(select(Outage).where(Outage.ended_at.is_(None)))
    return extend(session, directory, running, now) if running is not None else 0


def listed(session: Session, limit: int = 100) -> Sequence[Outage]:
    """The newest outages first."""
    return session.scalars(select(Outage).order_by(Outage.started_at.desc(), Outage.id.desc()).limit(limit)).all()


def running(session: Session) -> Outage | None:
    """The outage that lasts, if one does."""
    return session.scalar(select(Outage).where(Outage.ended_at.is_(None)))


def by_code(session: Session, code: str) -> Outage:
    """The outage of a verification code. Raises NotFound."""
    row = session.scalar(select(Outage).where(Outage.verification_code == code.strip().upper()))
    if row is None:
        raise NotFound(code, code="OUTAGE_UNKNOWN")
    return row


def facts(directory: Directory, row: Outage, public_url: str, now: datetime) -> OutageFacts:
    """What its constancia says. Raises Forbidden while it lasts: only what is over is certified."""
    if row.ended_at is None:
        raise Forbidden(row.verification_code, code="OUTAGE_RUNNING")
    operator = directory.operator
    return OutageFacts(
        code=row.verification_code,
        operator=operator.name,
        operator_ruc=operator.ruc,
        started_at=row.started_at,
        ended_at=row.ended_at,
        reason=row.reason,
        days=tuple(sorted(row.touches(now))),
        recorded_at=row.recorded_at,
        url=f"{public_url}/estado-del-servicio/{row.verification_code}",
    )
