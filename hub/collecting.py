"""Collecting: the worker's round over annexes that institutions announced by an address."""

import json
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import PurePath
from typing import Any, Final

from sqlalchemy.exc import DBAPIError

from hub import annexes, files, quarantine
from hub.annexes import Wanted
from hub.core.errors import DeliveryFailure, PermanentFailure, StorageFailure, TemporaryFailure
from hub.core.messages import DocumentRole
from hub.core.ports import Fetcher
from hub.dispatch import Tools
from hub.models import Sending
from hub.storage import Stored, Writer
from hub.submitted import SubmittedFile

log = logging.getLogger("mesa.worker")
AT_ONCE: Final = 4
LISTING: Final = 1024 * 1024
"""Bytes of a page that lists documents; what is larger is a document itself."""
MOST: Final = 200
LEASE: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(minutes=10)
"""For everything of one sending: the round waits for the slowest, and within the lease nobody else brings the same."""


def collect_annexes(tools: Tools) -> int:
    """Fetch what is due, a few at once; gives how many were tried."""
    fetcher = tools.fetcher
    if fetcher is None:
        return 0
    with tools.sessions() as session:
        wanted = annexes.claim(session, tools.clock(), lease=LEASE, limit=AT_ONCE)
        session.commit()
    if wanted:
        with ThreadPoolExecutor(len(wanted), thread_name_prefix="annexes") as pool:
            list(pool.map(lambda one: _collect(tools, fetcher, one), wanted))
    return len(wanted)


def _collect(tools: Tools, fetcher: Fetcher, wanted: Wanted) -> None:
    hosts = tools.directory.by_id(wanted.told_id).link_hosts
    trip = _Trip(tools, fetcher, hosts)
    try:
        got = trip.bring(wanted)
    except DeliveryFailure as error:
        trip.forget()
        _put_off(tools, wanted, error.code, is_lasting=isinstance(error, PermanentFailure))
    except DBAPIError:
        raise
    except Exception:
        log.exception("sending %s: its annexes could not be brought", wanted.sending_id)
        trip.forget()
        _put_off(tools, wanted, "ANNEX_UNREADABLE", is_lasting=False)
    else:
        _keep(tools, wanted, got, trip)


def _put_off(tools: Tools, wanted: Wanted, code: str, *, is_lasting: bool) -> None:
    with tools.sessions() as session:
        annexes.put_off(session, wanted.sending_id, code, tools.clock(), is_lasting=is_lasting)
        session.commit()
    log.info("sending %s: its annexes were not brought: %s", wanted.sending_id, code)


def _keep(tools: Tools, wanted: Wanted, got: "list[_Got]", trip: "_Trip") -> None:
    with tools.sessions() as session:
        role = annexes.role_of(session.get_one(Sending, wanted.sending_id))
        handed = [one.as_file(role) for one in got]
        is_kept = annexes.keep(session, wanted.sending_id, handed, tools.clock())
        for one in got if is_kept else ():
            if one.unchecked:
                stored = one.stored
                quarantine.note_unchecked(
                    session, stored.sha256, stored.object_key, stored.size, one.unchecked, tools.clock()
                )
        session.commit()
    if not is_kept:
        trip.forget()


class _Got:
    """One document that came: its name as announced, and what was kept. `unchecked`: why no antivirus looked."""

    def __init__(self, name: str, stored: Stored, media_type: str, pages: int | None, unchecked: str) -> None:
        self.name, self.stored, self.media_type, self.pages = name, stored, media_type, pages
        self.unchecked = unchecked

    def as_file(self, role: DocumentRole) -> SubmittedFile:
        return SubmittedFile(role, files.clean_name(self.name, "anexo"), self.media_type, self.stored, self.pages)


