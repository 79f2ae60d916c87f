"""Legs that stopped and that nobody took care of yet, by institution: what an alert and a figure both go by."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.statuses import DeliveryStatus
from hub.models import Delivery
from hub.undecided import undecided


def stuck(session: Session) -> Iterator[tuple[int, int, datetime]]:
    """(row of the institution, how many, when the oldest was made); those of filings that are over are left out."""
    query = select(Delivery.destination_id, func.count(), func.min(Delivery.created_at))
    waiting = query.where(Delivery.status == DeliveryStatus.FAILED, Delivery.id.in_(undecided()))
    yield from session.execute(waiting.group_by(Delivery.destination_id).order_by(Delivery.destination_id))
