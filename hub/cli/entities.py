"""`mesa entities export`: what holds now, as a file that can be declared again."""

import sys
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from hub.clock import now
from hub.entities import export


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
