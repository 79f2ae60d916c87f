"""Documents into the folder of copies and back: what is new by its key, each with its SHA-256 in an index."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from hub.core.errors import DocumentMissing, StorageFailure
from hub.embedded.errors import EmbeddedError
from hub.keeping.objects import Listed, NotTaken, bring, drop_halves, listed
from hub.keeping.shelf import Shelf
from hub.models import Document
from hub.storage import Store

NEWEST = 20
"""Documents, of the newest filings, that are looked for in the store before each round."""
_TABLE = """
create table if not exists carried (
    object_key text primary key, size integer not null, mark text not null, sha256 text not null, gone_at text
) without rowid
"""
_TOTAL = "select count(*), coalesce(sum(size), 0) from carried"
_KNOWN = "select object_key, mark, size, sha256, gone_at from carried where object_key >= ? and object_key < ?"


class AnotherStore(EmbeddedError):
    """The store is not the one that the database names."""


@dataclass
class Carried:
    """How many documents were brought now, and how many are in the copy in all, with their bytes."""

    brought: int = 0
    dropped: int = 0
    documents: int = 0
    bytes: int = 0


@dataclass
class Returned:
    """What came back. `damaged` and `missing` are keys that the copy should hold and does not, or not to be read."""

    brought: int = 0
    there: int = 0
    damaged: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def copy_new(store: Store, shelf: Shelf, now: datetime, keep: timedelta) -> Carried:
    """Bring what the store has and the copy has not; drop what the store dropped longer ago than `keep`.

    Called after the database's log was brought: documents are durable before the row that names them is
    committed, so whatever that log names is in the store by now, or was dropped because nothing names it any more.
    By who holds the folder (`held`) alone. Raises NotTaken where the folder does not take it, else StorageFailure.
    """
    carried, copy = Carried(), Store(str(shelf.documents))
    drop_halves(copy)
    with index_of(shelf) as index:
        for beginning, found in listed(store):
            bounds = (f"{beginning}/", f"{beginning}0")  # "0" comes right after "/"
            known = {row[0]: row for row in index.execute(_KNOWN, bounds)}
            for one in found:
                _bring(store, copy, index, one, known.pop(one.object_key, None), carried)
            _let_go(copy, index, known, now, keep, carried)
            index.commit()
        carried.documents, carried.bytes = index.execute(_TOTAL).fetchone()
    return carried


def check_store(store: Store, engine: Engine) -> None:
    """Before anything is copied or let go: is this the store that the database names?

    Raises AnotherStore where it lacks a document of the newest filings, StorageFailure where it does not answer.
    """
    with engine.connect() as connection:
        newest = select(Document.object_key).order_by(Document.filing_id.desc(), Document.id).limit(NEWEST)
        keys = connection.execute(newest).scalars().all()
    for key in keys:
        try:
            store.open(key).close()
        except DocumentMissing as error:
            why = f"el almacén no tiene el documento {key}, que la base de datos nombra"
            raise AnotherStore(f"No se copia: {why}. Revisa que MESA_DOCUMENTS sea el del hub.") from error


def _bring(store: Store, copy: Store, index: sqlite3.Connection, one: Listed, row: tuple[Any, ...] | None,
           carried: Carried) -> None:  # fmt: skip
    if row is not None and (row[1], row[2]) == (one.mark, one.size):
        if row[4] is not None:
            index.execute("update carried set gone_at = null where object_key = ?", (one.object_key,))
        return
    try:
        with store.open(one.object_key) as source:
            stored = bring(copy, one.object_key, source)
    except DocumentMissing:
        return  # dropped between the list and now: nothing names it
    index.execute("insert or replace into carried values (?, ?, ?, ?, null)",
                  (one.object_key, stored.size, one.mark, stored.sha256))  # fmt: skip
    carried.brought += 1


def _let_go(copy: Store, index: sqlite3.Connection, gone: dict[str, tuple[Any, ...]], now: datetime, keep: timedelta,
            carried: Carried) -> None:  # fmt: skip
    """What is not in the store any more stays in the copy for as long as one can restore to when it was."""
    for object_key, row in gone.items():
        if row[4] is None:
            index.execute("update carried set gone_at = ? where object_key = ?", (now.isoformat(), object_key))
        elif datetime.fromisoformat(row[4]) < now - keep:
            copy.discard(object_key)
            index.execute("delete from carried where object_key = ?", (object_key,))
            carried.dropped += 1


def give_back(shelf: Shelf, store: Store) -> Returned:
    """Bring every document of the copy to the store; those that are there with their bytes stay.

    Raises StorageFailure where the store does not answer or does not take it: no other document would fare better.
    """
    returned, copy = Returned(), Store(str(shelf.documents))
    damaged, missing = [], []
    with index_of(shelf) as index:
        for object_key, sha256 in index.execute("select object_key, sha256 from carried order by object_key"):
            if _is_there(store, object_key, sha256):
                returned.there += 1
                continue
            try:
                with copy.open(object_key) as source:
                    came = bring(store, object_key, source)
            except DocumentMissing:
                missing.append(object_key)
                continue
            except NotTaken:
                raise
            except StorageFailure:  # it is there, and cannot be read
                damaged.append(object_key)
                continue
            returned.brought += 1
            if came.sha256 != sha256:
                damaged.append(object_key)
    returned.damaged, returned.missing = tuple(damaged), tuple(missing)
    return returned


def _is_there(store: Store, object_key: str, sha256: str) -> bool:
    try:
        return store.known(object_key).sha256 == sha256
    except DocumentMissing:
        return False


@contextmanager
def index_of(shelf: Shelf) -> Iterator[sqlite3.Connection]:
    """The index of a copy's documents."""
    with closing(sqlite3.connect(shelf.folder / "documents.sqlite")) as connection:
        connection.execute(_TABLE)
        yield connection
