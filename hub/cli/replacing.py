"""The declared file on its disk: read, and replaced in one step by its next text, of the same owner and rights."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.cli.complaint import Complaint, why


def text_of(file: Path) -> str:
    """A text file. Raises Complaint."""
    return text_in(file, bytes_of(file))


def bytes_of(file: Path) -> bytes:
    """Its bytes, to be compared. Raises Complaint."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Complaint(f"No se puede leer {file}: {why(error)}.") from error


def text_in(file: Path, found: bytes) -> str:
    """The bytes of a file as text. Raises Complaint."""
    try:
        return found.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise Complaint(f"No se puede leer {file}: no está en UTF-8.") from error


class Replacement:
    """The next text of a file, on the disk beside it."""

    def __init__(self, file: Path, before: bytes, beside: Path) -> None:
        self._file, self._before, self._beside = file, before, beside

    def take_place(self) -> None:
        """In one step: who reads meanwhile reads the one or the other. Raises Complaint where somebody wrote it."""
        if bytes_of(self._file) != self._before:
            raise Complaint(f"No se tocó nada: alguien cambió {self._file} hace un momento. Repite la orden.")
        try:
            self._beside.replace(self._file.resolve())
        except OSError as error:
            raise _unwritable(self._file, error) from error


@contextmanager
def next_text(file: Path, before: bytes, text: str) -> Iterator[Replacement]:
    """Write it beside the file, for `take_place`; if that is not called, nothing stays. Raises Complaint."""
    place, beside = file.resolve(), None
    try:
        try:
            kept = place.stat()
            handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
            beside = Path(name)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
                out.write(text)
                os.fchown(handle, kept.st_uid, kept.st_gid)
                os.fchmod(handle, kept.st_mode & 0o7777)
                out.flush()
                os.fsync(handle)
        except OSError as error:
            raise _unwritable(file, error) from error
        yield Replacement(file, before, beside)
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _unwritable(file: Path, error: OSError) -> Complaint:
    return Complaint(
        f"No se tocó nada: no se puede escribir {file} ({why(error)}). Repite la orden con la cuenta de quien es "
        "dueño del archivo; si está montado de solo lectura, cambia el original y después usa mesa entities import."
    )
