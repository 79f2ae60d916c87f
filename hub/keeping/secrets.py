"""The hub's keys and secrets in the copy: an archive that only the passphrase opens."""

import io
import tarfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from hub.embedded.errors import EmbeddedError
from hub.wire.locked import SHORTEST, WrongPassphrase, lock, unlock

ENV, DECLARED = "mesa.env", "entities.yaml"
_OURS = ("MESA_", "DATABASE_URL")
_NOT_KEPT = "MESA_BACKUP"
"""What closes the archive does not lie in it."""


def locked_keys(folder: Path, settings: Mapping[str, str], declared: Path, passphrase: str) -> bytes:
    """Everything in `folder`, the settings and the sector's file, locked. Raises EmbeddedError for a poor passphrase.

    Without some settings what is restored is not the same hub: the tracking keys on printed constancias, for one.
    """
    check_passphrase(passphrase)
    _check_whole(folder, settings, declared)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        if folder.exists():
            tar.add(folder, "keys")
        _add(tar, ENV, "".join(f"{name}={value}\n" for name, value in sorted(settings.items())).encode())
        if declared.exists():
            _add(tar, DECLARED, declared.read_bytes())
    return lock(archive.getvalue(), passphrase)


def check_passphrase(passphrase: str) -> None:
    """Raises EmbeddedError for one that is too short to close anything."""
    if len(passphrase) < SHORTEST:
        raise EmbeddedError(f"La frase que cierra las claves necesita al menos {SHORTEST} caracteres.")


def _check_whole(folder: Path, settings: Mapping[str, str], declared: Path) -> None:
    """A copy without these is not the hub. Raises EmbeddedError, saying which setting to look at."""
    lacks = (
        ([*folder.glob("hub/*.key.pem")], f"las claves del hub: {folder} no las tiene (MESA_KEYS)"),
        (declared.exists(), f"el archivo del sector: {declared} no está (MESA_ENTITIES)"),
        (settings.get("MESA_TRACKING_SECRET"), "MESA_TRACKING_SECRET, con el que se leen las claves de seguimiento"),
    )
    for there, what in lacks:
        if not there:
            raise EmbeddedError(f"No se copia: falta {what}. Dale a mesa backup los mismos ajustes que al hub.")


def settings_in(environ: Mapping[str, str]) -> dict[str, str]:
    """The hub's own of the environment; what is named by a file with what it says.

    Raises EmbeddedError for a file that cannot be read, or that is no value of one line: it would be missing one day.
    """
    named = {name: value for name, value in environ.items() if name.startswith(_OURS)}
    kept = {name: value for name, value in named.items() if not name.startswith(_NOT_KEPT)}
    files = {name: value for name, value in kept.items() if name.endswith("_FILE") and value}
    return {name.removesuffix("_FILE"): _content(name, Path(value)) for name, value in files.items()} | kept


def _content(name: str, file: Path) -> str:
    try:
        content = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise EmbeddedError(f"No se copia: no se puede leer {file}, que nombra {name}.") from error
    if "\n" in content:
        raise EmbeddedError(f"No se copia: {file}, que nombra {name}, tiene más de una línea.")
    return content


def pairs_in(content: bytes) -> dict[str, str]:
    """The NAME=value lines of a file."""
    pairs = (line.partition("=") for line in content.decode().splitlines() if "=" in line)
    return {name: value for name, _, value in pairs}


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))


def opened_keys(locked: bytes, passphrase: str) -> dict[str, bytes]:
    """{path: content} of what was locked. Raises EmbeddedError."""
    try:
        archive = io.BytesIO(unlock(locked, passphrase))
    except WrongPassphrase as error:
        raise EmbeddedError("Esa frase no abre las claves de la copia: revisa que sea la de ese día.") from error
    found = {}
    with tarfile.open(fileobj=archive, mode="r:gz") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if content is not None:
                found[entry.name] = content.read()
    return found


def put_keys(found: Mapping[str, bytes], folder: Path, now: datetime) -> int:
    """Write the keys that are missing in `folder`; a different one goes aside first. Gives how many were written."""
    written = 0
    for name, content in found.items():
        path = folder / name.removeprefix("keys/")
        if not name.startswith("keys/") or (path.exists() and path.read_bytes() == content):
            continue
        put_secret(path, content, now)
        written += 1
    return written


def put_secret(path: Path, content: bytes, now: datetime) -> None:
    """A file that its owner alone reads; what was there before stays beside it, named by the instant."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        path.rename(path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S}"))
    path.touch(mode=0o600)
    path.write_bytes(content)
