"""A document store as who copies it whole sees it: every document in a list, and written under the key it has."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError

from hub.core.errors import StorageFailure
from hub.storage import CHUNK, Store, Stored

PART = 5 * CHUNK
"""The least that S3 takes as a part."""


class NotTaken(StorageFailure):
    """What fails is the store to which a document is brought, not the one that it comes from."""


@dataclass(frozen=True)
class Listed:
    """A document as the list shows it. `mark` is another one when its bytes are."""

    object_key: str
    size: int
    mark: str


def listed(store: Store) -> Iterator[tuple[str, list[Listed]]]:
    """Every document that is whole, those of one beginning together: (beginning, documents). Raises StorageFailure."""
    try:
        for shelf in (f"{number:02x}" for number in range(256)):
            yield shelf, list(_in_folder(store._folder, shelf) if store._folder else _in_bucket(store, shelf))
    except (OSError, BaseError) as error:
        raise StorageFailure(str(error)) from error


def _in_folder(folder: Path, shelf: str) -> Iterator[Listed]:
    with suppress(FileNotFoundError), os.scandir(folder / shelf) as entries:
        for entry in entries:
            if "#" in entry.name:  # being written still
                continue
            with suppress(FileNotFoundError):  # dropped while we looked
                status = entry.stat()
                yield Listed(f"{shelf}/{entry.name}", status.st_size, str(status.st_mtime_ns))


def _in_bucket(store: Store, shelf: str) -> Iterator[Listed]:
    for several in obstore.list(store._store, prefix=shelf):
        for one in several:
            yield Listed(one["path"], one["size"], str(one["e_tag"]))


def bring(store: Store, object_key: str, source: BinaryIO) -> Stored:
    """Write a document that comes from another store under its key: durable, whole or not at all.

    Raises NotTaken where the store does not take it, StorageFailure where what it comes from stops giving.
    """
    try:
        if store._folder is None:
            with obstore.open_writer(store._store, object_key, buffer_size=PART) as sink:
                return _poured(object_key, source, sink)
        place = store._folder / object_key
        place.parent.mkdir(exist_ok=True)
        half = place.with_name(f"{place.name}#{uuid4().hex}")
        try:
            with half.open("xb") as file:
                stored = _poured(object_key, source, file)
            half.rename(place)
        finally:
            half.unlink(missing_ok=True)  # a disk that is full would stay so
        store.settle(object_key)
    except (OSError, BaseError) as error:
        raise NotTaken(object_key) from error
    return stored


def drop_halves(store: Store) -> None:
    """What a program that was killed left unfinished. Only where nobody else writes. Raises NotTaken."""
    try:
        for half in store._folder.glob("??/*#*") if store._folder else ():
            half.unlink(missing_ok=True)
    except OSError as error:
        raise NotTaken(str(store._folder)) from error


def _poured(object_key: str, source: BinaryIO, sink: "BinaryIO | obstore.WritableFile") -> Stored:
    digest, size = hashlib.sha256(), 0
    while piece := _read(object_key, source):
        digest.update(piece)
        sink.write(piece)
        size += len(piece)
    return Stored(object_key, digest.hexdigest(), size)


def _read(object_key: str, source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK)
    except OSError as error:
        raise StorageFailure(object_key) from error
