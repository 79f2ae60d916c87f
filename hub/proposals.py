"""Proposed changes of the declared file: what somebody typed becomes a diff of `config/entities.yaml`, checked as the
file is, tried against the directory that runs, kept with who and why, and marked when the file says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from hub import trail
from hub.core.errors import Forbidden, InvalidFiling, NeedsReason, NotFound, Problem
from hub.entities import Checked, Fault, check
from hub.entities.foreseeing import Foreseen, between, foresee, holds, told_as_written, variable_address
from hub.entities.patching import apply_diff, diff_of
from hub.entities.reading import without_default
from hub.entities.rewriting import rewrite, values_in
from hub.entities.typed import typed_variables
from hub.models import Proposal
from hub.sight import Viewer

LONGEST_REASON = 500
LISTED = 50
NAME = "config/entities.yaml"
"""As the file is called in a diff, wherever it stands."""


@dataclass(frozen=True)
class DeclaredFile:
    """The declared file as a machine reads it: its text, the folder of its certificates, its variables."""

    text: str
    keys: Path
    environ: Mapping[str, str]
    is_export: bool = False
    """There is no file on this machine: its text is what an export writes."""

    def check(self, text: str, now: datetime) -> Checked:
        """As an import would on this machine."""
        return check(text, keys=self.keys, environ=self.environ, now=now)

    def check_declared(self, text: str, now: datetime) -> Checked:
        """With what the text itself says in the place of its variables, so that this is judged and compared too."""
        needed = {name: self.environ[name] for name in without_default(text) & set(self.environ)}
        return check(text, keys=self.keys, environ=needed, now=now)

    def values(self) -> Any:
        """What it holds, as written. Raises Forbidden for a file that cannot be read as YAML."""
        try:
            return values_in(self.text)
        except ValueError as error:
            raise Forbidden(str(error), code="FILE_UNREADABLE") from error


def declared(path: str, keys: Path, environ: Mapping[str, str], exported: Callable[[], str]) -> DeclaredFile:
    """The file at a path; where there is none, what `exported` writes. Raises Forbidden for one that cannot be read."""
    try:
        return DeclaredFile(Path(path).read_text("utf-8"), keys, environ)
    except FileNotFoundError:
        return DeclaredFile(exported(), keys, environ, is_export=True)
    except (OSError, UnicodeDecodeError) as error:
        raise Forbidden(str(error), code="FILE_UNREADABLE") from error


@dataclass(frozen=True)
class Draft:
    """A change before it is kept. `faults` are those that the change brings in; with an error it cannot be kept."""

    text: str
    diff: str
    faults: tuple[Fault, ...]
    foreseen: tuple[Foreseen, ...]
    """What an import would change in the directory that runs."""
    wanted: tuple[Foreseen, ...]
    """What the change itself changes: the file may hold more that was not imported yet."""
    is_overruled: bool = False
    """Some of it changes nothing on this machine, where a variable is set."""
    is_tried: bool = True
    """False where the file cannot be imported as it stands: it has faults of its own, or certificates are missing."""

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(one for one in self.faults if not one.is_warning)

    @property
    def others(self) -> tuple[Foreseen, ...]:
        """What an import would change besides."""
        own = {one.place for one in self.wanted}
        return tuple(one for one in self.foreseen if one.place not in own)


def draft(session: Session, file: DeclaredFile, after: Any, now: datetime) -> Draft:
    """The file with these values, as a change; what a variable of the file gives is told as it is written there.

    Raises Forbidden where it cannot be written as YAML. A variable that was typed is a fault, and nothing is expanded.
    """
    before = file.values()
    if typed := typed_variables(before, after):
        return Draft(file.text, "", typed, (), (), is_tried=False)
    text, diff = _rewritten(file, after)
    old, new, here = file.check_declared(file.text, now), file.check_declared(text, now), file.check(text, now)
    known = {(one.path, one.code, str(one.params.get("value"))) for one in old.faults}
    faults = tuple(one for one in new.faults if (one.path, one.code, str(one.params.get("value"))) not in known)
    faults = tuple(_as_written(one, after) for one in faults)
    if not (old.is_importable and new.is_importable and here.is_importable):
        return Draft(text, diff, faults, (), (), is_tried=False)
    foreseen, wanted = (
        tuple(told_as_written(one, before, after) for one in told)
        for told in (foresee(session, here), between(old, new))
    )
    felt = {one.place for one in between(file.check(file.text, now), here)}
    return Draft(text, diff, faults, foreseen, wanted, any(one.place not in felt for one in wanted))


def _rewritten(file: DeclaredFile, after: Any) -> tuple[str, str]:
    """The text with these values, and the change as a diff. Raises Forbidden."""
    try:
        text = rewrite(file.text, after)
        diff = diff_of(file.text, text, NAME)
        if diff and apply_diff(file.text, diff) != text:
            raise ValueError("the change is another one when it is applied")
    except ValueError as error:
        raise Forbidden(str(error), code="CHANGE_UNWRITABLE") from error
    return text, diff


def _as_written(fault: Fault, values: Any) -> Fault:
    code = fault.path.removeprefix("entities[").removesuffix("].adapter.address")
    address = variable_address(values, code)
    return replace(fault, params={**fault.params, "value": address}) if address else fault


def keep(
    session: Session, change: Draft, *, entity_code: str, about: str, reason: str, by_user_id: int, now: datetime
) -> Proposal:
    """Keep a change as a proposal; flushed. Raises NeedsReason, and InvalidFiling for one that cannot be imported."""
    if not reason.strip():
        raise NeedsReason()
    if not change.diff or change.errors or not change.wanted:
        raise InvalidFiling([Problem("", "CHANGE_EMPTY" if not change.errors else "CHANGE_INVALID")])
    row = Proposal(
        made_at=now, made_by_id=by_user_id, entity_code=entity_code, about=about[:120],
        reason=reason.strip()[:LONGEST_REASON], diff=change.diff, wanted=[one.to_json() for one in change.wanted],
    )  # fmt: skip
    session.add(row)
    session.flush()
    trail.note(session, "change_proposed", now, actor_id=by_user_id, entity_code=entity_code, proposal=row.id)
    session.flush()
    return row


def settle(session: Session, text: str, now: datetime) -> tuple[int, ...]:
    """Mark the proposals that the file, whose text was just imported, says; flushed. Gives their numbers."""
    waiting = session.scalars(_open().order_by(Proposal.id).with_for_update())
    values = values_in(text)
    applied = [row for row in waiting if holds(session, row.wanted, values)]
    for row in applied:
        row.applied_at = now
        trail.note(session, "change_applied", now, actor_id=None, entity_code=row.entity_code, proposal=row.id)
    session.flush()
    return tuple(row.id for row in applied)


def withdraw(session: Session, viewer: Viewer, own: str, number: int, now: datetime) -> Proposal:
    """Set a proposal aside that nobody is to apply any more; flushed. Raises NotFound, Forbidden PROPOSAL_CLOSED."""
    row = one(session, viewer, own, number, for_update=True)
    if row.applied_at or row.withdrawn_at:
        raise Forbidden(str(number), code="PROPOSAL_CLOSED")
    row.withdrawn_at, row.withdrawn_by_id = now, viewer.user_id
    trail.note(
        session, "change_withdrawn", now, actor_id=viewer.user_id, entity_code=row.entity_code, proposal=row.id
    )
    session.flush()
    return row


def listed(session: Session, viewer: Viewer, own: str, page: int = 1) -> Sequence[Proposal]:
    """A page of proposals, newest first: all for who runs the sector, a body's own for its coordinator."""
    query = select(Proposal).where(_seen_by(viewer, own)).order_by(Proposal.id.desc())
    return session.scalars(query.limit(LISTED).offset(LISTED * (page - 1))).all()


