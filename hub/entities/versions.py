"""Import what a sector's file declares, as versions of what changed. A version is never edited.

What a coordinator published on screen lies over the file, key by key, and an import leaves it there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hub.core.errors import Forbidden, MesaError
from hub.entities.checking import Checked
from hub.entities.declared import AGREEMENT, ENTITY, Declared
from hub.entities.faults import Fault
from hub.entities.loading import FILE, SCREEN, WITHDRAWN, Held, newest
from hub.models.directory import Declaration, EntityRow, InstitutionState
from hub.models.schema import LOCK_NOT_AVAILABLE

CHANNEL = "directory_changed"
LOCK = 7_306_007
PATIENCE = "5s"
"""How long a person at a screen waits for who changes the directory."""


class NotImportable(MesaError):
    """The file has faults, or the certificates it names could not be read yet; nothing was written."""

    code = "ENTITIES_NOT_IMPORTABLE"

    def __init__(self, checked: Checked) -> None:
        super().__init__(f"{len(checked.errors)} faults")
        self.checked = checked


@dataclass(frozen=True)
class Conflict:
    """The file changed a key that a screen had published with another value: the screen's still holds."""

    entity: str
    key: str
    in_file: Any
    on_screen: Any


@dataclass(frozen=True)
class Imported:
    """What an import wrote. `missing` are bodies that the tables hold and the file does not: they stay."""

    changed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    missing: tuple[str, ...] = ()


def lock(session: Session) -> None:
    """Wait until nobody else imports, and keep it so until the transaction ends. Who reads the file reads it after."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def lock_soon(session: Session) -> None:
    """The same for who waits at a screen. Raises Forbidden DIRECTORY_BUSY after PATIENCE; then roll back."""
    session.execute(text(f"set local lock_timeout = '{PATIENCE}'"))
    try:
        lock(session)
    except OperationalError as error:
        if getattr(error.orig, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Forbidden(code="DIRECTORY_BUSY") from error
    session.execute(text("set local lock_timeout to default"))


def import_declared(session: Session, checked: Checked, now: datetime) -> Imported:
    """Write a version of everything that changed, and wake who listens on `directory_changed`.

    Importing the same file again writes nothing. Flushes, does not commit. Raises NotImportable.
    """
    if not checked.is_importable:
        raise NotImportable(checked)
    lock(session)
    held = newest(session, now=None)
    _keep_identities(session, checked)
    wanted = {(one.kind, one.key): one for one in (*checked.declared, *withdrawals(held, checked.declared))}
    changed = [one for place, one in wanted.items() if _digest_of(held.get((*place, FILE))) != one.digest]
    for one in changed:
        session.add(_version(one, now))
    session.flush()
    if changed:
        session.execute(select(func.pg_notify(CHANNEL, "")))
    codes = {one.key for one in checked.declared if one.kind == ENTITY}
    missing = sorted(key for kind, key, origin in held if kind == ENTITY and origin == FILE and key not in codes)
    conflicts = [conflict for one in changed for conflict in _conflicts(one, held)]
    return Imported(tuple(f"{one.kind}:{one.key}" for one in changed), tuple(conflicts), tuple(missing))


def _digest_of(row: Declaration | None) -> bytes | None:
    return row.digest if row is not None else None


def _version(one: Declared, now: datetime) -> Declaration:
    return Declaration(
        kind=one.kind, key=one.key, valid_from=now, origin=FILE, declared=dict(one.json), digest=one.digest
    )


def withdrawals(held: Held, declared: tuple[Declared, ...]) -> list[Declared]:
    """Agreements that the tables hold and a file does not any more."""
    named = {one.key for one in declared if one.kind == AGREEMENT}
    gone = (key for kind, key, origin in held if kind == AGREEMENT and origin == FILE and key not in named)
    return [Declared(AGREEMENT, key, WITHDRAWN) for key in gone]


def _keep_identities(session: Session, checked: Checked) -> None:
    """A row for each body, so that others can point at it; a corrected RUC is written over, a code never."""
    rows = {row.code: row for row in session.scalars(select(EntityRow))}
    holders = {row.ruc: row.code for row in rows.values()}
    rucs = {one.key: str(one.json["ruc"]) for one in checked.declared if one.kind == ENTITY}
    renamed = [_renamed(code, ruc, holders[ruc]) for code, ruc in rucs.items() if holders.get(ruc, code) != code]
    if renamed:
        raise NotImportable(Checked((*checked.faults, *renamed)))
    for code, ruc in rucs.items():
        if code not in rows:
            row = EntityRow(code=code, ruc=ruc)
            session.add(row)
            session.flush()
            session.add(InstitutionState(entity_id=row.id))
        elif rows[code].ruc != ruc:
            rows[code].ruc = ruc
    session.flush()


def _renamed(code: str, ruc: str, held: str) -> Fault:
    return Fault(0, f"entities[{code}].code", "ENTITY_RENAMED", {"value": code, "held": held, "ruc": ruc})


def _conflicts(one: Declared, held: Held) -> list[Conflict]:
    screen = held.get((one.kind, one.key, SCREEN))
    before = held.get((one.kind, one.key, FILE))
    if screen is None:
        return []
    old = before.declared if before else {}
    return [
        Conflict(one.key, key, one.json.get(key), shown)
        for key, shown in screen.declared.items()
        if one.json.get(key) != shown and one.json.get(key) != old.get(key)
    ]
