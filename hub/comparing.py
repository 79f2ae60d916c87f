"""Comparing both ends: what is found is judged and written down.

A difference is one row from when it is seen until a comparison no longer finds it. What a person explained stays
explained while nothing about it changes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.comparing import COMPARED, Gap, Ours, Theirs, gap, is_fresh
from hub.core.ports import HasNot, Listed
from hub.core.statuses import DeliveryStatus, Movement
from hub.models import Delivery, Difference, Event
from hub.models.writing import table_of
from hub.outcomes import keep_raw


@dataclass(frozen=True)
class Standing:
    """Where a leg stands: its status and its newest event. It moved if this is another afterwards."""

    status: DeliveryStatus
    newest: int


@dataclass(frozen=True)
class Said:
    """What an institution says of a CUO, and the messages that say it, as they came. `asked`: where the leg stood."""

    theirs: Theirs | HasNot
    raws: tuple[bytes, ...] = ()
    asked: Standing | None = None


def ours_of(leg: Delivery) -> Ours:
    """What the hub holds of a leg."""
    may_move = leg.status is DeliveryStatus.REGISTERED and leg.movement not in (Movement.CLOSED, Movement.WITHDRAWN)
    return Ours(leg.status, leg.destination_registry_number, leg.movement_at, leg.sent_at, may_move)


def ours_now(session: Session, body_id: int, cuos: list[str]) -> dict[str, Ours]:
    """What the hub holds of each of these legs that is to be compared, by its CUO."""
    query = select(Delivery).where(
        Delivery.cuo.in_(cuos), Delivery.destination_id == body_id, Delivery.status.in_(COMPARED)
    )
    return {leg.cuo: ours_of(leg) for leg in session.scalars(query).unique()}


def leg_now(session: Session, body_id: int, cuo: str) -> Delivery | None:
    """A leg as it stands now; None for one that is not, or no more, to be compared with this institution."""
    query = select(Delivery).where(Delivery.cuo == cuo, Delivery.destination_id == body_id)
    leg = session.scalar(query.execution_options(populate_existing=True))
    return leg if leg is not None and leg.status in COMPARED else None


def standing(session: Session, leg: Delivery) -> Standing:
    """Where a leg stands now."""
    newest = select(func.max(Event.id)).where(Event.filing_id == leg.filing_id, Event.delivery_id == leg.id)
    return Standing(leg.status, session.scalar(newest) or 0)


def write_down(
    session: Session, body_id: int, cuo: str, said: Said, now: datetime, grace: timedelta
) -> Gap | None:
    """Judge what was said against the leg as it stands now; open, keep or close its difference. Flushed.

    Raises LookupError for what cannot be judged: it is too new, so that its message may be on its way, or the leg moved
    while the question was on its way, so that the answer may be of before.
    """
    leg = leg_now(session, body_id, cuo)
    if leg is None:
        close(session, body_id, cuo, now)
        return None
    if said.asked is not None and said.asked != standing(session, leg):
        raise LookupError(cuo)
    ours = ours_of(leg)
    found = gap(ours, said.theirs)
    if found is None:
        close(session, body_id, cuo, now)
    elif is_fresh(ours, said.theirs, now, grace):
        raise LookupError(cuo)
    else:
        digests = [keep_raw(session, raw, now) for raw in said.raws]
        _open(session, Seen(body_id, cuo, found, leg.id, *_sides(ours, said.theirs)), digests, now)
    return found


def _sides(ours: Ours, theirs: Theirs | HasNot) -> tuple[str, str, dict[str, Any]]:
    """Both sides' words, and the figures of both."""
    if isinstance(theirs, HasNot):
        return ours.status.value, "", {"our_number": ours.registry_number}
    moved_at = theirs.moved_at.isoformat() if theirs.moved_at else ""
    said_at = theirs.said_at.isoformat() if theirs.said_at else ""
    figures = {"our_number": ours.registry_number, "their_number": theirs.registry_number,
               "said_at": said_at, "moved_at": moved_at}  # fmt: skip
    return ours.status.value, theirs.state, figures


@dataclass(frozen=True)
class Seen:
    """A difference as a comparison saw it."""

    body_id: int
    cuo: str
    kind: Gap
    leg_id: int | None
    ours: str
    theirs: str
    details: dict[str, Any]


