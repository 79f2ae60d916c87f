"""Trying things for real: a stamp, the mail server, the antivirus, the store, the disks, our own certificates.

Each gives what came of it, in bounded time, with no transaction open meanwhile. What one raises all the same is
caught by `attempted`, so that a probe that breaks is told like any other trouble and silences nothing.
"""

import hashlib
import io
import logging
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from hub.carriers import postman_of
from hub.core.errors import DeliveryFailure, StorageFailure
from hub.monitoring.probes import Tried
from hub.presses import time_stamper
from hub.scanners import scanner_from
from hub.settings import Settings
from hub.storage import Store
from hub.wire.trusted import leaf_of

log = logging.getLogger("mesa.worker")
Try = Callable[[], Tried]
PATIENCE: Final = 5.0
"""Seconds that a neighbour is given: one that takes longer fails those who wait for it, too."""
BROKEN: Final = "PROBE_BROKEN"
"""The code of a try that itself broke."""
OWN_CERTIFICATES: Final = ("ca/crt.pem", "hub/*.crt.pem", "tsa/crt.pem")


def tries(settings: Settings, now: datetime) -> dict[str, Try]:
    """Everything that this machine can try, by the name under which it is kept."""
    found: dict[str, Try] = {
        "antivirus": partial(try_antivirus, settings),
        "store": partial(try_store, settings),
        **{f"disk:{path}": partial(try_disk, path) for path in disks(settings)},
        **{f"certificate:{name}": partial(try_certificate, name, path) for name, path in certificates(settings)},
    }
    if settings.smtp:
        found["mail"] = partial(try_mail, settings)
    if settings.tsa:
        found["tsa"] = partial(try_stamp, settings, now)
    return found


def attempted(name: str, try_it: Try) -> Tried:
    """What came of a try, whatever it raises."""
    try:
        return try_it()
    except Exception as error:
        log.exception("probe %s", name)
        return Tried(name, BROKEN, {"error": type(error).__name__})


def try_stamp(settings: Settings, now: datetime) -> Tried:
    """Ask for a real stamp over random bytes; `ahead` is by how many seconds the authority's clock leads ours."""
    stamper = time_stamper(settings)
    if stamper is None:
        return Tried("tsa", "TSA_UNSET")
    try:
        stamp = stamper.stamp(hashlib.sha256(secrets.token_bytes(32)).digest())
    except DeliveryFailure as error:
        return Tried("tsa", error.code)
    return Tried("tsa", measured={"ahead": round((stamp.at - now).total_seconds(), 1), "authority": stamp.authority})


def try_mail(settings: Settings) -> Tried:
    """Ask the mail server whether it takes what comes from us; no letter is sent."""
    postman = postman_of(settings, PATIENCE)
    if postman is None:
        return Tried("mail", "MAIL_UNSET")
    try:
        postman.try_out()
    except DeliveryFailure as error:
        return Tried("mail", error.code)
    return Tried("mail")


def try_antivirus(settings: Settings) -> Tried:
    """Have a few harmless bytes looked through."""
    scanner = scanner_from(settings, PATIENCE)
    if scanner is None:
        return Tried("antivirus", "ANTIVIRUS_UNSET")
    try:
        scanner.scan(io.BytesIO(b"Mesa Integrada"))
    except (DeliveryFailure, ValueError) as error:  # an address that is none
        return Tried("antivirus", getattr(error, "code", "ANTIVIRUS_UNSET"))
    return Tried("antivirus")


_storing = threading.Semaphore()


def try_store(settings: Settings, within: float = PATIENCE) -> Tried:
    """Write a document, read it, drop it; `STORE_SLOW` where that takes longer than `within` seconds.

    A server that accepts and says nothing, or a share that is gone, may hold a thread for minutes: not the one that
    asks, and never two of a process.
    """
    said: list[Tried] = []
    if not _storing.acquire(timeout=within):
        return Tried("store", "STORE_SLOW")
    trying = threading.Thread(target=_try_store, args=(settings, said), name="store", daemon=True)
    trying.start()
    trying.join(within)
    return said[0] if said else Tried("store", "STORE_SLOW")


def _try_store(settings: Settings, said: list[Tried]) -> None:
    try:
        said.append(_stored(settings))
    except Exception as error:
        log.exception("the store cannot be tried")
        said.append(Tried("store", "STORE_UNUSABLE", {"error": type(error).__name__}))
    finally:
        _storing.release()


def _stored(settings: Settings) -> Tried:
    content = secrets.token_bytes(32)
    try:
        store = Store(settings.documents_url, replace(settings.s3_account, patience=1.0))
        stored = store.put(content)
        with store.open(stored.object_key) as stream:
            is_same = stream.read() == content
        store.discard(stored.object_key)
    except StorageFailure as error:
        return Tried("store", "STORE_UNUSABLE", {"error": type(error.__cause__ or error).__name__})
    return Tried("store", "" if is_same else "STORE_CHANGED")


def try_disk(path: Path) -> Tried:
    """How much of the disk under a folder is free, for who is not root."""
    try:
        used = shutil.disk_usage(path)
    except OSError:
        return Tried(f"disk:{path}", "DISK_UNREADABLE")
    return Tried(f"disk:{path}", measured={"free": used.free, "total": used.used + used.free})


def try_certificate(name: str, path: Path) -> Tried:
    """Until when a certificate of ours is good."""
    try:
        ends_at = leaf_of(path.read_bytes()).valid_until
    except (OSError, ValueError):
        return Tried(f"certificate:{name}", "CERTIFICATE_UNREADABLE")
    return Tried(f"certificate:{name}", measured={"until": ends_at.isoformat()})


def disks(settings: Settings) -> list[Path]:
    """The folders of this machine that grow, one of each disk."""
    places = [Path(settings.data)]
    if "://" not in settings.documents_url:
        places.append(Path(settings.documents_url))
    found: dict[int, Path] = {}
    odd = []
    for place in places:
        try:
            found.setdefault(place.stat().st_dev, place.absolute())
        except FileNotFoundError:
            continue
        except OSError:  # a share that is gone, a disk that dies: whoever tries it says so
            odd.append(place.absolute())
    return [*found.values(), *odd]


def certificates(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Our own certificates on this machine, by a short name: ca, hub/seal, tsa."""
    keys = settings.keys_folder
    for pattern in OWN_CERTIFICATES:
        for path in sorted(keys.glob(pattern)):
            name = path.relative_to(keys).as_posix().removesuffix(".pem").removesuffix(".crt").removesuffix("/crt")
            yield name, path
