"""Withdrawing: before it is handed over a filing is taken back at once; afterwards its withdrawal is another filing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.errors import Forbidden
from hub.core.observing import Closed
from hub.core.statuses import Author, DeliveryStatus
from hub.events import tell
from hub.models import Delivery, Filing
from hub.notices import tell_filer
from hub.observations import close, lock, open_of
from hub.routing import lock_leg, refresh_status, revoke_link, void_unsent

_STILL_OURS = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.FAILED})


def can_be_taken_back(filing: Filing, leg: Delivery | None) -> bool:
    """True while no institution has, or may have, the paper."""
    if filing.withdrawn_at is not None:
        return False
    return leg is None or (leg.status in _STILL_OURS and not leg.may_be_there)


def take_back(session: Session, filing: Filing, by: str, now: datetime) -> None:
    """The filer desists before anything was handed over: the leg is cancelled; flushed, not committed (TUO 200).

    Number, entry and events stay. Raises Forbidden HANDED_OVER where an institution may have it: then the
    desistimiento is a filing of its own, to that institution, that follows this one as `withdrawal`.
    """
    newest = select(Delivery.cuo).where(Delivery.filing_id == filing.id).order_by(Delivery.id.desc()).limit(1)
    cuo = session.scalar(newest)
    leg = lock_leg(session, cuo) if cuo else None
    if not can_be_taken_back(filing, leg):
        raise Forbidden(filing.filing_number, code="HANDED_OVER")
    observation = open_of(session, filing.id)
    if observation is not None:
        lock(session, observation)
        close(observation, Closed.WITHDRAWN, now)
    if leg is not None:
        void_unsent(session, leg, now)
        revoke_link(session, leg, now)
        leg.advance(DeliveryStatus.CANCELLED)
        tell(session, filing, "cancelled", now, author=Author.CLERK, said_by=by, delivery=leg)
    filing.withdrawn_at = now
    session.flush()
    tell(session, filing, "withdrawn", now, author=Author.CLERK, said_by=by)
    refresh_status(session, filing)
    tell_filer(session, filing, "withdrawn", f"withdrawn:{filing.filing_number}", now)
