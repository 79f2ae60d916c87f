"""Paperwork: a paper is made once, sealed, stored by digest and told; whoever comes first makes it.

Three steps, so that no transaction is open while the time-stamp authority is asked: `gather` what it says, `make`
it, `record` it. Two that make the same at once end with one paper: the bytes of whoever recorded first.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub import constancias
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.events import tell
from hub.models import Delivery, Filing, Paper, PaperOrder
from hub.paper_orders import CARGO, CONSTANCIA, NOT_PRESENTED
from hub.papers.facts import Cargo, Constancia, NotPresented, Receipt
from hub.sight import Viewer, legs_visible_to
from hub.storage import Store, Stored
from hub.wire.pdf import Sealer


@dataclass(frozen=True)
class Want:
    """Which paper. `delivery_id` is the leg's whose registration a cargo proves."""

    kind: str
    filing_id: int
    delivery_id: int | None = None
    version: int = 1


@dataclass(frozen=True)
class Press:
    """What papers are made with; made once a process. `public_url` is where they can be verified."""

    store: Store
    sealer: Sealer
    year_name: str
    tracking_secret: bytes
    public_url: str


@dataclass(frozen=True)
class Made:
    """A paper that is stored and not recorded yet. `trouble`: the code of why it bears no time-stamp, or empty."""

    stored: Stored
    made_at: datetime
    stamped_at: datetime | None
    trouble: str


def known(session: Session, want: Want) -> Paper | None:
    """The paper, if it was made."""
    return session.scalar(
        select(Paper).where(
            Paper.filing_id == want.filing_id,
            Paper.delivery_id.is_not_distinct_from(want.delivery_id),
            Paper.outage_id.is_(None),
            Paper.kind == want.kind,
            Paper.version == want.version,
        )
    )


def cargo_wanted(session: Session, viewer: Viewer, cuo: str) -> Want:
    """The newest cargo of a leg that a person may see. Raises NotFound, also for a leg that was not registered."""
    row = session.execute(
        select(PaperOrder.filing_id, PaperOrder.delivery_id, PaperOrder.version)
        .join(Delivery, Delivery.id == PaperOrder.delivery_id)
        .join(Filing, Filing.id == Delivery.filing_id)
        .where(Delivery.cuo == cuo, PaperOrder.kind == CARGO, legs_visible_to(viewer))
        .order_by(PaperOrder.version.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NotFound(cuo, code="CARGO_NOT_FOUND")
    return Want(CARGO, row.filing_id, row.delivery_id, row.version)


def gather(session: Session, directory: Directory, press: Press, want: Want) -> Receipt:
    """What the paper says. Raises NotFound for one that cannot be."""
    presented = constancias.constancia_for_paper(
        session, directory, want.filing_id, secret=press.tracking_secret, public_url=press.public_url
    )
    if want.kind == CARGO and want.delivery_id is not None:
        return constancias.cargo_of(session, directory, presented, want.delivery_id)
    if want.kind == NOT_PRESENTED:
        return constancias.not_presented(session, directory, presented)
    if want.kind != CONSTANCIA:
        raise NotFound(want.kind, code="PAPER_UNKNOWN")
    return presented


def make(press: Press, receipt: Receipt, now: datetime) -> Made:
    """Draw, seal and store a paper, as `seal` does."""
    return seal(press, _drawn(receipt, press.year_name, now, press.sealer.place), now)


def seal(press: Press, drawn: bytes, now: datetime) -> Made:
    """Seal and store what was drawn with a place for the seal. It may ask the time-stamp authority: no transaction
    is to be open.

    Raises StorageFailure.
    """
    sealed = press.sealer.seal(drawn)
    return Made(press.store.put(sealed.pdf), now, sealed.stamped_at, sealed.trouble)


def _drawn(receipt: Receipt, year_name: str, now: datetime, place: int) -> bytes:
    from hub.papers import cargo, constancia, not_presented

    match receipt:
        case Constancia():
            return constancia.draw(receipt, year_name, now, place)
        case Cargo():
            return cargo.draw(receipt, year_name, now, place)
        case NotPresented():
            return not_presented.draw(receipt, year_name, now, place)


def record(session: Session, press: Press, want: Want, made: Made, now: datetime) -> Paper:
    """Write a made paper down and tell it; flushed, not committed. Where another was first, that one is the paper."""
    stored = made.stored
    row = {
        "filing_id": want.filing_id,
        "delivery_id": want.delivery_id,
        "kind": want.kind,
        "version": want.version,
        "sha256": stored.sha256,
        "size": stored.size,
        "object_key": stored.object_key,
        "made_at": made.made_at,
        "stamped_at": made.stamped_at,
    }
    added = session.execute(insert(Paper).values(row).on_conflict_do_nothing().returning(Paper.id)).first()
    _close_order(session, want, made, now)
    paper = known(session, want)
    if paper is None:
        raise NotFound(want.kind, code="PAPER_UNKNOWN")
    if added is None:
        press.store.discard(stored.object_key)
        return paper
    filing = session.get_one(Filing, want.filing_id)
    leg = session.get(Delivery, want.delivery_id) if want.delivery_id else None
    tell(
        session, filing, "paper_made", now, delivery=leg,
        paper=want.kind, version=want.version, sha256=stored.sha256, is_stamped=made.stamped_at is not None,
    )  # fmt: skip
    return paper


def _close_order(session: Session, want: Want, made: Made, now: datetime) -> None:
    session.execute(
        update(PaperOrder)
        .where(
            PaperOrder.filing_id == want.filing_id,
            PaperOrder.delivery_id.is_not_distinct_from(want.delivery_id),
            PaperOrder.kind == want.kind,
            PaperOrder.version == want.version,
            PaperOrder.done_at.is_(None),
        )
        .values(done_at=now, last_code=made.trouble[:60])
    )


def papers_of(session: Session, filing_id: int) -> tuple[Paper, ...]:
    """Every version of every paper of a filing, in the order they were made."""
    return tuple(session.scalars(select(Paper).where(Paper.filing_id == filing_id).order_by(Paper.made_at, Paper.id)))


def paper_bytes(session: Session, store: Store, want: Want) -> bytes | None:
    """The bytes of a paper, for who sends it; None while it is not made. Raises StorageFailure."""
    paper = known(session, want)
    if paper is None:
        return None
    with store.open(paper.object_key) as stream:
        return stream.read()
