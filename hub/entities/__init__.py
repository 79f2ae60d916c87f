"""Floor 1. Reads and checks config/entities.yaml, imports it as versions, loads what holds now."""

from hub.entities.checking import Checked, check, check_file
from hub.entities.exporting import export
from hub.entities.faults import Fault
from hub.entities.loading import load
from hub.entities.versions import CHANNEL, Conflict, Imported, NotImportable, import_declared

__all__ = [
    "CHANNEL",
    "Checked",
    "Conflict",
    "Fault",
    "Imported",
    "NotImportable",
    "check",
    "check_file",
    "export",
    "import_declared",
    "load",
]
