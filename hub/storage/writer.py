"""A document on its way into the store, in pieces."""

import hashlib
import logging
import re
from types import TracebackType
from typing import BinaryIO, Protocol, Self
from uuid import uuid4

from obstore.exceptions import BaseError

from hub.core.errors import StorageFailure
from hub.storage.kept import Stored

log = logging.getLogger("mesa.storage")

KEY = re.compile("[0-9a-f]{2}/[0-9a-f]{32}")
"""The form of the keys that `new_key` gives; what has another one is not a document of ours."""


class Keeper(Protocol):
    """What a writer needs of the store that it writes to."""

    def begin(self, object_key: str, is_durable: bool) -> BinaryIO: ...
    def settle(self, object_key: str) -> None: ...
    def discard(self, object_key: str) -> None: ...


def new_key() -> str:
    """A random object key, in one of 256 folders."""
    key = uuid4().hex
    return f"{key[:2]}/{key}"


class Writer:
    """Takes a document in pieces, hashing as it goes; after `close` it is durable and `stored` says what it is.

    As a context it drops what an error leaves unfinished.
    """

    def __init__(self, store: Keeper, is_durable: bool = True, is_hashed: bool = True) -> None:
        self._is_durable = is_durable
        self.object_key = new_key()
        self._store = store
        self._sink = store.begin(self.object_key, is_durable)
        self._hash = hashlib.sha256() if is_hashed else None
        self._size = 0
        self._stored: Stored | None = None
        self._is_broken = False

    def write(self, data: bytes) -> int:
        """Append bytes. Raises StorageFailure where the store does not take them."""
        try:
            self._sink.write(data)
        except (OSError, BaseError) as error:
            self._is_broken = True
            raise StorageFailure(str(error)) from error
        if self._hash:
            self._hash.update(data)
        self._size += len(data)
        return len(data)

    def close(self) -> None:
        """Make it durable. Calling it again does nothing."""
        if self._stored is not None:
            return
        try:
            self._sink.close()
            if self._is_durable:
                self._store.settle(self.object_key)
        except (OSError, BaseError) as error:
            self._is_broken = True
            raise StorageFailure(str(error)) from error
        self._stored = Stored(self.object_key, self._hash.hexdigest() if self._hash else "", self._size)

    @property
    def stored(self) -> Stored:
        """What was kept. Only after `close`."""
        if self._stored is None:
            raise StorageFailure("not closed")
        return self._stored

    def abandon(self) -> None:
        """Drop a document that nobody will name, ended first: S3 keeps the parts of one that never was.

        Where the store is what failed it is not waited for again.
        """
        try:
            if self._stored is None and not self._is_broken:
                self._sink.close()
            self._store.discard(self.object_key)
        except (OSError, BaseError, StorageFailure):
            log.warning("%s, which nothing names, could not be dropped", self.object_key, exc_info=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()
