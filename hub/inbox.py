"""The inbox: what reached a body without a system of its own, and what its officer says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, text
from sqlalchemy.orm import Session, selectinload

from hub import cargos, inbound, rerouting, trail
from hub.core.calendar import local_date
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import ContractError, ForbiddenStep, NotFound
from hub.core.ports import Has, HasNot, News, NewsKind
from hub.core.statuses import Author, DeliveryStatus
from hub.events import tell
from hub.fetching import Fetchable, document_of
from hub.inbound import ReadNews
from hub.models import Archived, Assignment, Delivery, Event, Filing
from hub.observations import observing_until
from hub.rerouting import Person, Why
from hub.routing import lock_leg
from hub.sight import Viewer, in_unit_of, sees_contents
from hub.tracking import PUBLIC_EVENTS

SHOWN = frozenset({
    DeliveryStatus.SENT, DeliveryStatus.REGISTERED, DeliveryStatus.OBSERVED, DeliveryStatus.CORRECTED,
    DeliveryStatus.LAPSED, DeliveryStatus.REFUSED,
})  # fmt: skip
"""Legs that are, or ended, in the body's hands; one that left again is no longer shown."""
ANSWERABLE = frozenset({DeliveryStatus.SENT, DeliveryStatus.OBSERVED})
LISTED = 30
"""Rows of one page of the list."""
SERIES, FILES = "registry", "expediente"
"""What the hub numbers for a body that lets it, each by year."""
INNER_EVENTS = PUBLIC_EVENTS | {"opened", "archived", "taken_up", "own_document", "quarantined", "sent_in"}
"""What its own people read of a leg, besides what its filer does."""

_NEXT = text("""
    insert into number_series (entity_id, kind, year, last) values (:entity, :kind, :year, 1)
    on conflict (entity_id, kind, year) do update set last = number_series.last + 1 returning last
""")


@dataclass(frozen=True)
class Wanted:
    """Which legs a list shows: of one status, of one unit, put away or not; all that is in its hands by default."""

    status: DeliveryStatus | None = None
    unit_id: int = 0
    is_archived: bool = False

    @property
    def condition(self) -> ColumnElement[bool]:
        """As a condition on Delivery."""
        put_away = exists().where(Archived.delivery_id == Delivery.id, Archived.at.is_not(None))
        wanted = [put_away if self.is_archived else ~put_away]
        if self.status is not None:
            wanted.append(Delivery.status == self.status)
        if self.unit_id:
            newest = select(Assignment.unit_id).where(Assignment.delivery_id == Delivery.id)
            wanted.append(newest.order_by(Assignment.id.desc()).limit(1).scalar_subquery() == self.unit_id)
        return and_(*wanted)


ALL = Wanted()


def legs(session: Session, viewer: Viewer, wanted: Wanted = ALL, page: int = 1) -> Sequence[Delivery]:
    """A page of the legs in a body's hands, oldest first."""
    return legs_and_last(session, viewer, wanted, page)[0]


def legs_and_last(session: Session, viewer: Viewer, wanted: Wanted, page: int) -> tuple[Sequence[Delivery], int]:
    """A page of them, what waits for its registration first, and the last page that is known: the next if there is one.

    Nothing is counted: an inbox may be long.
    """
    ids = select(Delivery.id).where(_in_hands_of(viewer), wanted.condition)
    turn = (case((Delivery.status == DeliveryStatus.SENT, 0), else_=1), Delivery.id + 0)
    ids = ids.order_by(*turn)  # sorted, not walked by the index of every body's legs, old ones put away first
    shown = ids.limit(LISTED + 1).offset(LISTED * (page - 1))
    found = session.scalars(select(Delivery).where(Delivery.id.in_(shown)).order_by(*turn)).all()
    return found[:LISTED], page + (len(found) > LISTED)


def waiting(session: Session, viewer: Viewer) -> int:
    """How many legs wait for their registration."""
    query = select(func.count(Delivery.id)).where(_in_hands_of(viewer), Delivery.status == DeliveryStatus.SENT)
    return session.scalar(query) or 0


def leg(session: Session, viewer: Viewer, cuo: str) -> Delivery:
    """One leg in the body's hands, with its filing and documents. Raises NotFound for every other."""
    query = select(Delivery).where(Delivery.cuo == cuo, _in_hands_of(viewer))
    found = session.scalar(query.options(selectinload(Delivery.filing, Filing.documents)))
    if found is None:
        raise NotFound(cuo, code="LEG_NOT_FOUND")
    return found


def report(session: Session, directory: Directory, ruc: str, cuo: str) -> Has | HasNot:
    """What the inbox of a body shows of a leg: since when it is there, and its registration."""
    body = directory.by_ruc(ruc)
    query = select(Delivery).where(Delivery.cuo == cuo, Delivery.status.in_(SHOWN))
    delivery = session.scalar(query.where(Delivery.destination_id == body.id))
    if delivery is None:
        return HasNot()
    registered = (_registration(delivery, body),) if delivery.registered_at else ()
    return Has(registered, held_since=delivery.sent_at)


