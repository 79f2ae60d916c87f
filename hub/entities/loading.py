"""Load the directory that holds at an instant: the newest versions of the file, the screen's over them.

A body that joined by itself stands on the screen's version alone, until a file declares it too.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from hub.core.bodies import DecreeDayRecord
from hub.core.directory import Directory
from hub.core.errors import NotFound
from hub.entities.declared import SECTOR, Declared
from hub.entities.records import to_directory
from hub.models import DecreeDay
from hub.models.directory import Declaration, EntityRow, Revocation

FILE, SCREEN = "file", "screen"
WITHDRAWN: Mapping[str, Any] = {"withdrawn": True}
"""What a version says of an agreement that the file no longer holds."""

Held: TypeAlias = Mapping[tuple[str, str, str], Declaration]
"""The newest versions by kind, key and origin."""


def load(session: Session, now: datetime) -> Directory:
    """The directory that holds at `now`. Raises NotFound where nothing has been imported yet."""
    held = newest(session, now)
    grounds = [row for (kind, key, origin), row in held.items() if origin == FILE or (kind, key, FILE) not in held]
    if not any(row.kind == SECTOR for row in grounds):
        raise NotFound(code="DIRECTORY_EMPTY")
    declared = [Declared(row.kind, row.key, overlaid(row, held)) for row in grounds if row.declared != WITHDRAWN]
    ids = {row.code: row.id for row in session.scalars(select(EntityRow))}
    revoked = {row.fingerprint: row.revoked_at for row in session.scalars(select(Revocation))}
    directory = replace(to_directory(declared, ids), decree_days=_decree_days(session))
    return directory.with_revoked(revoked) if revoked else directory


def _decree_days(session: Session) -> tuple[DecreeDayRecord, ...]:
    """The days by decree that no norm has taken back, oldest first."""
    rows = session.scalars(select(DecreeDay).where(DecreeDay.ended_at.is_(None)).order_by(DecreeDay.day, DecreeDay.id))
    return tuple(DecreeDayRecord(row.day, row.norm, tuple(row.scope), row.is_tax_business) for row in rows)


def newest(session: Session, now: datetime | None) -> Held:
    """The newest version of each thing and origin that has come by `now` (None: whatever its date)."""
    thing = (Declaration.kind, Declaration.key, Declaration.origin)
    query = select(Declaration).ext(distinct_on(*thing))
    query = query.order_by(*thing, Declaration.valid_from.desc(), Declaration.id.desc())
    if now is not None:
        query = query.where(Declaration.valid_from <= now)
    return {(row.kind, row.key, row.origin): row for row in session.scalars(query)}


def overlaid(row: Declaration, held: Held) -> dict[str, Any]:
    """What a version declares, with what the screen published over it, key by key."""
    screen = held.get((row.kind, row.key, SCREEN))
    return {**row.declared, **screen.declared} if screen else dict(row.declared)
