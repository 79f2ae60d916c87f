"""What the hub's receipts say, gathered: the constancia, the cargo of a leg, and the paper of what lapsed."""

from typing import cast

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, lazyload, selectinload

from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.identifiers import entry_number, tracking_key
from hub.models import CustodyItem, Delivery, Filing, Observation, User
from hub.papers.facts import Cargo, Constancia, NotPresented
from hub.sight import Viewer, taken_at


def constancia_of(
    session: Session, directory: Directory, viewer: Viewer, number: str, *, secret: bytes, public_url: str
) -> Constancia:
    """The constancia of a filing, for the seat that took it. Raises NotFound for every other."""
    return _gathered(session, directory, Filing.filing_number == number, taken_at(viewer), secret, public_url)


def constancia_for_paper(
    session: Session, directory: Directory, filing_id: int, *, secret: bytes, public_url: str
) -> Constancia:
    """The constancia of a filing, for who makes its papers, or presented it online. Raises NotFound."""
    return _gathered(session, directory, Filing.id == filing_id, true(), secret, public_url)


def cargo_of(session: Session, directory: Directory, presented: Constancia, delivery_id: int) -> Cargo:
    """What the cargo of a leg says. Raises NotFound for a leg that is not the filing's or was not registered."""
    leg = session.get(Delivery, delivery_id)
    if leg is None or leg.filing_id != presented.filing.id or leg.registered_at is None:
        raise NotFound(str(delivery_id), code="DELIVERY_NOT_FOUND")
    still_open = select(Observation).where(Observation.delivery_id == leg.id, Observation.closed_at.is_(None))
    observation = session.scalar(still_open.order_by(Observation.id.desc()).limit(1))
    return Cargo(presented, leg, directory.by_id(leg.destination_id), observation)


def not_presented(session: Session, directory: Directory, presented: Constancia) -> NotPresented:
    """What the paper of a lapsed filing says. Raises NotFound where nothing of it lapsed."""
    lapsed = select(Observation).where(
        Observation.filing_id == presented.filing.id,
        Observation.closed_as == "lapsed",
        Observation.closed_at.isnot(None),
    )
    observation = session.scalar(lapsed.order_by(Observation.id.desc()).limit(1))
    if observation is None or observation.closed_at is None:
        raise NotFound(presented.filing.filing_number, code="OBSERVATION_NOT_FOUND")
    leg = session.get(Delivery, observation.delivery_id) if observation.delivery_id else None
    by = directory.by_id(leg.destination_id) if leg else presented.origin
    return NotPresented(presented, observation, by, observation.closed_at)


def _gathered(
    session: Session,
    directory: Directory,
    which: ColumnElement[bool],
    seen: ColumnElement[bool],
    secret: bytes,
    public_url: str,
) -> Constancia:
    row = session.execute(
        select(Filing, Delivery, User.name)
        .outerjoin(Delivery, (Delivery.filing_id == Filing.id) & (Delivery.purpose == "first"))
        .outerjoin(User, User.id == Filing.clerk_id)
        .where(which, seen)
        .options(selectinload(Filing.documents), lazyload(Delivery.filing))  # else a filing without a leg is lost
    ).first()
    if row is None:
        raise NotFound(code="FILING_NOT_FOUND")
    filing, leg, clerk = cast("tuple[Filing, Delivery | None, str | None]", tuple(row))
    origin = directory.by_id(filing.received_by_id)
    return Constancia(
        filing=filing,
        leg=leg,
        documents=tuple(one for one in filing.documents if one.delivery_id is None and one.subsanacion_id is None),
        origin=origin,
        counter=next((one.name for one in origin.counters if one.code == filing.counter_code), filing.counter_code),
        destination=directory.by_id(filing.destination_id),
        clerk=clerk or "",
        entry_number=entry_number(filing.entry_sequence or 0, filing.entry_year),
        tracking_key=tracking_key(secret, filing.filing_number, filing.key_version),
        track_url=f"{public_url}/seguimiento/{filing.verification_code}",
        observation=session.scalar(
            select(Observation).where(Observation.filing_id == filing.id, Observation.source == "counter")
        ),
        verify_url=f"{public_url}/verificar/{filing.verification_code}",
        sector=directory.sector.name,
        kept=tuple(session.scalars(
            select(CustodyItem.description).where(CustodyItem.filing_id == filing.id).order_by(CustodyItem.id)
        )),
    )
