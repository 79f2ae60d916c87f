"""Read the certificates that a sector names, from the folder of keys or from the file itself."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path as FilePath
from ssl import DER_cert_to_PEM_cert
from typing import Any

from hub.core.calendar import LIMA, end_of_day
from hub.entities.faults import Path
from hub.entities.looking import day, mappings, text
from hub.entities.reading import Reading
from hub.wire.trusted import Leaf, leaf_of, rucs_in

_WARN_BEFORE = timedelta(days=30)
_LARGEST = 64 * 1024


def read_certificates(reading: Reading, keys: FilePath | None, now: datetime) -> dict[Path, dict[str, str]]:
    """Read every certificate and note what is wrong; gives the declared form of the good ones, by path.

    `keys` is the folder of keys, or None. Where it does not exist yet (before `mesa keys`) a warning says so.
    """
    declared: dict[Path, dict[str, str]] = {}
    first: dict[bytes, Path] = {}
    for path, leaf in _readable(reading, keys):
        if leaf.fingerprint in first:
            reading.fault(path, "CERTIFICATE_TWICE", first=reading.lines.get(first[leaf.fingerprint], 1))
            continue
        first[leaf.fingerprint] = path
        starts, ends = _window(_at(reading.value, path), leaf)
        _note_dates(reading, path, starts, ends, now)
        _note_owner(reading, path, leaf)
        declared[path] = {
            "pem": DER_cert_to_PEM_cert(leaf.der),
            "fingerprint": leaf.fingerprint.hex(),
            "valid_from": starts.isoformat(),
            "valid_until": ends.isoformat(),
        }
    _note_signers_without(reading)
    return declared


def _entries(reading: Reading) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path, entity in mappings(reading.value, (), "entities"):
        yield from mappings(entity, path, "certificates")


def _at(value: Any, path: Path) -> dict[str, Any]:
    for step in path:
        value = value[step]
    found: dict[str, Any] = value
    return found


def _readable(reading: Reading, keys: FilePath | None) -> Iterator[tuple[Path, Leaf]]:
    for path, entry in _entries(reading):
        pem, file = text(entry, "pem"), text(entry, "file")
        if bool(pem) == bool(file):
            continue  # noted against the schema
        source = pem.encode() if pem else _content(reading, (*path, "file"), file, keys)
        if source is None:
            continue
        leaf = _leaf(reading, (*path, "pem" if pem else "file"), source)
        if leaf is not None:
            yield path, leaf


def _leaf(reading: Reading, path: Path, pem: bytes) -> Leaf | None:
    if b"PRIVATE KEY" in pem:
        reading.fault(path, "CERTIFICATE_PRIVATE_KEY")
        return None
    try:
        leaf = leaf_of(pem)
    except ValueError:
        reading.fault(path, "CERTIFICATE_UNREADABLE")
        return None
    if not leaf.is_strong:
        reading.fault(path, "CERTIFICATE_WEAK")
    return leaf


def _content(reading: Reading, path: Path, file: str, keys: FilePath | None) -> bytes | None:
    if FilePath(file).is_absolute() or ".." in FilePath(file).parts:
        reading.fault(path, "CERTIFICATE_PATH", value=file)
        return None
    if keys is None or not keys.is_dir():
        if not any(reading.paths_with("KEYS_MISSING")):
            reading.fault(path, "KEYS_MISSING", is_warning=True, value=str(keys or ""))
        return None
    try:
        with (keys / file).open("rb") as stream:
            return stream.read(_LARGEST)
    except OSError as error:
        reading.fault(path, "CERTIFICATE_NOT_FOUND", value=file, folder=str(keys), detail=error.strerror)
        return None


def _window(entry: dict[str, Any], leaf: Leaf) -> tuple[datetime, datetime]:
    """The declared days, within the certificate's own dates."""
    starts, ends = day(entry, "valid_from"), day(entry, "valid_to")
    opens = datetime.combine(starts, time(), LIMA) if starts else leaf.valid_from
    closes = end_of_day(ends) if ends else leaf.valid_until
    utc = leaf.valid_from.tzinfo
    return max(opens, leaf.valid_from).astimezone(utc), min(closes, leaf.valid_until).astimezone(utc)


def _note_dates(reading: Reading, path: Path, starts: datetime, ends: datetime, now: datetime) -> None:
    if ends <= starts:
        reading.fault(path, "CERTIFICATE_NEVER_VALID")
    elif ends < now:
        reading.fault(path, "CERTIFICATE_EXPIRED", day=ends.date().isoformat())
    elif ends < now + _WARN_BEFORE:
        reading.fault(path, "CERTIFICATE_ENDS_SOON", is_warning=True, day=ends.date().isoformat())
    elif starts > now:
        reading.fault(path, "CERTIFICATE_NOT_YET", is_warning=True, day=starts.date().isoformat())


def _note_owner(reading: Reading, path: Path, leaf: Leaf) -> None:
    """A certificate that names RUCs must name the body's."""
    ruc, named = text(_at(reading.value, path[:2]), "ruc"), rucs_in(leaf.der)
    if named and ruc not in named:
        reading.fault(path, "CERTIFICATE_OTHER_RUC", named=named, ruc=ruc)


def _note_signers_without(reading: Reading) -> None:
    for path, entity in mappings(reading.value, (), "entities"):
        adapter = entity.get("adapter")
        kind = adapter.get("kind") if isinstance(adapter, dict) else None
        if kind in ("rest", "soap") and not entity.get("certificates"):
            reading.fault(path, "CERTIFICATE_NONE", is_warning=True)
