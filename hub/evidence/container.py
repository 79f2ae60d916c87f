"""Opening a container that a stranger made: nothing is written to disk, and everything that is read is bounded."""

import hashlib
import json
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from hub.core.errors import MesaError
from hub.evidence.layout import MAX_SMALL, MIMETYPE_FILE
from hub.wire.asic import MIMETYPE

MAX_FILES: Final = 20_000
MAX_DIRECTORY: Final = 16 * 1024 * 1024
MAX_TOTAL: Final = 64 * 1024**3
MAX_RATIO: Final = 200
_CHUNK: Final = 1024 * 1024
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError, ValueError, KeyError)


class ContainerFault(MesaError):
    """A container that cannot be opened, or must not be: ZIP_... and JSON_... codes; `detail` names the file."""

    code = "ZIP_BROKEN"


@dataclass
class Container:
    """A container whose list of files is known to be safe. Digests are computed once, streaming."""

    archive: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]
    repeated: tuple[str, ...]
    _digests: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def under(self, prefix: str) -> list[str]:
        """The names of the files of a folder, sorted."""
        return sorted(name for name in self.entries if name.startswith(prefix))

    def sha256(self, name: str) -> bytes:
        """SHA-256 of a file, read a megabyte at a time. Raises ContainerFault."""
        if name not in self._digests:
            digest = hashlib.sha256()
            for part in self._parts(name):
                digest.update(part)
            self._digests[name] = digest.digest()
        return self._digests[name]

    def read(self, name: str, at_most: int = MAX_SMALL) -> bytes:
        """A small file, whole. Raises ContainerFault: FILE_MISSING, ZIP_TOO_LARGE, ZIP_BROKEN."""
        if name not in self.entries:
            raise ContainerFault(name, code="FILE_MISSING")
        if self.entries[name].file_size > at_most:
            raise ContainerFault(name, code="ZIP_TOO_LARGE")
        return b"".join(self._parts(name))

    def json(self, name: str) -> dict[str, Any]:
        """A list of what is in the bundle. Raises ContainerFault also for what is no JSON object: JSON_MALFORMED."""
        try:
            value = json.loads(self.read(name))
        except (ValueError, RecursionError) as error:
            raise ContainerFault(name, code="JSON_MALFORMED") from error
        if not isinstance(value, dict):
            raise ContainerFault(name, code="JSON_MALFORMED")
        return value

    def _parts(self, name: str) -> Iterator[bytes]:
        """The bytes of a file; a reader that stops at the announced size and compares the checksum."""
        try:
            with self.archive.open(self.entries[name]) as stream:
                while part := stream.read(_CHUNK):
                    yield part
        except _BROKEN as error:
            raise ContainerFault(name, code="ZIP_BROKEN") from error


def open_container(stream: BinaryIO, *, max_total: int = MAX_TOTAL) -> Container:
    """Look at the list of files of a container, and give it if none of them is dangerous.

    Raises ContainerFault: ZIP_BROKEN, ZIP_TOO_MANY, ZIP_TOO_LARGE, ZIP_BOMB, ZIP_BAD_NAME, ZIP_LINK, ZIP_ENCRYPTED,
    ZIP_METHOD, MIMETYPE_WRONG. A name that is there twice is told in `repeated`.
    """
    _check_directory(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN as error:
        raise ContainerFault(code="ZIP_BROKEN") from error
    listed = archive.infolist()
    for entry in listed:
        _check_entry(entry)
    if sum(entry.file_size for entry in listed) > max_total:
        raise ContainerFault(code="ZIP_TOO_LARGE")
    times = Counter(entry.filename for entry in listed)
    container = Container(
        archive,
        {entry.filename: entry for entry in listed},
        tuple(sorted(name for name, count in times.items() if count > 1)),
    )
    _check_mimetype(container, listed)
    return container


def _check_directory(stream: BinaryIO) -> None:
    """The end of the archive, before anybody reads its directory into memory."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 65_557 - 20))
    tail = stream.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + 22:
        raise ContainerFault(code="ZIP_BROKEN")
    count, length = struct.unpack("<HL", tail[end + 10 : end + 16])
    if 0xFFFF in (count,) or length == 0xFFFFFFFF:
        count, length = _sizes_64(stream, tail[max(0, end - 20) : end])
    stream.seek(0)
    if count > MAX_FILES or length > MAX_DIRECTORY:
        raise ContainerFault(code="ZIP_TOO_MANY")


def _sizes_64(stream: BinaryIO, locator: bytes) -> tuple[int, int]:
    if locator[:4] != _LOCATOR_64:
        raise ContainerFault(code="ZIP_BROKEN")
    stream.seek(struct.unpack("<Q", locator[8:16])[0])
    record = stream.read(56)
    if len(record) < 56 or record[:4] != _END_64:
        raise ContainerFault(code="ZIP_BROKEN")
    count, length = struct.unpack("<QQ", record[32:48])
    return int(count), int(length)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name, original = entry.filename, entry.orig_filename
    parts = name.split("/")
    if name != original or not name.isprintable() or "\\" in name or ":" in name or len(name) > 200:
        raise ContainerFault(ascii(original)[:80], code="ZIP_BAD_NAME")
    if not all(parts) or ".." in parts or "." in parts:
        raise ContainerFault(ascii(name)[:80], code="ZIP_BAD_NAME")
    kind = entry.external_attr >> 16 & 0o170000
    if kind not in (0, 0o100000):
        raise ContainerFault(name, code="ZIP_LINK")
    if entry.flag_bits & 0x41:
        raise ContainerFault(name, code="ZIP_ENCRYPTED")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ContainerFault(name, code="ZIP_METHOD")
    if entry.file_size > entry.compress_size * MAX_RATIO + _CHUNK:
        raise ContainerFault(name, code="ZIP_BOMB")


def _check_mimetype(container: Container, listed: list[zipfile.ZipInfo]) -> None:
    """First, stored, alone in its header: what a reader of the type looks for at the first bytes (6.2 of the norm)."""
    first = listed[0] if listed else None
    if first is None or (first.filename, first.compress_type, first.header_offset) != (MIMETYPE_FILE, 0, 0):
        raise ContainerFault(MIMETYPE_FILE, code="MIMETYPE_WRONG")
    if container.read(MIMETYPE_FILE, 100) != MIMETYPE.encode():
        raise ContainerFault(MIMETYPE_FILE, code="MIMETYPE_WRONG")
