"""One place for documents, shared by every web process and worker."""

import hashlib
import io
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore

from hub.core.errors import DocumentMissing, StorageFailure
from hub.storage import unfinished
from hub.storage.bucket import COPYING, Account, connect
from hub.storage.kept import CHUNK, Stored
from hub.storage.remote import Remote
from hub.storage.writer import KEY, Writer, new_key

log = logging.getLogger("mesa.storage")

PART: Final = 5 * CHUNK
"""What the store is given at once: the least that S3 takes as a part, and 10,000 of them are 50 GB."""
AT_ONCE: Final = 2
"""Parts on their way; one document holds no more than these in memory."""
READ: Final = 4 * CHUNK
"""What an S3 server is asked for at once: each request costs it as much as some megabytes."""


class Store:
    """Raises StorageFailure where the store does not take or give; DocumentMissing where there is no such document."""

    def __init__(self, address: str, account: Account | None = None) -> None:
        """`address` is a folder, or a URL that obstore reads, such as `s3://bucket/prefix`, reached as `account`."""
        self._address, self._account = address, account or Account()
        if re.match(r"[a-z][a-z0-9]*:(?!//)", address):
            raise StorageFailure(f"{address}: an address has two slashes after its colon")
        self._folder = None if "://" in address else Path(address).absolute()
        if self._folder is None:
            self._store = self._copier = self._dropper = connect(address, self._account)
            if address.startswith("s3://"):
                self._copier = connect(address, self._account, COPYING)
                self._dropper = connect(address, replace(self._account, patience=min(self._account.patience, 1.0)))
        else:
            with _said("the folder"):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._store = self._dropper = LocalStore(prefix=str(self._folder), mkdir=True)

    def writer(self, is_durable: bool = True, is_hashed: bool = True) -> Writer:
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
        """A seekable stream over a document. Reading on may still raise StorageFailure."""
        with _said(object_key):
            if self._folder is not None:
                return (self._folder / object_key).open("rb")
            return io.BufferedReader(Remote(obstore.open_reader(self._store, object_key, buffer_size=READ)), CHUNK)

    def copy(self, object_key: str) -> str:
        """The same bytes under a key of their own, durable; a folder shares them."""
        copied = new_key()
        with _said(object_key):
            if self._folder is not None:
                (self._folder / copied).parent.mkdir(exist_ok=True)
                os.link(self._folder / object_key, self._folder / copied)
            else:
                obstore.copy(self._copier, object_key, copied)
            self.settle(copied)
        return copied

    def joined(self, object_keys: Iterable[str]) -> Stored:
        """Documents as one new one, in this order, a megabyte at a time in memory."""
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
        with _said(object_key), suppress(FileNotFoundError):
            obstore.delete(self._dropper, object_key)

    def discard_all(self, object_keys: Iterable[str]) -> None:
        """Drop what no row names, once that is committed. What the store does not drop now is logged and left over:
        who asked has what they asked for, and `keys` finds it.
        """
        for key in object_keys:
            try:
                self.discard(key)
            except StorageFailure:
                log.warning("%s, which nothing names, could not be dropped", key, exc_info=True)

    def keys(self, before: datetime) -> Iterator[str]:
        """The keys of every document written, or given one more name, before an instant; nothing that is not ours."""
        with _said("the list"):
            for some in obstore.list(self._store):
                old = (one["path"] for one in some if one["last_modified"] < before)
                yield from (path for path in old if self._is_old(path, before))

    def _is_old(self, path: str, before: datetime) -> bool:
        """And ours, by the form of its key. A copy in a folder has its first one's time: when it was named counts."""
        if not KEY.fullmatch(path):
            return False
        if self._folder is None:
            return True
        with suppress(FileNotFoundError):  # dropped while we looked
            return (self._folder / path).stat().st_ctime < before.timestamp()
        return False

    def abandon_unfinished(self, before: datetime, now: datetime) -> int:
        """Drop the parts of what was begun before an instant and never ended (S3 keeps them); gives of how many."""
        return unfinished.abandon(self._address, self._account, before, now)

    def begin(self, object_key: str, is_durable: bool) -> BinaryIO:
        """What a Writer writes to."""
        with _said(object_key):
            if self._folder is not None and not is_durable:  # a piece: straight to its file, without threads between
                (self._folder / object_key).parent.mkdir(exist_ok=True)
                return (self._folder / object_key).open("xb")
            writer = obstore.open_writer(self._store, object_key, buffer_size=PART, max_concurrency=AT_ONCE)
            return cast(BinaryIO, writer)

    def join(self, object_key: str, at: int, more: str) -> bool:
        """Write a document into another from byte `at`, which ends there then, durable, and drop it.

        One writer at a time, by the caller's lock. False where the store is no folder: both stay as they are.
        """
        if self._folder is None:
            return False
        first, piece = self._folder / object_key, self._folder / more
        with _said(object_key), first.open("r+b") as whole, piece.open("rb") as part:
            whole.truncate(at)  # what a crash left there before it was written down
            whole.seek(at)
            while os.sendfile(whole.fileno(), part.fileno(), None, CHUNK):  # from where both stand, in the kernel
                pass
            os.fsync(whole.fileno())
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


@contextmanager
def _said(what: str) -> Iterator[None]:
    """The library's errors, and the system's, as ours."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError) as error:
        raise DocumentMissing(what) from error
    except (OSError, BaseError) as error:
        raise StorageFailure(what) from error