def strangers(session: Session, body_id: int, lines: Collection[Listed], now: datetime) -> int:
    """Open a difference for each CUO of a list that was never handed out to its institution; close those that are gone.

    Gives how many there are. The list must reach back to the oldest of those that are open.
    """
    cuos = {line.cuo: line for line in lines}
    known = select(Delivery.cuo).where(
        Delivery.cuo.in_(cuos), Delivery.destination_id == body_id,
        or_(Delivery.handed_out_at.is_not(None), Delivery.sent_at.is_not(None)),
    )  # fmt: skip
    unknown = set(cuos) - set(session.scalars(known))
    for cuo in sorted(unknown):
        line = cuos[cuo]
        details = {"their_number": line.registry_number, "held_since": line.held_since.isoformat()}
        _open(session, Seen(body_id, cuo, Gap.UNKNOWN, None, "", line.state.value, details), [], now)
    for row in open_ones(session, body_id):
        if row.kind == Gap.UNKNOWN.value and row.cuo not in unknown:
            row.closed_at = now
    session.flush()
    return len(unknown)


def oldest_stranger(session: Session, body_id: int) -> datetime | None:
    """Since when the institution holds the oldest of what nobody here knows."""
    held = [row.details["held_since"] for row in open_ones(session, body_id) if row.kind == Gap.UNKNOWN.value]
    return min((datetime.fromisoformat(one) for one in held), default=None)


def _open(session: Session, seen: Seen, digests: list[str], now: datetime) -> None:
    row = _row_of(session, seen.body_id, seen.cuo) or _new_row(session, seen, now)
    same = (row.kind, row.ours, row.theirs, row.details) == (seen.kind.value, seen.ours, seen.theirs, seen.details)
    if not same:
        row.explained_at = None
    row.kind, row.ours, row.theirs, row.details = seen.kind.value, seen.ours, seen.theirs, seen.details
    row.delivery_id, row.raw_digests, row.seen_at = seen.leg_id, digests, now
    session.flush()


def _new_row(session: Session, seen: Seen, now: datetime) -> Difference:
    """A new one; that of another who found it at the same moment."""
    first = {"entity_id": seen.body_id, "cuo": seen.cuo, "kind": seen.kind.value, "ours": "", "theirs": "",
             "details": {}, "raw_digests": [], "found_at": now, "seen_at": now}  # fmt: skip
    session.execute(insert(table_of(Difference)).values(first).on_conflict_do_nothing())
    return cast(Difference, _row_of(session, seen.body_id, seen.cuo))


def _row_of(session: Session, body_id: int, cuo: str) -> Difference | None:
    query = select(Difference).where(
        Difference.entity_id == body_id, Difference.cuo == cuo, Difference.closed_at.is_(None)
    )
    return session.scalar(query.with_for_update())


def close(session: Session, body_id: int, cuo: str, now: datetime) -> None:
    """Both ends say the same of a CUO, or there is nothing to compare any more; flushed."""
    row = _row_of(session, body_id, cuo)
    if row is not None:
        row.closed_at = now
        session.flush()


def close_taken_back(session: Session, body_id: int, now: datetime) -> None:
    """What was sent elsewhere or taken back is compared no more, and differs no more; flushed."""
    over = select(Delivery.id).where(Delivery.status.in_((DeliveryStatus.REROUTED, DeliveryStatus.CANCELLED)))
    gone = set(session.scalars(over.where(Delivery.id.in_([row.delivery_id for row in open_ones(session, body_id)]))))
    for row in open_ones(session, body_id):
        if row.delivery_id in gone:
            row.closed_at = now
    session.flush()


def close_among(session: Session, body_id: int, cuos: Collection[str], now: datetime) -> None:
    """The same for many; flushed."""
    for row in open_ones(session, body_id):
        if row.cuo in cuos:
            row.closed_at = now
    session.flush()


def open_ones(session: Session, body_id: int = 0) -> list[Difference]:
    """What differs now, the oldest first: of one institution, or of all."""
    query = select(Difference).where(Difference.closed_at.is_(None)).order_by(Difference.found_at, Difference.id)
    return list(session.scalars(query.where(Difference.entity_id == body_id) if body_id else query))
