"""The units of a body: its coordinator declares them, and what arrives is passed to them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import trail
from hub.core.directory import EntityRecord
from hub.core.errors import InvalidFiling, NotFound, Problem
from hub.models import Assignment, Membership, Unit

LONGEST = 250


def of_body(session: Session, entity_id: int, *, with_closed: bool = False) -> Sequence[Unit]:
    """The units of a body, by name."""
    query = select(Unit).where(Unit.entity_id == entity_id).order_by(Unit.name)
    return session.scalars(query if with_closed else query.where(Unit.closed_at.is_(None))).all()


def unit(session: Session, entity_id: int, unit_id: int) -> Unit:
    """An open unit of that body. Raises NotFound for any other."""
    found = session.get(Unit, unit_id)
    if found is None or found.entity_id != entity_id or found.closed_at is not None:
        raise NotFound(str(unit_id), code="UNIT_NOT_FOUND")
    return found


def add(session: Session, body: EntityRecord, name: str, by_user_id: int, now: datetime) -> Unit:
    """Declare a unit, or open again one of that name. Raises InvalidFiling with what is wrong with its name."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        problem = Problem("unit_name", "TOO_LONG", {"limit": LONGEST}) if name else Problem("unit_name", "NAME_MISSING")
        raise InvalidFiling((problem,))
    known = session.scalar(select(Unit).where(Unit.entity_id == body.id, Unit.name == name).with_for_update())
    if known is not None and known.closed_at is None:
        raise InvalidFiling((Problem("unit_name", "UNIT_KNOWN"),))
    found = known or Unit(entity_id=body.id, name=name)
    found.closed_at = None
    session.add(found)
    session.flush()
    trail.note(session, "unit_opened", now, actor_id=by_user_id, entity_code=body.code, unit=name)
    return found


def close(session: Session, body: EntityRecord, unit_id: int, by_user_id: int, now: datetime) -> None:
    """Pass nothing to it any more; what it has stays with it, and its people see the whole body's list no sooner."""
    found = unit(session, body.id, unit_id)
    found.closed_at = now
    trail.note(session, "unit_closed", now, actor_id=by_user_id, entity_code=body.code, unit=found.name)
    session.flush()


def set_member(session: Session, user_id: int, unit_id: int | None) -> None:
    """Put a person into a unit, or into none."""
    row = session.get(Membership, user_id) or Membership(user_id=user_id)
    row.unit_id = unit_id
    session.add(row)
    session.flush()


def passed(session: Session, delivery_id: int) -> Sequence[tuple[Assignment, Unit]]:
    """To which units a leg was passed, newest first."""
    query = select(Assignment, Unit).join(Unit, Unit.id == Assignment.unit_id)
    rows = session.execute(query.where(Assignment.delivery_id == delivery_id).order_by(Assignment.id.desc()))
    return [(row[0], row[1]) for row in rows]
