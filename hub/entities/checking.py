"""Check a declared sector: everything that is wrong with it, at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path as FilePath

from hub.core.calendar import local_date
from hub.core.directory import Directory
from hub.entities.certificates import read_certificates
from hub.entities.declared import Declared, declare
from hub.entities.faults import Fault
from hub.entities.meaning import note_entity_faults
from hub.entities.procedures import note_procedure_faults
from hub.entities.reading import read
from hub.entities.records import to_directory
from hub.entities.relations import note_relation_faults
from hub.entities.shapes import note_shapes
from hub.entities.ways import note_way_faults


@dataclass(frozen=True)
class Checked:
    """What a check found. `declared` is empty unless the file can be imported as it stands."""

    faults: tuple[Fault, ...]
    declared: tuple[Declared, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if not fault.is_warning)

    @property
    def is_importable(self) -> bool:
        """No errors, and every certificate that is named could be read."""
        return bool(self.declared)

    @property
    def directory(self) -> Directory:
        """The directory that an import of this file gives."""
        return to_directory(self.declared)


def check(text: str, *, keys: FilePath | None, environ: Mapping[str, str], now: datetime) -> Checked:
    """Check the text of a sector's file.

    `keys` is the folder of keys (certificates are read from it), `environ` what `${NAME:-default}` is taken
    from, `now` the instant for which certificates must be valid. Never raises for what the file says.
    """
    reading = read(text, environ)
    if reading.value is None:
        return Checked(reading.faults)
    note_shapes(reading)
    note_entity_faults(reading)
    note_procedure_faults(reading)
    note_relation_faults(reading, local_date(now))
    note_way_faults(reading)
    certificates = read_certificates(reading, keys, now)
    faults = reading.faults
    if any(not fault.is_warning or fault.code == "KEYS_MISSING" for fault in faults):
        return Checked(faults)
    return Checked(faults, declare(reading.value, certificates))


def check_file(path: FilePath, *, keys: FilePath | None, environ: Mapping[str, str], now: datetime) -> Checked:
    """Check a file; one that cannot be read is a fault like another."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Checked((Fault(line, "", "FILE_NOT_UTF8"),))
    except OSError as error:
        return Checked((Fault(0, "", "FILE_UNREADABLE", {"value": str(path), "detail": error.strerror}),))
    return check(text, keys=keys, environ=environ, now=now)
