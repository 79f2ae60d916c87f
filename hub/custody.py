"""Custody: originals and media that a counter keeps for a filing, and the slip they go on with to who asks for them.

A hub carries files. What is a thing (an original on paper, a USB stick, a sample) stays where it was handed in until
its destination asks for it, goes there with a hoja de remisión, or goes back to who brought it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select, text
from sqlalchemy.orm import Session, lazyload

from hub.core.calendar import local_date
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import NotFound
from hub.core.statuses import Author, DeliveryStatus
from hub.events import tell
from hub.models import CustodyItem, Delivery, Filing, TransferSlip, User
from hub.sight import COUNTER_ROLES, Viewer, taken_at

LONGEST: Final = 300
MOST: Final = 40
LISTED: Final = 200
_NEXT = text("""
    insert into number_series (entity_id, kind, year, last) values (:entity, 'remision', :year, 1)
    on conflict (entity_id, kind, year) do update set last = number_series.last + 1 returning last
""")


class ItemKind(StrEnum):
    """What is kept."""

    ORIGINAL = "original"  # on paper
    MEDIUM = "soporte_fisico"  # USB, CD, a sample: nothing that can be filed online


class CustodyState(StrEnum):
    """Where it is."""

    HELD = "held"
    ON_ITS_WAY = "on_its_way"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"


@dataclass(frozen=True)
class Handed:
    """One thing as it was handed in."""

    kind: ItemKind
    description: str


@dataclass(frozen=True)
class Slip:
    """A hoja de remisión with everything that it says."""

    row: TransferSlip
    filing: Filing
    items: tuple[CustodyItem, ...]
    origin: EntityRecord
    destination: EntityRecord
    made_by: str
    registry_number: str = ""
    """What the destination's registry gave the filing, once it did."""

    @property
    def number(self) -> str:
        """As it is printed: 00012-2026-SERNANP."""
        return f"{self.row.sequence:05d}-{self.row.year}-{self.origin.acronym}"


def take(
    session: Session, filing: Filing, things: Sequence[Handed], clerk_id: int, now: datetime
) -> tuple[CustodyItem, ...]:
    """Write down what stays at the counter that took a filing; flushed. The event says how many of each, not what."""
    rows = tuple(
        CustodyItem(
            filing_id=filing.id,
            kind=thing.kind.value,
            description=thing.description[:LONGEST],
            state=CustodyState.HELD.value,
            holder_id=filing.received_by_id,
            counter_code=filing.counter_code,
            taken_at=now,
            taken_by_id=clerk_id,
            changed_at=now,
        )
        for thing in things
    )
    if rows:
        session.add_all(rows)
        session.flush()
        _tell(session, filing, "custody_taken", clerk_id, now, rows)
    return rows


def items_of(session: Session, filing_id: int) -> Sequence[CustodyItem]:
    """Everything that was left with a filing, in the order in which it was written down."""
    return session.scalars(select(CustodyItem).where(CustodyItem.filing_id == filing_id).order_by(CustodyItem.id)).all()


def send_on(session: Session, directory: Directory, viewer: Viewer, number: str, now: datetime) -> TransferSlip:
    """Make the slip with which everything that a seat still holds of a filing goes to its destination; flushed.

    Raises NotFound for a filing of which this seat holds nothing that another body is to have.
    """
    filing, items = _held(session, viewer, number)
    to = _where_to(session, filing)
    if to == viewer.entity_id:
        raise NotFound(number, code="CUSTODY_NOT_HELD")
    year = local_date(now).year
    slip = TransferSlip(
        filing_id=filing.id,
        from_id=viewer.entity_id,
        to_id=to,
        year=year,
        sequence=session.execute(_NEXT, {"entity": viewer.entity_id, "year": year}).scalar_one(),
        made_at=now,
        made_by_id=viewer.user_id,
    )
    session.add(slip)
    session.flush()
    _move(items, CustodyState.ON_ITS_WAY, now, slip_id=slip.id)
    destination = directory.by_id(to).code
    _tell(session, filing, "custody_sent", viewer.user_id, now, items, slip=slip.sequence, destination=destination)
    return slip


def take_over(session: Session, viewer: Viewer, slip_id: int, now: datetime) -> TransferSlip:
    """The destination's counter has what the slip lists; flushed. Said twice it changes nothing. Raises NotFound."""
    query = select(TransferSlip).where(TransferSlip.id == slip_id, TransferSlip.to_id == viewer.entity_id)
    slip = session.scalar(query.with_for_update()) if _is_at_counter(viewer) else None
    if slip is None:
        raise NotFound(str(slip_id), code="SLIP_NOT_FOUND")
    if slip.received_at is not None:
        return slip
    slip.received_at, slip.received_by_id = now, viewer.user_id
    items = session.scalars(select(CustodyItem).where(CustodyItem.slip_id == slip.id)).all()
    _move(items, CustodyState.HANDED_OVER, now, holder_id=viewer.entity_id)
    filing = session.get_one(Filing, slip.filing_id)
    _tell(session, filing, "custody_received", viewer.user_id, now, items, slip=slip.sequence)
    return slip


