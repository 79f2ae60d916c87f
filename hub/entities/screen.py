"""What screens publish: versions that lie over the file, key by key, and bodies that no file declares yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.core.bodies import CounterRecord, EntityRecord, Limits
from hub.entities.declared import ENTITY, digest
from hub.entities.loading import SCREEN, newest
from hub.entities.records import to_entity
from hub.entities.versions import CHANNEL, LOCK
from hub.models.directory import Declaration, EntityRow, InstitutionState


def open_body(session: Session, declared: Mapping[str, Any], now: datetime) -> EntityRecord:
    """A new body, known by what a screen says of it alone; flushed. Its code and its RUC must be new."""
    row = EntityRow(code=declared["code"], ruc=declared["ruc"])
    session.add(row)
    session.flush()
    session.add(InstitutionState(entity_id=row.id))
    publish(session, row.code, declared, now)
    return to_entity(declared, row.id)


def publish(session: Session, code: str, changed: Mapping[str, Any], now: datetime) -> bool:
    """Write a version of the keys that a body published, over those before; flushed. False where nothing changed.

    Wakes who listens on `directory_changed` when it is committed.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    before = newest(session, now=None).get((ENTITY, code, SCREEN))
    declared = {**(before.declared if before else {}), **changed}
    if before is not None and before.digest == digest(declared):
        return False
    session.add(
        Declaration(
            kind=ENTITY, key=code, valid_from=now, origin=SCREEN, declared=declared, digest=digest(declared)
        )
    )
    session.flush()
    session.execute(select(func.pg_notify(CHANNEL, "")))
    return True


def counter_json(counter: CounterRecord) -> dict[str, Any]:
    """A counter as the tables keep it."""
    hours = [
        {"weekday": one.weekday, "opens": f"{one.opens:%H:%M}", "closes": f"{one.closes:%H:%M}"}
        for one in counter.hours
    ]
    return {
        "code": counter.code, "name": counter.name, "place": counter.place, "ubigeo": counter.ubigeo,
        "address": counter.address, "principal": counter.is_principal, "hours": hours,
    } | ({"closed": True} if counter.is_closed else {})  # fmt: skip


def limits_json(limits: Limits) -> dict[str, Any]:
    """The limits as the tables keep them: only those that there are."""
    return {key: list(one) if isinstance(one, tuple) else one for key, one in vars(limits).items() if one}
