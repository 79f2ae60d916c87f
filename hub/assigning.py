"""Inside a body without a system: pass a leg to a unit, put it away when it is done, take it up again."""

from datetime import datetime

from sqlalchemy.orm import Session

from hub import inbox, units
from hub.core.directory import Directory
from hub.core.errors import ForbiddenStep, InvalidFiling, Problem
from hub.core.ports import News, NewsKind
from hub.core.statuses import Author, DeliveryStatus, Movement
from hub.events import tell
from hub.inbound import ReadNews
from hub.models import Archived, Assignment, Delivery
from hub.sight import Viewer

LONGEST_NOTE = 250
OVER = frozenset({Movement.CLOSED, Movement.WITHDRAWN})
ENDED = frozenset({DeliveryStatus.LAPSED, DeliveryStatus.REFUSED, DeliveryStatus.CORRECTED})


def pass_to_unit(
    session: Session,
    directory: Directory,
    viewer: Viewer,
    cuo: str,
    unit_id: int,
    note: str,
    read_news: ReadNews,
    now: datetime,
) -> None:
    """Pass a registered leg to a unit of its body: a movement on the timeline and a row that says who passed it.

    `note` stays inside. Raises NotFound for another body's leg or unit, InvalidFiling for a note too long,
    ForbiddenStep where it is not registered or is over.
    """
    if len(note) > LONGEST_NOTE:
        raise InvalidFiling((Problem("pass_note", "TOO_LONG", {"limit": LONGEST_NOTE}),))
    leg, unit = inbox.leg(session, viewer, cuo), units.unit(session, viewer.entity_id, unit_id)
    if leg.movement in OVER:
        raise ForbiddenStep(leg.movement, Movement.IN_PROCESS)
    movement = leg.movement or Movement.IN_PROCESS
    ruc = directory.by_id(leg.destination_id).ruc
    news = News(NewsKind.MOVEMENT, cuo, now, ruc, movement=movement, unit=unit.name)
    inbox.answer(session, directory, news, read_news, now, viewer.user_id)
    session.add(Assignment(delivery_id=leg.id, unit_id=unit.id, by_user_id=viewer.user_id, note=note, at=now))
    session.flush()


def may_archive(leg: Delivery) -> bool:
    """True for what is done: concluded, withdrawn, or ended without being attended."""
    return leg.movement in OVER or leg.status in ENDED


def archived(session: Session, leg: Delivery) -> bool:
    """True if its body put it away."""
    row = session.get(Archived, leg.id)
    return row is not None and row.at is not None


def archive(session: Session, viewer: Viewer, cuo: str, now: datetime) -> None:
    """Put a leg that is done away; twice it is once. Raises NotFound, ForbiddenStep for one that is not done."""
    leg = inbox.leg(session, viewer, cuo)
    if not may_archive(leg):
        raise ForbiddenStep(leg.status, Movement.CLOSED)
    if not archived(session, leg):
        _set(session, viewer, leg, now, now)


def take_up(session: Session, viewer: Viewer, cuo: str, now: datetime) -> None:
    """Take a leg that was put away back to the list. Raises NotFound."""
    leg = inbox.leg(session, viewer, cuo)
    if archived(session, leg):
        _set(session, viewer, leg, None, now)


def _set(session: Session, viewer: Viewer, leg: Delivery, at: datetime | None, now: datetime) -> None:
    row = session.get(Archived, leg.id) or Archived(delivery_id=leg.id)
    row.at, row.by_user_id = at, viewer.user_id
    session.add(row)
    kind = "archived" if at else "taken_up"
    tell(session, leg.filing, kind, now, author=Author.OFFICER, said_by=str(viewer.user_id), delivery=leg)
    session.flush()