def one(session: Session, viewer: Viewer, own: str, number: int, *, for_update: bool = False) -> Proposal:
    """A proposal that somebody may see; `own` is the code of their body. Raises NotFound."""
    query = select(Proposal).where(Proposal.id == number, _seen_by(viewer, own))
    row = session.scalar(query.with_for_update() if for_update else query) if number < 2**31 else None
    if row is None:
        raise NotFound(str(number), code="PROPOSAL_NOT_FOUND")
    return row


def count_open(session: Session, viewer: Viewer, own: str) -> int:
    """How many wait."""
    return len(session.scalars(_open().where(_seen_by(viewer, own))).all())


def by_number(session: Session, number: int, *, for_update: bool = False) -> Proposal:
    """One by its number, for who works at the machine itself. Raises NotFound."""
    row = session.get(Proposal, number, with_for_update=for_update)
    if row is None:
        raise NotFound(str(number), code="PROPOSAL_NOT_FOUND")
    return row


def _open() -> Any:
    return select(Proposal).where(Proposal.applied_at.is_(None), Proposal.withdrawn_at.is_(None))


def _seen_by(viewer: Viewer, own: str) -> ColumnElement[bool]:
    return true() if "sector_admin" in viewer.roles else Proposal.entity_code == (own or "-")


def pick(items: Iterable[Any], **wanted: Any) -> Any:
    """The first mapping of a list that has these values. Raises NotFound."""
    found = next((item for item in items if all(item.get(key) == value for key, value in wanted.items())), None)
    if found is None:
        raise NotFound(str(wanted), code="NOT_DECLARED")
    return found
