"""Cargos: apply what a destination says about a leg, once; what the table does not allow is the caller's to park."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from hub import casilla, forwarding, told_back
from hub.core.directory import Directory
from hub.core.errors import ContractError, ForbiddenStep
from hub.core.observing import Closed, is_in_time
from hub.core.ports import News, NewsKind
from hub.core.statuses import DELIVERY_STEPS, NEWS, Author, DeliveryStatus, Movement
from hub.events import tell
from hub.models import Delivery, Event, Filing, Observation
from hub.notices import tell_filer
from hub.observations import Asked, close_of_leg, observe_leg, told
from hub.outcomes import start_clock
from hub.paper_orders import order_cargo
from hub.routing import lock_leg, refresh_status, void_unsent

TARGETS = {
    NewsKind.HELD: DeliveryStatus.SENT,
    NewsKind.REGISTERED: DeliveryStatus.REGISTERED,
    NewsKind.OBSERVED: DeliveryStatus.OBSERVED,
    NewsKind.REFUSED: DeliveryStatus.REFUSED,
}
_BEYOND_SENT = frozenset(DeliveryStatus) - {
    DeliveryStatus.QUEUED,
    DeliveryStatus.SENDING,
    DeliveryStatus.FAILED,
    DeliveryStatus.CANCELLED,
}
_MAY_BE_UNSENT = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED})
_SAID = ("registered", "observed", "refused")


@dataclass(frozen=True)
class Applied:
    """What applying news did: `changed` is False for news said before."""

    delivery: Delivery
    changed: bool


@dataclass(frozen=True)
class KnownLeg:
    """What tells whether a message is about a leg of its sender's."""

    id: int
    destination_id: int
    filing_number: str


_LEG = (
    select(Delivery.id, Delivery.destination_id, Filing.filing_number)
    .join(Filing, Filing.id == Delivery.filing_id)
    .where(Delivery.cuo == bindparam("cuo"))
)


def check_sender(session: Session, directory: Directory, news: News) -> KnownLeg:
    """The leg the news is about. Raises ContractError CUO_UNKNOWN or NOT_THE_DESTINATION."""
    found = session.execute(_LEG, {"cuo": news.cuo}).first()
    leg = KnownLeg(*found) if found else None
    _check_destination(leg, directory, news)
    return cast(KnownLeg, leg)


def _check_destination(leg: KnownLeg | Delivery | None, directory: Directory, news: News) -> None:
    message_id = str(news.message_id) if news.message_id else None
    if leg is None:
        raise ContractError("CUO_UNKNOWN", news.cuo, message_id=message_id)
    if directory.by_id(leg.destination_id).ruc != news.said_by_ruc:
        raise ContractError("NOT_THE_DESTINATION", news.cuo, message_id=message_id)


def apply(
    session: Session,
    directory: Directory,
    news: News,
    now: datetime,
    *,
    raw_digest: str = "",
    author: Author = Author.DESTINATION,
    said_by: str = "",
    leg: Delivery | None = None,
) -> Applied:
    """Apply news to its leg; flushed, not committed. Said twice it changes nothing.

    Raises ForbiddenStep where the table of steps does not allow it (the caller parks it) and ContractError for
    a stranger's news. `leg` is given by who has locked it already.
    """
    delivery = leg or lock_leg(session, news.cuo)
    _check_destination(delivery, directory, news)
    delivery = cast(Delivery, delivery)
    teller = _Teller(session, directory, delivery, news, now, raw_digest, author, said_by or _code(directory, news))
    if news.kind is NewsKind.MOVEMENT:
        changed = _move(teller)
    else:
        changed = _step(teller, TARGETS[news.kind])
    if changed or news.kind is NewsKind.HELD:
        body = directory.by_ruc(news.said_by_ruc)
        start_clock(delivery, _had_it_at(news, now), body.remittance_policy, directory.calendar(body.code))
    if changed:
        refresh_status(session, delivery.filing, delivery)
        _tell_filer(session, delivery, news, now)
        told_back.tell_sender(session, delivery.filing, delivery.cuo, news, now)
    return Applied(delivery, changed)


def _had_it_at(news: News, now: datetime) -> datetime:
    """The instant of its Acuse, its cargo's registration, or our receipt of what else it says."""
    return now if news.kind is NewsKind.MOVEMENT else min(news.happened_at, now)


def _code(directory: Directory, news: News) -> str:
    return directory.by_ruc(news.said_by_ruc).code


@dataclass(frozen=True)
class _Teller:
    """Everything that writing down one piece of news needs."""

    session: Session
    directory: Directory
    delivery: Delivery
    news: News
    now: datetime
    raw_digest: str
    author: Author
    said_by: str

    def tell(self, kind: str, **data: object) -> None:
        tell(
            self.session,
            self.delivery.filing,
            kind,
            self.now,
            author=self.author,
            said_by=self.said_by,
            delivery=self.delivery,
            happened_at=self.news.happened_at,
            raw_digest=self.raw_digest,
            **data,
        )


