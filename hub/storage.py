"""Documents as streams: written once under a random key, known by their SHA-256; a folder by default, S3 by setting."""

import hashlib
import io
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast
from uuid import uuid4

import obstore
from obstore.store import LocalStore, from_url

from hub.core.errors import StorageFailure

CHUNK = 1024 * 1024
SIP = 64 * 1024
"""What is taken from the line, or given to it, at once. A larger buffer comes fresh from the system each time, page by
page (hub.serving): half of the processor's time for a huge document went there."""
PART = 5 * CHUNK
"""What the store is given at once: the least that S3 takes as a part, and 10,000 of them are 50 GB."""
AT_ONCE = 2
"""Parts on their way; one document holds no more than these in memory."""


@dataclass(frozen=True)
class Stored:
    """Bytes that are on disk, for good. `sha256` is lower-case hex; `size` bytes."""

    object_key: str
    sha256: str
    size: int


class Store:
    """One place for documents, shared by every web process and worker."""

    def __init__(self, address: str) -> None:
        """`address` is a folder, or a URL that obstore reads, such as `s3://bucket/prefix`."""
        self._folder = None if "://" in address else Path(address).absolute()
        if self._folder is None:
            self._store = from_url(address)
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(prefix=str(self._folder), mkdir=True)

    def writer(self, is_durable: bool = True, is_hashed: bool = True) -> "Writer":
        """Begin a new document. One that is not durable yet is `settle`d or joined to another before it counts.

        Without `is_hashed` its SHA-256 is left empty: a piece that is read once more with the others.
        """
        return Writer(self, is_durable, is_hashed)

    def put(self, data: bytes) -> Stored:
        """Keep a document that is in memory already."""
        with self.writer() as writer:
            writer.write(data)
        return writer.stored

    def open(self, object_key: str) -> BinaryIO:
        """A seekable stream over a document. Raises StorageFailure if it is not there."""
        try:
            if self._folder is not None:
                return (self._folder / object_key).open("rb")
            return io.BufferedReader(_Remote(obstore.open_reader(self._store, object_key)), CHUNK)
        except (FileNotFoundError, obstore.exceptions.BaseError) as error:
            raise StorageFailure(object_key) from error

    def copy(self, object_key: str) -> str:
        """The same bytes under a key of their own, durable; a folder shares them. Raises StorageFailure."""
        key = uuid4().hex
        copied = f"{key[:2]}/{key}"
        try:
            if self._folder is not None:
                (self._folder / copied).parent.mkdir(exist_ok=True)
                os.link(self._folder / object_key, self._folder / copied)
            else:
                obstore.copy(self._store, object_key, copied)
            self.settle(copied)
        except (OSError, obstore.exceptions.BaseError) as error:
            raise StorageFailure(object_key) from error
        return copied

    def joined(self, object_keys: Iterable[str]) -> Stored:
        """Documents as one new one, in this order, a megabyte at a time in memory. Raises StorageFailure."""
        with self.writer() as whole:
            for key in object_keys:
                with self.open(key) as stream:
                    while piece := stream.read(CHUNK):
                        whole.write(piece)
        return whole.stored

    def known(self, object_key: str) -> Stored:
        """A document that is there, with its SHA-256 and its size, by reading it once."""
        with self.open(object_key) as stream:
            whole = hashlib.file_digest(stream, "sha256")  # type: ignore[arg-type]
            return Stored(object_key, whole.hexdigest(), stream.tell())

    def discard(self, object_key: str) -> None:
        """Drop a document that no row ever named (a form that was refused). Again, it does nothing."""
        try:
            with suppress(FileNotFoundError):
                obstore.delete(self._store, object_key)
        except (OSError, obstore.exceptions.BaseError) as error:
            raise StorageFailure(object_key) from error

    def _begin(self, object_key: str, is_durable: bool) -> BinaryIO:
        if self._folder is not None and not is_durable:  # a piece: straight to its file, without threads between
            (self._folder / object_key).parent.mkdir(exist_ok=True)
            return (self._folder / object_key).open("xb")
        return cast(BinaryIO, obstore.open_writer(self._store, object_key, buffer_size=PART, max_concurrency=AT_ONCE))

    def join(self, object_key: str, at: int, more: str) -> bool:
        """Write a document into another from byte `at`, which ends there then, durable, and drop it.

        One writer at a time, by the caller's lock. False where the store is no folder: both stay as they are.
        """
        if self._folder is None:
            return False
        try:
            with (self._folder / object_key).open("r+b") as whole, (self._folder / more).open("rb") as part:
                whole.truncate(at)  # what a crash left there before it was written down
                whole.seek(at)
                while os.sendfile(whole.fileno(), part.fileno(), None, CHUNK):  # from where both stand, in the kernel
                    pass
                os.fsync(whole.fileno())
        except OSError as error:
            raise StorageFailure(object_key) from error
        self.discard(more)
        return True

    def settle(self, object_key: str) -> None:
        """A folder's file is on disk only after fsync of the file and of every name to it; S3 settles by itself."""
        if self._folder is None:
            return
        path = self._folder / object_key
        for each in (path, path.parent, self._folder):
            descriptor = os.open(each, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


class _Remote(io.RawIOBase):
    """A document of a store that is no folder, as Python's own streams are: bytes, `with`, seek."""

    def __init__(self, file: "obstore.ReadableFile") -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        try:
            data = self._file.read(len(buffer))
        except (OSError, obstore.exceptions.BaseError) as error:
            raise StorageFailure(str(error)) from error
        buffer[: len(data)] = bytes(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())


class Writer:
    """Takes a document in pieces, hashing as it goes; after `close` it is durable and `stored` says what it is."""

    def __init__(self, store: Store, is_durable: bool = True, is_hashed: bool = True) -> None:
        self._is_durable = is_durable
        key = uuid4().hex
        self.object_key = f"{key[:2]}/{key}"
        self._store = store
        self._sink = store._begin(self.object_key, is_durable)
        self._hash = hashlib.sha256() if is_hashed else None
        self._size = 0
        self._stored: Stored | None = None

    def write(self, data: bytes) -> int:
        """Append bytes. Raises StorageFailure where the store does not take them."""
        try:
            self._sink.write(data)
        except (OSError, obstore.exceptions.BaseError) as error:
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
        except (OSError, obstore.exceptions.BaseError) as error:
            raise StorageFailure(str(error)) from error
        self._stored = Stored(self.object_key, self._hash.hexdigest() if self._hash else "", self._size)

    @property
    def stored(self) -> Stored:
        """What was kept. Only after `close`."""
        if self._stored is None:
            raise StorageFailure("not closed")
        return self._stored

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        elif not self._is_durable:
            with suppress(OSError):  # the error that brought us here is the one to tell
                self._sink.close()
            self._store.discard(self.object_key)
