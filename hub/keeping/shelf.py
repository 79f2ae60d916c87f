"""The folder of copies, and the notes that say what it holds.

base-20261122T091500Z/  base.tar.gz, pg_wal.tar.gz, backup_manifest; keys.locked; note.json, written last
wal/                    PostgreSQL's log since the first base, segment by segment
documents/ab/abcd...    as in the store; documents.sqlite has the size and the SHA-256 of each
rounds.json             until which instant everything is here
begun-anew              while wal/ has begun anew and no base was finished since: what it holds cannot be played yet
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.core.calendar import LIMA
from hub.embedded.errors import EmbeddedError

STAMP = "%Y%m%dT%H%M%SZ"
NOTE, KEYS = "note.json", "keys.locked"


@dataclass(frozen=True)
class Base:
    """One base backup. `start_segment` is the first file of the log that it needs; `files` its digests by name.

    `user` owns the tables; who took the copy may be another.
    """

    folder: Path
    taken_at: datetime
    postgres: int
    database: str
    user: str
    revision: str
    start_segment: str
    files: Mapping[str, str]
    balance: Mapping[str, Any]
    """The newest signed root of the ledger then: what is restored to a later instant must hold it."""
    ended_at: datetime | None = None
    """When it was whole, by the server's clock: before that instant it cannot be stopped."""

    @property
    def reaches_from(self) -> datetime:
        return self.ended_at or self.taken_at

    @property
    def major(self) -> int:
        return self.postgres // 10000


@dataclass(frozen=True)
class Round:
    """The last time that everything was brought. What was confirmed before `until` is here, with its documents.

    `upto` is the place in the log, as the server writes it, that must be reached when it is all played again.
    """

    until: datetime
    documents: int = 0
    bytes: int = 0
    upto: str = ""


@dataclass(frozen=True)
class Shelf:
    """`Shelf(folder)`; made where it is missing by `open_for_writing`."""

    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def documents(self) -> Path:
        return self.folder / "documents"

    @property
    def begun_anew(self) -> Path:
        return self.folder / "begun-anew"

    def open_for_writing(self) -> None:
        for each in (self.folder, self.wal, self.documents):
            each.mkdir(parents=True, exist_ok=True)
            each.chmod(0o700)

    def logs(self) -> list[Path]:
        """The folders of the log, also those that were set aside when it had a gap."""
        return sorted(self.folder.glob("wal*/"), key=lambda one: one.stat().st_mtime)

    def bases(self) -> list[Base]:
        """Complete base backups, oldest first."""
        found = [_read_base(note) for note in self.folder.glob(f"base-*/{NOTE}")]
        return sorted(found, key=lambda one: one.taken_at)

    def last_round(self) -> Round | None:
        try:
            said = json.loads((self.folder / "rounds.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return Round(datetime.fromisoformat(said["until"]), said["documents"], said["bytes"], said.get("upto", ""))

    def note_round(self, done: Round) -> None:
        write_whole(self.folder / "rounds.json", {**asdict(done), "until": done.until.isoformat()})


def note_base(base: Base) -> None:
    """Write down a base: from now on it counts."""
    said = {name: value for name, value in asdict(base).items() if name != "folder"}
    instants = {"taken_at": _written(base.taken_at), "ended_at": _written(base.reaches_from)}
    write_whole(base.folder / NOTE, {"v": 1, **said, **instants})


def in_lima(instant: datetime) -> str:
    """As an operator reads it: date and hour of Lima, to the second."""
    return f"{instant.astimezone(LIMA):%d/%m/%Y %H:%M:%S}"


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def write_whole(file: Path, content: Mapping[str, Any]) -> None:
    """A file that appears whole or not at all, also after a power cut."""
    half = file.with_name(f"{file.name}.new")
    with half.open("w", encoding="utf-8") as out:
        json.dump(content, out, indent=1, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    half.rename(file)


def digests_of(folder: Path) -> dict[str, str]:
    """{name: SHA-256} of the files of a folder."""
    found = {}
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def check_base(base: Base) -> None:
    """Raises EmbeddedError, naming the file, where a byte of a base is not what was noted."""
    there = digests_of(base.folder)
    for name, digest in base.files.items():
        if there.get(name) != digest:
            state = "está dañado" if name in there else "falta"
            raise EmbeddedError(f"La copia {base.folder.name} no sirve: {name} {state}. Usa otra, o la de otro disco.")


def check_files(manifest: Path, cluster: Path) -> None:
    """Compare each file of a cluster with what the server said of it. Raises EmbeddedError, naming the first other."""
    for one in json.loads(manifest.read_text("utf-8"))["Files"]:
        name = one.get("Path") or os.fsdecode(bytes.fromhex(one["Encoded-Path"]))
        path = cluster / name
        with suppress(FileNotFoundError), path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == one["Checksum"]:
                continue
        raise EmbeddedError(f"La copia de la base no sirve: {name} no es lo que el servidor copió. Usa otra.")


def _read_base(note: Path) -> Base:
    said = json.loads(note.read_text("utf-8"))
    if said.pop("v") != 1:
        raise EmbeddedError(f"{note} es de una versión que este programa no conoce.")
    instants = {name: datetime.fromisoformat(said[name]) for name in ("taken_at", "ended_at") if name in said}
    return Base(**{**said, "folder": note.parent, **instants})
