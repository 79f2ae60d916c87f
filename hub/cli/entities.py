"""`mesa entities export` and `apply`: what holds now as a file that can be declared again; a change of the file."""

import os
import sys
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub import proposals
from hub.cli.complaint import Complaint
from hub.clock import now
from hub.embedded.prepare import import_entities
from hub.entities import check, export, import_declared
from hub.entities.foreseeing import foresee
from hub.entities.patching import DoesNotApply, apply_diff
from hub.entities_changes import sentences
from hub.entities_check import line_of
from hub.settings import Settings


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
    with Session(engine) as session:
        diff = proposals.by_number(session, number).diff if number is not None else _diff(source)
        before = _text(file)
        try:
            text = apply_diff(before, diff)
        except DoesNotApply as error:
            raise Complaint(f"El cambio no encaja en {file} ({error}): otra persona cambió esas líneas.") from error
        checked = check(text, keys=settings.keys_folder, environ=os.environ, now=at)
        for fault in checked.faults:
            print(line_of(str(file), fault), file=sys.stderr)
        if not checked.is_importable:
            raise Complaint(f"No se tocó nada: con el cambio, {file} tendría fallas.")
        for sentence in sentences(foresee(session, checked)) or ["El directorio no cambia."]:
            print(f"- {sentence}")
        if is_trial:
            print("Es una prueba: no se tocó nada.")
            return 0
        import_declared(session, checked, at)
        applied = proposals.settle(session, at)
        _write(file, text)
        session.commit()
    print(f"{file}: escrito, y el directorio está al día.{_of_proposals(applied)}")
    return 0


def _of_proposals(applied: tuple[int, ...]) -> str:
    if not applied:
        return ""
    named = ", ".join(str(one) for one in applied)
    return f" {'Queda aplicada la propuesta' if len(applied) == 1 else 'Quedan aplicadas las propuestas'} {named}."


def _diff(source: str) -> str:
    return sys.stdin.read() if source == "-" else _text(Path(source))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint(f"No se puede leer {file}: {getattr(error, 'strerror', '') or 'no está en UTF-8'}.") from error


def _write(file: Path, text: str) -> None:
    """In one step: who reads meanwhile reads the one or the other."""
    place = file.resolve()
    beside = place.with_name(f".{place.name}.nuevo")
    beside.write_text(text, "utf-8")
    beside.chmod(place.stat().st_mode & 0o7777)
    beside.replace(place)
