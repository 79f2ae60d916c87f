"""Needs that a person takes off the list: with a reason, kept with the filing, under their name and in the trail.

What a need is about may come back: a letter that bounces again, a leg that is refused again, is a need of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub import needing, trail
from hub.core.errors import Forbidden, NeedsReason
from hub.core.needs import Kind
from hub.models import AttendedNeed, Delivery, Filing, LegNote
from hub.needing import Need

MOST: Final = 200
"""Legs or filings at once."""
LONGEST: Final = 500


@dataclass(frozen=True)
class Chosen:
    """What a person ticked: legs by their CUO, and filings without one by their number. `seen`: Need.about of each."""

    kind: Kind
    cuos: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()


def chosen_needs(session: Session, chosen: Chosen, now: datetime) -> list[Need]:
    """The needs that were ticked, as far as they still are."""
    legs = select(Delivery.filing_id).where(Delivery.cuo.in_(chosen.cuos[:MOST]))
    filings = select(Filing.id).where(Filing.filing_number.in_(chosen.numbers[:MOST]))
    ids = session.scalars(union(legs, filings)).all()
    found = needing.of_filings(session, chosen.kind, ids, now)
    return [one for one in found if (one.cuo in chosen.cuos if one.cuo else one.filing_number in chosen.numbers)]


def attend(session: Session, chosen: Chosen, reason: str, by_user_id: int, now: datetime) -> list[Need]:
    """Take off the list what was seen and still is; gives it back. Flushed, not committed.

    Raises NeedsReason without a reason, Forbidden NOTHING_CHOSEN where nothing of it needs anybody any more.
    """
    text = reason.strip()[:LONGEST]
    if not text:
        raise NeedsReason()
    found = [one for one in chosen_needs(session, chosen, now) if one.about in chosen.seen]
    if not found:
        raise Forbidden(code="NOTHING_CHOSEN")
    legs = _legs(session, [one.cuo for one in found])
    for one in found:
        note = LegNote(filing_id=one.filing_id, delivery_id=legs.get(one.cuo), by_user_id=by_user_id, at=now, text=text)
        session.add(note)
        session.flush()
        row = {"kind": one.kind.value, "about": one.about, "note_id": note.id}
        session.execute(insert(AttendedNeed).values(row).on_conflict_do_nothing())
    trail.note(
        session, "need_attended", now, actor_id=by_user_id, need=chosen.kind.value, reason=text,
        filings=[one.filing_number for one in found], legs=[one.cuo for one in found if one.cuo],
    )  # fmt: skip
    return found


def _legs(session: Session, cuos: Sequence[str]) -> dict[str, int]:
    query = select(Delivery.cuo, Delivery.id).where(Delivery.cuo.in_(cuos))
    return {cuo: leg for cuo, leg in session.execute(query)}  # noqa: C416 - rows are no pairs to a type checker