def give_back(session: Session, viewer: Viewer, number: str, now: datetime) -> Filing:
    """Everything that a seat still holds of a filing goes back to who brought it; flushed. Raises NotFound."""
    filing, items = _held(session, viewer, number)
    _move(items, CustodyState.RETURNED, now)
    _tell(session, filing, "custody_returned", viewer.user_id, now, items)
    return filing


def slip_of(session: Session, directory: Directory, viewer: Viewer, slip_id: int) -> Slip:
    """A slip, for the seat that it left and the counters of the body that it goes to. Raises NotFound for others."""
    mine = or_(_sent_by(viewer), TransferSlip.to_id == viewer.entity_id)
    query = select(TransferSlip, Filing, User.name).join(Filing, Filing.id == TransferSlip.filing_id)
    query = query.join(User, User.id == TransferSlip.made_by_id).where(TransferSlip.id == slip_id, mine)
    found = session.execute(query.options(lazyload(Filing.deliveries))).first() if _is_at_counter(viewer) else None
    if found is None:
        raise NotFound(str(slip_id), code="SLIP_NOT_FOUND")
    row, filing, name = found
    items = session.scalars(select(CustodyItem).where(CustodyItem.slip_id == row.id).order_by(CustodyItem.id))
    registered = select(Delivery.destination_registry_number).where(
        Delivery.filing_id == filing.id, Delivery.destination_id == row.to_id
    )
    number = session.scalar(registered.order_by(Delivery.id.desc()).limit(1)) or ""
    return Slip(row, filing, tuple(items), directory.by_id(row.from_id), directory.by_id(row.to_id), name, number)


@dataclass(frozen=True)
class Kept:
    """What a seat has to do with things: (item, filing) that it holds, slips on the way to it, slips it sent."""

    held: tuple[tuple[CustodyItem, Filing], ...]
    coming: tuple[Slip, ...]
    sent: tuple[Slip, ...]


def kept_at(session: Session, directory: Directory, viewer: Viewer) -> Kept:
    """Of a person's seat; nothing for who sits at no counter."""
    if not _is_at_counter(viewer):
        return Kept((), (), ())
    held = select(CustodyItem, Filing).join(Filing, Filing.id == CustodyItem.filing_id).where(_mine(viewer))
    rows = session.execute(held.order_by(CustodyItem.id).limit(LISTED)).unique()
    waiting = TransferSlip.received_at.is_(None)
    return Kept(
        tuple((item, filing) for item, filing in rows),
        _slips(session, directory, viewer, (TransferSlip.to_id == viewer.entity_id) & waiting),
        _slips(session, directory, viewer, _sent_by(viewer) & waiting),
    )


def _slips(
    session: Session, directory: Directory, viewer: Viewer, which: ColumnElement[bool]
) -> tuple[Slip, ...]:
    query = select(TransferSlip.id).join(Filing, Filing.id == TransferSlip.filing_id).where(which)
    ids = session.scalars(query.order_by(TransferSlip.id.desc()).limit(LISTED)).all()
    return tuple(slip_of(session, directory, viewer, one) for one in ids)


def _sent_by(viewer: Viewer) -> ColumnElement[bool]:
    """The slips of what a person's own seat took, as a condition on TransferSlip joined with Filing."""
    return and_(TransferSlip.from_id == viewer.entity_id, taken_at(viewer))


def _held(session: Session, viewer: Viewer, number: str) -> tuple[Filing, Sequence[CustodyItem]]:
    filing = session.scalar(select(Filing).where(Filing.filing_number == number)) if _is_at_counter(viewer) else None
    if filing is None:
        raise NotFound(number, code="CUSTODY_NOT_HELD")
    query = select(CustodyItem).where(CustodyItem.filing_id == filing.id, _mine(viewer))
    items = session.scalars(query.order_by(CustodyItem.id).with_for_update()).all()
    if not items:
        raise NotFound(number, code="CUSTODY_NOT_HELD")
    return filing, items


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    """What a person's own seat holds."""
    held = (CustodyItem.state == CustodyState.HELD.value) & (CustodyItem.holder_id == viewer.entity_id)
    return held & (CustodyItem.counter_code == viewer.counter_code) if viewer.counter_code else held


def _is_at_counter(viewer: Viewer) -> bool:
    return bool(viewer.entity_id and viewer.roles & COUNTER_ROLES)


def _where_to(session: Session, filing: Filing) -> int:
    """The body that is to have it now: where its newest leg goes."""
    newest = select(Delivery.destination_id).where(
        Delivery.filing_id == filing.id, Delivery.status != DeliveryStatus.CANCELLED
    )
    return session.scalar(newest.order_by(Delivery.id.desc()).limit(1)) or filing.destination_id


def _move(items: Sequence[CustodyItem], to: CustodyState, now: datetime, **changes: int) -> None:
    for item in items:
        item.state, item.changed_at = to.value, now
        for name, value in changes.items():
            setattr(item, name, value)


def _tell(
    session: Session,
    filing: Filing,
    kind: str,
    who: int,
    now: datetime,
    items: Sequence[CustodyItem],
    **data: Any,
) -> None:
    counted = {name: sum(item.kind == name for item in items) for name in ItemKind}
    session.flush()
    tell(
        session, filing, kind, now, author=Author.CLERK, said_by=str(who),
        originals=counted[ItemKind.ORIGINAL], media=counted[ItemKind.MEDIUM], **data,
    )  # fmt: skip
