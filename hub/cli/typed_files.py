"""Files whose path was typed after a command."""

from pathlib import Path
from typing import Final

from hub.cli.complaint import Complaint, why

LARGEST: Final = 64 * 1024 * 1024
"""Bytes; what the hub hands out to be kept is far smaller."""


def read(path: str) -> bytes:
    """Its bytes, the first LARGEST of them. Raises Complaint."""
    try:
        with Path(path).open("rb") as stream:
            return stream.read(LARGEST)
    except OSError as error:
        raise Complaint(f"No se puede leer {path}: {why(error)}.") from error
