"""Lapses: what was observed and not corrected in time counts as not presented (TUO 136.4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.observing import Closed, is_in_time
from hub.core.statuses import DeliveryStatus
from hub.events import tell
from hub.models import Filing, Observation
from hub.notices import tell_filer
from hub.observations import close, lock
from hub.paper_orders import NOT_PRESENTED, order_paper
from hub.routing import refresh_status

LAPSES_AFTER = timedelta(minutes=2)
"""The clock waits for what was complete in the last second and is still being written down."""


def lapsed_ids(session: Session, now: datetime, limit: int = 100) -> Sequence[int]:
    """The open observations whose term is over, oldest first."""
    over = Observation.closed_at.is_(None) & (Observation.correct_by < now - LAPSES_AFTER)
    return session.scalars(select(Observation.id).where(over).order_by(Observation.correct_by).limit(limit)).all()


def lapse(session: Session, observation_id: int, now: datetime) -> bool:
    """The term to correct is over: the filing counts as not presented, for good; flushed (TUO 136.4).

    Its documents are given back to who comes for them, the fee is refunded, and a paper says so. False where it was
    corrected, taken or given more time in the meantime: the row is locked, so that whoever was complete in time wins.
    """
    observation = session.get_one(Observation, observation_id)
    leg = lock(session, observation)
    limit = observation.correct_by
    if observation.closed_at is not None or limit is None or is_in_time(now - LAPSES_AFTER, limit):
        return False
    filing = session.get_one(Filing, observation.filing_id)
    if leg is not None:
        leg.advance(DeliveryStatus.LAPSED)
    close(observation, Closed.LAPSED, now)
    refund = bool((filing.procedure or {}).get("fee_cents"))
    tell(session, filing, "lapsed", now, delivery=leg, observation=observation.id, is_fee_refunded=refund)
    order_paper(session, NOT_PRESENTED, filing.id, now)
    refresh_status(session, filing, leg)
    tell_filer(session, filing, "lapsed", f"lapsed:{observation.id}", now)
    return True
