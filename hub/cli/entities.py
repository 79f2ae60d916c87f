"""`mesa entities export` and `apply`: what holds now as a file that can be declared again; a change of the file."""

import os
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub import proposals
from hub.cli.complaint import Complaint
from hub.cli.replacing import bytes_of, next_text, text_in, text_of
from hub.clock import now
from hub.core.calendar import LIMA
from hub.embedded.prepare import import_entities
from hub.entities import Checked, check, export, import_declared
from hub.entities.foreseeing import foresee
from hub.entities.patching import DoesNotApply, apply_diff
from hub.entities.versions import lock
from hub.entities_changes import sentences
from hub.entities_check import line_of
from hub.settings import Settings
from hub.staff import names_of


def export_command(engine: Engine, file: str | None) -> int:
    """Write it to a file, or to the output where none is named."""
    with Session(engine) as session:
        text = export(session, now())
    if file:
        Path(file).write_text(text, "utf-8")
        print(f"{file}: escrito. Revísalo con `mesa entities check {file}`.")
    else:
        sys.stdout.write(text)
    return 0


def import_command(engine: Engine, settings: Settings) -> int:
    """Import the declared file, and say what it brought."""
    with Session(engine) as session:
        changed = import_entities(session, settings)
        session.commit()
    print(f"Directorio al día: {len(changed)} cambios.")
    return 0


def apply_command(engine: Engine, settings: Settings, source: str, *, number: int | None, is_trial: bool) -> int:
    """Apply a diff to the declared file and import it. The file is written only where all of it can be imported.

    `source` names a file with the diff, or `-`; `number` is a proposal's. Raises Complaint.
    """
    file, at = Path(settings.entities), now()
    typed = "" if number is not None else _diff(source)  # before the lock: who types it keeps nobody waiting
    with Session(engine) as session:
        lock(session)  # before the file is read: who applies another change meanwhile waits for this one
        diff = typed if number is None else _proposed(session, number)
        before = bytes_of(file)
        checked, text = _changed(file, text_in(file, before), diff, settings, at)
        for sentence in sentences(foresee(session, checked)) or ["El directorio no cambia."]:
            print(f"- {sentence}")
        if is_trial:
            print("Es una prueba: no se tocó nada.")
            return 0
        with next_text(file, before, text) as written:
            import_declared(session, checked, at)
            applied = proposals.settle(session, text, at)
            written.take_place()
            _commit(session, file)
    print(f"{file}: escrito, y el directorio está al día.{_of_proposals(applied)}")
    return 0


def _commit(session: Session, file: Path) -> None:
    """After the file took its place. Raises Complaint where the database is lost at that moment."""
    try:
        session.commit()
    except DBAPIError as error:
        lost = f"{file} ya dice lo nuevo, pero la base se perdió antes de guardarlo en el directorio"
        raise Complaint(f"{lost}: cuando vuelva, corre mesa entities import.") from error


def _proposed(session: Session, number: int) -> str:
    """The diff of a proposal that waits. Raises Complaint for one that was set aside or applied."""
    row = proposals.by_number(session, number, for_update=True)
    if row.withdrawn_at:
        who = names_of(session, {row.withdrawn_by_id}).get(row.withdrawn_by_id, "alguien")
        raise Complaint(f"No se tocó nada: {who} dejó de lado la propuesta {number} el {_said(row.withdrawn_at)}.")
    if row.applied_at:
        raise Complaint(f"No se tocó nada: la propuesta {number} ya está aplicada desde el {_said(row.applied_at)}.")
    return row.diff


def _said(at: datetime) -> str:
    return f"{at.astimezone(LIMA):%d/%m/%Y a las %H:%M}"


def _changed(file: Path, before: str, diff: str, settings: Settings, at: datetime) -> tuple[Checked, str]:
    """The text with the change, checked; its faults are printed. Raises Complaint where it cannot be imported."""
    try:
        text = apply_diff(before, diff)
    except DoesNotApply as error:
        raise Complaint(_misfit(file, error.line)) from error
    checked = check(text, keys=settings.keys_folder, environ=os.environ, now=at)
    for fault in checked.faults:
        print(line_of(str(file), fault), file=sys.stderr)
    if not checked.is_importable:
        raise Complaint(f"No se tocó nada: con el cambio, {file} tendría fallas.")
    return checked, text


def _misfit(file: Path, line: int) -> str:
    if not line:
        return "No se tocó nada: ahí no hay ningún cambio, como los que da la pantalla o diff -u."
    return f"El cambio no encaja en {file} (línea {line}): ya está hecho, u otra persona cambió esas líneas."


def _of_proposals(applied: tuple[int, ...]) -> str:
    if not applied:
        return ""
    named = ", ".join(str(one) for one in applied)
    return f" {'Queda aplicada la propuesta' if len(applied) == 1 else 'Quedan aplicadas las propuestas'} {named}."


def _diff(source: str) -> str:
    return sys.stdin.read() if source == "-" else text_of(Path(source))
