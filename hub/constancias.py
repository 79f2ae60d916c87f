"""The constancia: the hub's own proof of a presentation, at once; its PDF is made once and kept by digest."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.core.identifiers import entry_number, tracking_key
from hub.events import tell
from hub.models import Delivery, Filing, Observation, Paper, User
from hub.papers.facts import Constancia
from hub.sight import Viewer, taken_at
from hub.storage import Store

KIND = "constancia"


def constancia_of(
    session: Session, directory: Directory, viewer: Viewer, number: str, *, secret: bytes, public_url: str
) -> Constancia:
    """The constancia of a filing, for the seat that took it. Raises NotFound for every other."""
    return _gathered(session, directory, taken_at(viewer), number, secret, public_url)


def constancia_for_filer(
    session: Session, directory: Directory, number: str, *, secret: bytes, public_url: str
) -> Constancia:
    """The constancia of a filing, for who presented it online: the door knows that it is them. Raises NotFound."""
    return _gathered(session, directory, true(), number, secret, public_url)


def _gathered(
    session: Session, directory: Directory, seen: ColumnElement[bool], number: str, secret: bytes, public_url: str
) -> Constancia:
    row = session.execute(
        select(Filing, Delivery, User.name)
        .outerjoin(Delivery, (Delivery.filing_id == Filing.id) & (Delivery.purpose == "first"))
        .outerjoin(User, User.id == Filing.clerk_id)
        .where(Filing.filing_number == number, seen)
        .options(selectinload(Filing.documents))
    ).first()
    if row is None:
        raise NotFound(number, code="FILING_NOT_FOUND")
    filing, leg, clerk = row
    origin = directory.by_id(filing.received_by_id)
    counter = next((one.name for one in origin.counters if one.code == filing.counter_code), filing.counter_code)
    return Constancia(
        filing=filing,
        leg=leg,
        documents=tuple(one for one in filing.documents if one.delivery_id is None and one.subsanacion_id is None),
        origin=origin,
        counter=counter,
        destination=directory.by_id(filing.destination_id),
        clerk=clerk or "",
        entry_number=entry_number(filing.entry_sequence or 0, filing.entry_year),
        tracking_key=tracking_key(secret, filing.filing_number, filing.key_version),
        track_url=f"{public_url}/seguimiento/{filing.verification_code}",
        observation=session.scalar(
            select(Observation).where(Observation.filing_id == filing.id, Observation.source == "counter")
        ),
    )


def paper_of(session: Session, store: Store, constancia: Constancia, year_name: str, now: datetime) -> Paper:
    """The PDF of a constancia: made at the first call, the same bytes ever after; flushed, not committed."""
    filing = constancia.filing
    made = select(Paper).where(Paper.filing_id == filing.id, Paper.kind == KIND).order_by(Paper.version.desc()).limit(1)
    known = session.scalar(made)
    if known is not None:
        return known
    from hub.papers.constancia import draw  # heavy: only where a paper is made

    stored = store.put(draw(constancia, year_name))
    values = {"sha256": stored.sha256, "size": stored.size, "object_key": stored.object_key, "made_at": now}
    inserted = session.execute(
        insert(Paper)
        .values(filing_id=filing.id, kind=KIND, version=1, **values)
        .on_conflict_do_nothing(index_elements=["filing_id", "kind", "version"])
        .returning(Paper.id)
    ).first()
    if inserted is None:  # another request was first; its bytes are the constancia
        store.discard(stored.object_key)
    else:
        tell(session, filing, "paper_made", now, paper=KIND, version=1, sha256=stored.sha256)
    return session.scalars(made).one()