def _step(teller: _Teller, target: DeliveryStatus) -> bool:
    delivery, news = teller.delivery, teller.news
    if target is DeliveryStatus.SENT and delivery.status in _BEYOND_SENT:
        delivery.sent_at = delivery.sent_at or news.happened_at
        return False
    if target is not delivery.status and _is_overtaken(teller):
        if target is not DeliveryStatus.REGISTERED:
            raise ForbiddenStep(delivery.status, target)
        _write_registered(teller)  # its number counts; its status was left behind
        return True
    if target is delivery.status:
        return False
    _check_conditions(teller, target)
    if target is DeliveryStatus.SENT:
        delivery.sent_at = delivery.sent_at or news.happened_at
    _WRITE[target](teller)
    if delivery.status in _MAY_BE_UNSENT:
        void_unsent(teller.session, delivery, teller.now)
    if delivery.status is DeliveryStatus.OBSERVED:
        close_of_leg(teller.session, teller.directory, delivery, _ENDS[target], teller.now)
    changed = delivery.advance(target)
    forwarding.tell_sender(teller.session, teller.directory, delivery, teller.now)
    return changed


def _is_overtaken(teller: _Teller) -> bool:
    """True where its destination said something later about the leg. Only signed messages tell instants that exact."""
    delivery, news = teller.delivery, teller.news
    if news.message_id is None or delivery.status not in NEWS:
        return False
    said = select(func.max(Event.happened_at)).where(Event.delivery_id == delivery.id, Event.kind.in_(_SAID))
    latest = teller.session.scalar(said.where(Event.filing_id == delivery.filing_id))
    return latest is not None and news.happened_at < latest


def _check_conditions(teller: _Teller, target: DeliveryStatus) -> None:
    """What the table of steps does not allow, or only under a condition."""
    delivery, session = teller.delivery, teller.session
    if target not in DELIVERY_STEPS[delivery.status]:
        raise ForbiddenStep(delivery.status, target)
    if delivery.status is DeliveryStatus.REFUSED and target in (DeliveryStatus.REGISTERED, DeliveryStatus.OBSERVED):
        later = select(Delivery.id).where(Delivery.filing_id == delivery.filing_id, Delivery.id > delivery.id)
        if session.scalar(later.limit(1)) is not None:
            raise ForbiddenStep(delivery.status, target)
    if delivery.status is DeliveryStatus.LAPSED and target is DeliveryStatus.REGISTERED:
        lapsed = select(Observation).where(Observation.delivery_id == delivery.id)
        observation = session.scalar(lapsed.order_by(Observation.id.desc()).limit(1))
        limit = observation.correct_by if observation else None
        if observation is None or limit is None or not is_in_time(teller.news.happened_at, limit):
            raise ForbiddenStep(delivery.status, target)
        observation.closed_as = Closed.ACCEPTED.value


def _write_sent(teller: _Teller) -> None:
    teller.tell("sent")


def _write_registered(teller: _Teller) -> None:
    delivery, news = teller.delivery, teller.news
    delivery.registered_at = news.happened_at
    delivery.destination_registry_number = news.registry_number[:14]
    delivery.destination_registry_year = news.registry_year[:4]
    delivery.expediente_number = news.expediente_number[:40]
    delivery.unit = news.unit[:250]
    delivery.official = news.official[:150]
    teller.tell(
        "registered",
        registry_number=news.registry_number,
        registry_year=news.registry_year,
        expediente_number=news.expediente_number,
        unit=news.unit,
    )
    order_cargo(teller.session, delivery.filing_id, delivery.id, teller.now)


def _write_observed(teller: _Teller) -> None:
    """Before the step is taken: its status says which stage observes. Raises ForbiddenStep for a second one."""
    news = teller.news
    items = news.items or ((news.text,) if news.text else ())
    asked = Asked(items, news.text)
    observation = observe_leg(teller.session, teller.directory, teller.delivery, asked, news.happened_at)
    teller.tell("observed", **told(observation, teller.delivery.filing.salt))
    teller.session.flush()
    filing, delivery = teller.delivery.filing, teller.delivery
    casilla.deposit(teller.session, teller.directory, filing, teller.now, leg=delivery, observation=observation)


def _write_refused(teller: _Teller) -> None:
    delivery, news = teller.delivery, teller.news
    delivery.refusal_reason = news.reason
    delivery.refusal_text = news.text
    delivery.right_body_ruc = news.right_body_ruc
    teller.tell("refused", reason=news.reason.value if news.reason else "", right_body=news.right_body_ruc)


_ENDS = {DeliveryStatus.REGISTERED: Closed.ACCEPTED, DeliveryStatus.REFUSED: Closed.REFUSED}
"""What news ends an observation, and as what."""
_WRITE = {
    DeliveryStatus.SENT: _write_sent,
    DeliveryStatus.REGISTERED: _write_registered,
    DeliveryStatus.OBSERVED: _write_observed,
    DeliveryStatus.REFUSED: _write_refused,
}


def _move(teller: _Teller) -> bool:
    """A movement inside the destination is a line of the timeline; the newest by its own time counts for the status."""
    delivery, news = teller.delivery, teller.news
    movement = news.movement or Movement.IN_PROCESS
    unit = news.unit[:250] or delivery.unit
    if (delivery.movement, delivery.movement_at, delivery.unit) == (movement, news.happened_at, unit):
        return False
    if delivery.movement_at is None or news.happened_at >= delivery.movement_at:
        delivery.movement, delivery.movement_at = movement, news.happened_at
        delivery.unit = unit
        if movement in (Movement.CLOSED, Movement.WITHDRAWN):
            delivery.next_ask_at = None
    teller.tell("movement", movement=movement.value, unit=news.unit, text=news.text)
    return True


def _tell_filer(session: Session, delivery: Delivery, news: News, now: datetime) -> None:
    """A courtesy notice. An observation is notified in the casilla, with its own alerts."""
    if news.kind in (NewsKind.REGISTERED, NewsKind.REFUSED):
        tell_filer(session, delivery.filing, news.kind.value, f"{news.kind.value}:{delivery.cuo}", now)
