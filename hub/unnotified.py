"""What reached nobody yet: the notices of the casilla that a person must take in hand, and why (TUO 20.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import Session, lazyload

from hub.casilla import calendar_of
from hub.core.calendar import Calendar, local_date
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import NotFound
from hub.core.statuses import OutboundStatus
from hub.models import Delivery, Filing, Notice, OutboundMessage
from hub.sight import Viewer, is_sector_wide, legs_visible_to, taken_at

RECEIPT_WITHIN: Final = 2
"""Business days in which a receipt must come; without one the cédula goes out (TUO 20.4)."""
LISTED = 200


class ByHand(StrEnum):
    """Why a person must notify by cédula."""

    NO_CONSENT = "no_consent"  # the filer authorised nothing: the casilla alone notifies nobody
    NO_ALERT = "no_alert"  # no gateway took an alert, and none is on its way
    NO_RECEIPT = "no_receipt"  # two business days without a receipt


@dataclass(frozen=True)
class Pending:
    """A notice that reached nobody yet, and why a person must take it in hand (empty: not yet)."""

    notice: Notice
    filing: Filing
    body: EntityRecord
    why: ByHand | None


def why_by_hand(notice: Notice, calendar: Calendar, today: date, *, is_alerting: bool) -> ByHand | None:
    """Why a notice must go by cédula; None while it need not (TUO 20.4). `is_alerting`: an alert is on its way."""
    if notice.notified_on is not None:
        return None
    if not notice.has_consent:
        return ByHand.NO_CONSENT
    if notice.alerted_at is None and not is_alerting:
        return ByHand.NO_ALERT
    if calendar.add_business_days(local_date(notice.deposited_at), RECEIPT_WITHIN) < today:
        return ByHand.NO_RECEIPT
    return None


def pending(session: Session, directory: Directory, viewer: Viewer, now: datetime) -> tuple[Pending, ...]:
    """The notices that a person may see and that reached nobody yet, the oldest first."""
    waiting = _seen_by(viewer).where(Notice.notified_on.is_(None)).order_by(Notice.id).limit(LISTED)
    rows = session.execute(waiting.add_columns(Filing, Delivery).options(lazyload(Delivery.filing))).unique().all()
    alerting, today = _alerting(session, [notice.id for notice, _, _ in rows]), local_date(now)
    return tuple(
        _pending(session, directory, notice, filing, leg, today, is_alerting=notice.id in alerting)
        for notice, filing, leg in rows
    )


def _pending(
    session: Session, directory: Directory, notice: Notice, filing: Filing, leg: Delivery | None, today: date, *,
    is_alerting: bool,
) -> Pending:
    body = directory.by_id(leg.destination_id if leg else filing.destination_id)
    why = why_by_hand(notice, calendar_of(session, directory, notice), today, is_alerting=is_alerting)
    return Pending(notice, filing, body, why)


def _alerting(session: Session, notice_ids: Collection[int]) -> frozenset[int | None]:
    """The notices that have an alert still on its way."""
    query = select(OutboundMessage.notice_id).where(
        OutboundMessage.notice_id.in_(notice_ids),
        OutboundMessage.status.in_((OutboundStatus.WAITING, OutboundStatus.CLAIMED)),
    )
    return frozenset(session.scalars(query))


def notice_for(session: Session, viewer: Viewer, notice_id: int) -> Notice:
    """A notice that a person may see. Raises NotFound for every other."""
    notice = session.scalar(_seen_by(viewer).where(Notice.id == notice_id))
    if notice is None:
        raise NotFound(str(notice_id), code="NOTICE_NOT_FOUND")
    return notice


def _seen_by(viewer: Viewer) -> Select[Notice]:
    """Notices of the legs that a person may see, and of what their own seat observed."""
    own_seat = true() if is_sector_wide(viewer) else taken_at(viewer)
    of_no_leg = and_(Notice.delivery_id.is_(None), own_seat)
    query = select(Notice).join(Filing, Filing.id == Notice.filing_id)
    return query.outerjoin(Delivery, Delivery.id == Notice.delivery_id).where(or_(legs_visible_to(viewer), of_no_leg))


def count_by_hand(session: Session, directory: Directory, viewer: Viewer, now: datetime) -> int:
    """How many a person must take in hand."""
    return sum(one.why is not None for one in pending(session, directory, viewer, now))
