"""Re-routing: a leg that its destination refused, or that never got there, goes to the body that is competent.

TUO 141.1: who is not competent sends it to who is, and tells the citizen. The chain of legs is kept.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.calendar import local_date
from hub.core.destinations import MOST_LEGS
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import Forbidden, NeedsConfirmation, NeedsReason
from hub.core.statuses import Author, DeliveryStatus, MessageKind, Mode, RefusalReason
from hub.events import tell
from hub.forwarding import void_cargos
from hub.models import Attempt, Delivery, Event, OutboundMessage
from hub.models.outbound import tried_for
from hub.notices import tell_filer
from hub.routing import lock_leg, open_following_leg, refresh_status, revoke_link, void_unsent

_FROM = frozenset({DeliveryStatus.REFUSED, DeliveryStatus.FAILED, DeliveryStatus.QUEUED})


@dataclass(frozen=True)
class Why:
    """Why it goes elsewhere: a reason of the closed list, and always a text, which the filer reads."""

    reason: RefusalReason
    text: str


@dataclass(frozen=True)
class Person:
    """Whose act it is: their account and in what capacity."""

    said_by: str
    author: Author = Author.ADMIN


def reroute(
    session: Session,
    directory: Directory,
    cuo: str,
    to_code: str,
    why: Why,
    by: Person,
    now: datetime,
    *,
    is_confirmed: bool = False,
) -> Delivery | None:
    """Send a filing to another body by a new leg that carries everything; flushed, not committed (TUO 141.1).

    The new leg is always a remittance: its term counts from when that body has it. The filer is told the same day,
    with the reason. A body that left is replaced by its successor. None where this would be one leg too many: the
    event `loop_stopped` is written, the leg stays as it is, and the sector's administration must confirm.
    Raises NeedsReason, Forbidden (NOT_REROUTABLE, SAME_DESTINATION, DESTINATION_LEFT), NeedsConfirmation where the
    paper may be in the hands of the body it was sent to, or of another.
    """
    check_reason(why)
    leg = lock_leg(session, cuo)
    if leg is None or not can_be_rerouted(session, leg):
        raise Forbidden(cuo, code="NOT_REROUTABLE")
    destination = successor_of(directory, to_code, now)
    if destination.id == leg.destination_id:
        raise Forbidden(to_code, code="SAME_DESTINATION")
    if needs_confirmation(session, leg) and not is_confirmed:
        raise NeedsConfirmation(cuo)
    is_loop = is_one_too_many(session, leg.filing_id)
    if is_loop and not (is_confirmed and by.author is Author.ADMIN):
        _stop_loop(session, leg, destination, by, now)
        return None
    return _follow(session, directory, leg, destination, why, by, now, is_confirmed=is_confirmed)


def check_reason(why: Why) -> None:
    """A reason of the closed list is not enough: it must be explained. Raises NeedsReason (TUO 141.1; TUO 3.4)."""
    if not why.text.strip():
        raise NeedsReason()


def successor_of(directory: Directory, code: str, now: datetime) -> EntityRecord:
    """The body, or who answers for it since it left. Raises NotFound; Forbidden DESTINATION_LEFT for nobody."""
    heir = directory.heir(code, local_date(now))
    if heir is None:
        raise Forbidden(code, code="DESTINATION_LEFT")
    return heir


def needs_confirmation(session: Session, leg: Delivery) -> bool:
    """The paper may be in its destination's hands, and it neither refused it nor says it has nothing.

    What it said before a restore says nothing of the hours that the restore lost; and what was open then and is
    refused may have been sent on in those hours, to a body that nobody here knows of.
    """
    if leg.status is DeliveryStatus.REFUSED:
        return leg.restored_at is not None
    if not leg.may_be_there:
        return False
    answers = select(Attempt.outcome).join(OutboundMessage, OutboundMessage.id == Attempt.message_id)
    answers = answers.where(OutboundMessage.delivery_id == leg.id, OutboundMessage.kind == MessageKind.SOBRE)
    answers = answers.where(tried_for(leg))
    if leg.restored_at is not None:
        answers = answers.where(Attempt.started_at > leg.restored_at)
    last = session.scalar(answers.order_by(Attempt.id.desc()).limit(1))
    return last != "has_not"


def is_one_too_many(session: Session, filing_id: int) -> bool:
    """True where a filing was re-routed as often as it may be without a person's decision."""
    rerouted = select(func.count(Delivery.id)).where(Delivery.filing_id == filing_id, Delivery.purpose == "rerouted")
    return (session.scalar(rerouted) or 0) >= MOST_LEGS


def can_be_rerouted(session: Session, leg: Delivery) -> bool:
    """Refused, stopped or waiting, not withdrawn, and nothing follows it."""
    return leg.status in _FROM and leg.filing.withdrawn_at is None and not _is_followed(session, leg)


def _is_followed(session: Session, leg: Delivery) -> bool:
    later = select(Delivery.id).where(Delivery.filing_id == leg.filing_id, Delivery.id > leg.id)
    return session.scalar(later.limit(1)) is not None


def _stop_loop(session: Session, leg: Delivery, destination: EntityRecord, by: Person, now: datetime) -> None:
    """Write down, once a leg, that it was not sent on."""
    known = select(Event.id).where(Event.delivery_id == leg.id, Event.kind == "loop_stopped")
    if session.scalar(known.where(Event.filing_id == leg.filing_id).limit(1)) is None:
        tell(
            session, leg.filing, "loop_stopped", now,
            author=by.author, said_by=by.said_by, delivery=leg, destination=destination.code, legs=MOST_LEGS,
        )  # fmt: skip


def _follow(
    session: Session,
    directory: Directory,
    leg: Delivery,
    destination: EntityRecord,
    why: Why,
    by: Person,
    now: datetime,
    *,
    is_confirmed: bool,
) -> Delivery:
    """Close the leg and open the next; the events name who, why and that it was confirmed."""
    was = leg.status
    void_unsent(session, leg, now)
    void_cargos(session, leg, now)
    revoke_link(session, leg, now)
    leg.advance(DeliveryStatus.CANCELLED if was is DeliveryStatus.QUEUED else DeliveryStatus.REROUTED)
    session.flush()
    tell(
        session, leg.filing, "rerouted", now,
        author=by.author, said_by=by.said_by, delivery=leg,
        reason=why.reason.value, destination=destination.code, was=was.value, is_confirmed=is_confirmed,
    )  # fmt: skip
    following = open_following_leg(
        session, directory, leg, "rerouted", now,
        destination=destination, mode=Mode.REMITTANCE, opened_because=why.text.strip(), answers=leg.answers,
    )  # fmt: skip
    refresh_status(session, leg.filing)
    tell_filer(session, leg.filing, "rerouted", f"rerouted:{following.cuo}", now)
    return following
