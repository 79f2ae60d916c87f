"""`mesa entities check`: all that is wrong with a sector's file, each with its line and its remedy."""

import os
from pathlib import Path

import click

from hub.clock import now
from hub.entities import Fault, check_file
from hub.entities_sentences import sentence
from hub.settings import Settings


def check_command(path: str | Path | None = None, *, keys: Path | None = None) -> int:
    """Check a file (MESA_ENTITIES) with the certificates of a folder (MESA_KEYS) and print the outcome.

    0 if the file can be used, 1 if not. Warnings do not count.
    """
    settings = Settings.from_env()
    file = Path(path or settings.entities)
    checked = check_file(file, keys=keys or settings.keys_folder, environ=os.environ, now=now())
    for fault in checked.faults:
        click.echo(line_of(str(file), fault))
    errors = len(checked.errors)
    click.echo(f"{file}: {_count(errors, 'falla')} y {_count(len(checked.faults) - errors, 'aviso')}.")
    return 1 if errors else 0


def line_of(path: str, fault: Fault) -> str:
    """`file:12: falla: entities[igp].ruc: what is wrong`, and the remedy on a line of its own."""
    wrong, remedy = sentence(fault)
    kind = "aviso" if fault.is_warning else "falla"
    where = f"{fault.path}: " if fault.path else ""
    return f"{path}:{fault.line}: {kind}: {where}{wrong}\n    Remedio: {remedy}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
