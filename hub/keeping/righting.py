"""What a restored hub must not do again: what happened in the hours that are gone is known outside."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, aliased

from hub.core.bodies import AdapterKind
from hub.core.statuses import DeliveryStatus, MessageKind, OutboundStatus
from hub.events import tell
from hub.models import Delivery, OutboundMessage
from hub.routing import refresh_status

SKIPPED = 10_000
"""Numbers of filings and CUO that are left out after a restore: those of the hours that are gone were given already."""
UNNUMBERED = "RESTORED_UNNUMBERED"
_LAST = text("select last_value from pg_sequences where sequencename = :name and schemaname = current_schema()")
_OPEN = (
    DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED,  # it may be there
    DeliveryStatus.SENT, DeliveryStatus.OBSERVED, DeliveryStatus.REFUSED,  # it may have been sent on to another body
)  # fmt: skip
_ASK_FIRST = text("""
    update outbound_messages set must_ask = true where kind = 'sobre' and status in ('waiting', 'claimed', 'dead')
    returning status
""")


@dataclass(frozen=True)
class Righted:
    """How many messages go by themselves, each asked about before; the CUO of those that now wait for a person."""

    asked: int
    aside: tuple[str, ...]


def set_right(session: Session, now: datetime) -> Righted:
    """What is gone was known outside: its numbers are given to nobody else, and what waits is asked about first.

    An institution may have taken it in the hours that are gone, so that no person sends it again or elsewhere, or
    takes it back, as if nobody had it; and what it refused may have been sent on. Flushed, not committed.
    """
    for name, most in (("cuo_seq", 9_999_999_999), ("filing_number_seq", 9_999_999)):
        last = session.execute(_LAST, {"name": name}).scalar() or 1  # of one that was never used there is none
        session.execute(text("select setval(:name, :value)"), {"name": name, "value": min(last + SKIPPED, most)})
    aside = tuple(_set_aside(session, now))
    later = aliased(Delivery)
    is_followed = select(later.id).where(later.filing_id == Delivery.filing_id, later.id > Delivery.id).exists()
    legs = update(Delivery).where(Delivery.status.in_(_OPEN), ~is_followed).values(restored_at=now)
    session.execute(legs.execution_options(synchronize_session=False))
    asked = session.execute(_ASK_FIRST).scalars().all()
    return Righted(sum(status != OutboundStatus.DEAD for status in asked), aside)


def _set_aside(session: Session, now: datetime) -> list[str]:
    """Legs by the national platform without its number: it may have one from the hours that are gone, under which
    nobody could ask. Another number would be another paper, so that a person asks the body first.
    """
    query = select(OutboundMessage, Delivery).join(Delivery, Delivery.id == OutboundMessage.delivery_id).where(
        OutboundMessage.kind == MessageKind.SOBRE,
        OutboundMessage.status.in_((OutboundStatus.WAITING, OutboundStatus.CLAIMED)),
        OutboundMessage.channel == AdapterKind.PIDE.value,
        Delivery.national_cuo == "",
    ).order_by(Delivery.id)  # fmt: skip
    found = session.execute(query.with_for_update(of=Delivery)).all()
    for message, leg in found:
        message.status, message.last_code = OutboundStatus.DEAD, UNNUMBERED
        if leg.advance(DeliveryStatus.FAILED):
            tell(session, leg.filing, "failed", now, delivery=leg, code=UNNUMBERED)
            refresh_status(session, leg.filing, leg)
    session.flush()
    return [leg.cuo for _, leg in found]