class _Trip:
    """What is brought for one sending; `forget` drops it all again."""

    def __init__(self, tools: Tools, fetcher: Fetcher, hosts: Collection[str]) -> None:
        self._tools, self._fetcher, self._hosts = tools, fetcher, hosts
        self._left, self._ends = tools.settings.online_bytes, tools.clock() + LONGEST
        self._stored: list[Stored] = []

    def bring(self, wanted: Wanted) -> list[_Got]:
        """Everything that the address gives: the documents that it lists, with their digests, or the one that it is."""
        stored, kind = self._fetch(wanted.url)
        listed = self._listed(stored) if kind == "application/json" and stored.size <= LISTING else None
        if listed is None:
            return [self._known(_name_of(wanted, kind), stored)]
        self._drop(stored)
        news = [one for one in listed if one["sha256"] not in wanted.known]
        return [self._one(one) for one in news]

    def forget(self) -> None:
        for stored in list(self._stored):
            self._drop(stored)

    def _one(self, listed: dict[str, Any]) -> _Got:
        stored, _ = self._fetch(listed["direccion"])
        if stored.sha256 != listed["sha256"]:
            raise PermanentFailure("ANNEX_DIGEST", may_have_arrived=False)
        return self._known(str(listed.get("nombreArchivo") or ""), stored)

    def _fetch(self, url: str) -> tuple[Stored, str]:
        try:
            with self._tools.store.writer() as writer:
                answered = self._fetcher.fetch(url, self._hosts, partial(self._write, writer), self._left)
            self._stored.append(writer.stored)
        except StorageFailure as error:
            raise TemporaryFailure("ANNEX_NOT_STORED", may_have_arrived=False) from error
        self._left -= answered.size
        return writer.stored, answered.media_type

    def _write(self, writer: Writer, piece: bytes) -> None:
        if self._tools.clock() > self._ends:
            raise TemporaryFailure("ANNEX_SLOW", may_have_arrived=False)
        writer.write(piece)

    def _listed(self, stored: Stored) -> list[dict[str, Any]] | None:
        """The documents of a page of links such as ours; None for JSON that is something else."""
        with self._tools.store.open(stored.object_key) as stream:
            try:
                found = json.loads(stream.read())["documentos"]
                return [
                    {"direccion": str(one["direccion"]), "sha256": str(one["sha256"]).lower(),
                     "nombreArchivo": one.get("nombreArchivo")}
                    for one in found[:MOST]
                ]  # fmt: skip
            except (ValueError, KeyError, TypeError, AttributeError):
                return None

    def _known(self, name: str, stored: Stored) -> _Got:
        with self._tools.store.open(stored.object_key) as stream:
            kind = files.media_type(stream)
            pages = _pages(stream.read()) if kind == files.PDF and stored.size <= 64 * LISTING else None
        return _Got(name, stored, kind, pages, self._looked_through(stored))

    def _looked_through(self, stored: Stored) -> str:
        """Why the antivirus could not look, empty where it did or there is none. A virus is never kept."""
        if self._tools.scanner is None:
            return ""
        try:
            with self._tools.store.open(stored.object_key) as stream:
                scanned = self._tools.scanner.scan(stream)
        except TemporaryFailure:
            return "down"
        if scanned.found:
            raise PermanentFailure("ANNEX_VIRUS", scanned.found, may_have_arrived=False)
        return "" if scanned.is_whole else "too_large"

    def _drop(self, stored: Stored) -> None:
        self._tools.store.discard(stored.object_key)
        self._stored.remove(stored)


def _pages(content: bytes) -> int | None:
    try:
        return files.check_pdf(BytesIO(content))
    except files.UnreadableFile:
        return None


_ENDINGS: Final = {"application/zip": ".zip", "application/x-zip-compressed": ".zip", "application/pdf": ".pdf"}


def _name_of(wanted: Wanted, kind: str) -> str:
    """The announced name of the one document; several names in one package are its contents."""
    if len(wanted.names) == 1:
        return wanted.names[0]
    return PurePath(wanted.url.partition("?")[0]).name or f"anexos{_ENDINGS.get(kind, '')}"