def _registration(delivery: Delivery, body: EntityRecord) -> News:
    return News(
        NewsKind.REGISTERED,
        delivery.cuo,
        delivery.registered_at or delivery.created_at,
        body.ruc,
        registry_number=delivery.destination_registry_number,
        registry_year=delivery.destination_registry_year,
        expediente_number=delivery.expediente_number,
        unit=delivery.unit,
    )


def _in_hands_of(viewer: Viewer) -> ColumnElement[bool]:
    own = (Delivery.destination_id == viewer.entity_id) & Delivery.status.in_(SHOWN)
    return own & in_unit_of(viewer)


def events(session: Session, delivery: Delivery) -> Sequence[Event]:
    """What happened on this leg, oldest first: nothing of what another body said of the filing."""
    mine = or_(Event.delivery_id == delivery.id, Event.kind.in_(("presented", "quarantined")))
    query = select(Event).where(Event.filing_id == delivery.filing_id, mine, Event.kind.in_(INNER_EVENTS))
    return session.scalars(query.order_by(Event.at, Event.id)).all()


def observe_by(directory: Directory, delivery: Delivery) -> date | None:
    """The last day on which it may be observed; None where it is in nobody's hands (TUO 136.6)."""
    had_it = delivery.competent_body_had_it_at or delivery.sent_at
    if delivery.status is not DeliveryStatus.SENT or had_it is None:
        return None
    return observing_until(directory, delivery, had_it)


def open_document(
    session: Session, directory: Directory, viewer: Viewer, cuo: str, document_id: UUID, now: datetime
) -> Fetchable:
    """A document of a leg, for whoever handles it, and an event that it was opened; the caller commits.

    Raises NotFound for a leg or a document that is not theirs to read.
    """
    if not sees_contents(viewer):
        raise NotFound(cuo, code="LEG_NOT_FOUND")
    delivery = leg(session, viewer, cuo)
    try:
        found = document_of(session, directory, cuo, document_id, directory.by_id(delivery.destination_id).ruc)
    except ContractError as error:  # said to a person as to any other who may not
        raise NotFound(str(document_id), code="DOCUMENT_UNKNOWN") from error
    tell(
        session,
        delivery.filing,
        "opened",
        now,
        author=Author.OFFICER,
        said_by=str(viewer.user_id),
        delivery=delivery,
        document=str(document_id),
    )
    return found


def next_registry_number(
    session: Session, entity: EntityRecord, now: datetime, series: str = SERIES
) -> tuple[str, str]:
    """The next number of the register that the hub keeps for a body: (number, year), gap-free; taken with the cargo."""
    year = local_date(now).year
    values = {"entity": entity.id, "kind": series, "year": year}
    return f"{session.execute(_NEXT, values).scalar_one():05d}", str(year)


def next_expediente_number(session: Session, entity: EntityRecord, now: datetime) -> str:
    """The next file of a body that lets the hub number them: "00012-2026"."""
    return "-".join(next_registry_number(session, entity, now, FILES))


def answer(
    session: Session, directory: Directory, news: News, read_news: ReadNews, now: datetime, by_user_id: int
) -> bool:
    """Apply what an officer says of a leg; flushed, not committed. True if it is still in the body's hands.

    Its event says that the body speaks; the trail keeps which of its people did.
    Who refuses it and names the body that is competent sends it there: that act is the confirmation (TUO 141.1).
    Raises ForbiddenStep: the leg has moved.
    """
    cargos.check_sender(session, directory, news)
    delivery = cast(Delivery, lock_leg(session, news.cuo))
    wanted = {DeliveryStatus.REGISTERED} if news.kind is NewsKind.MOVEMENT else ANSWERABLE
    if delivery.status not in wanted:  # a page that was open while somebody else answered
        raise ForbiddenStep(delivery.status, news.movement or news.kind)
    said_by = directory.by_ruc(news.said_by_ruc).code
    cargos.apply(session, directory, news, now, author=Author.OFFICER, said_by=said_by, leg=delivery)
    kind = f"leg_{news.kind.value}"
    trail.note(session, kind, now, actor_id=by_user_id, entity_code=said_by, number=news.cuo)
    inbound.replay_parked(session, directory, news.cuo, read_news, now)
    if news.kind is NewsKind.REFUSED and news.right_body_ruc and news.reason:
        session.flush()
        to, why = directory.by_ruc(news.right_body_ruc).code, Why(news.reason, news.text)
        by = Person(said_by, Author.OFFICER)
        rerouting.reroute(session, directory, news.cuo, to, why, by, now, is_confirmed=True)
    return delivery.status in SHOWN
