"""`mesa papers`: makes the papers that were ordered, oldest first, and reads the signatures that came in.

Apart from the web, so that filing stays fast, and from the worker, so that delivering does. Several may run.
"""

import logging
import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from hub import logs, paper_orders, paperwork, signatures
from hub.clock import now as clock_now
from hub.core.directory import Directory
from hub.core.errors import MesaError
from hub.live_directory import LiveDirectory
from hub.models import Document, PaperOrder
from hub.paper_orders import READING
from hub.paperwork import Press, Want
from hub.presses import press_from
from hub.settings import Settings
from hub.signatures import Read
from hub.storage import CHUNK, Store
from hub.wire.pdf_signatures import mentions_a_signature

log = logging.getLogger("mesa.papers")
BATCH = 8
IDLE = 0.25
"""Seconds between two looks at the orders: a constancia is ready soon after its filing."""
READING_SECONDS = 60
READING_MEMORY = 2 * 1024**3


@dataclass(frozen=True)
class Shop:
    """What the process works with. `directory` is the one of now."""

    sessions: sessionmaker[Session]
    directory: Callable[[], Directory]
    press: Press
    lease: timedelta
    clock: Callable[[], datetime] = clock_now

    def work(self) -> int:
        """Take the oldest orders and do them. Gives how many."""
        with self.sessions() as session:
            orders = paper_orders.claim_orders(session, self.clock(), lease=self.lease, batch=BATCH)
            session.commit()
        for order in orders:
            self._do(order)
        return len(orders)

    def _do(self, order: PaperOrder) -> None:
        """Do one order. What is wrong with one is not the next one's; a database that is down is everybody's."""
        try:
            self._read(order) if order.kind == READING else self._make(order)
        except DBAPIError:
            raise
        except Exception as error:
            self._put_back(order, error)

    def _put_back(self, order: PaperOrder, error: Exception) -> None:
        """One line a try; only what nobody foresaw shows where it came from, the first time."""
        is_foreseen = isinstance(error, MesaError)
        code = error.code if isinstance(error, MesaError) else type(error).__name__
        with self.sessions() as session:
            pause = paper_orders.put_back(session, order.id, code, self.clock())
            session.commit()
        log.warning("order %s (%s) failed, try %s: %s; again in %d s", order.id, order.kind, order.attempts, code,
                    pause.total_seconds(), exc_info=None if is_foreseen or order.attempts > 1 else error)  # fmt: skip

    def _make(self, order: PaperOrder) -> None:
        want = Want(order.kind, order.filing_id, order.delivery_id, order.version)
        with self.sessions() as session:
            if paperwork.known(session, want) is not None:
                paper_orders.close_order(session, order.id, self.clock())
                session.commit()
                return
            receipt = paperwork.gather(session, self.directory(), self.press, want)
        made = paperwork.make(self.press, receipt, self.clock())
        with self.sessions() as session:
            paperwork.record(session, self.press, want, made, self.clock())
            session.commit()
        log.info("filing %s: %s made %s", order.filing_id, order.kind, made.trouble)

    def _read(self, order: PaperOrder) -> None:
        with self.sessions() as session:
            documents = signatures.unread(session, order.filing_id)
        for document in documents:
            read = read_apart(self.press.store, document.object_key)
            with self.sessions() as session:
                signatures.keep(session, session.get_one(Document, document.id), read, self.clock())
                session.commit()
        with self.sessions() as session:
            paper_orders.close_order(session, order.id, self.clock())
            session.commit()


def read_apart(store: Store, object_key: str) -> Read:
    """Read a stranger's PDF in a process of its own, bounded in time and memory: nothing of ours falls with it.

    Most say nowhere that they are signed, and are not opened at all.
    """
    with store.open(object_key) as stream, TemporaryFile() as local:
        if not mentions_a_signature(stream):
            return Read()
        stream.seek(0)
        copyfileobj(stream, local, CHUNK)  # what speaks to an S3 store does not survive a fork; an open file does
        local.seek(0)
        return _read_by_child(local)


def _read_by_child(local: BinaryIO) -> Read:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_read_in_child, args=(theirs, local), daemon=True)
    child.start()
    theirs.close()
    try:
        answer = ours.recv() if ours.poll(READING_SECONDS) else Read(code="PDF_TOO_SLOW")
    except EOFError:
        answer = Read(code="PDF_UNREADABLE")
    finally:
        child.kill()
        child.join()
        ours.close()
    return answer if isinstance(answer, Read) else Read(code="PDF_UNREADABLE")


def _read_in_child(answer: Connection, local: BinaryIO) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (READING_MEMORY, READING_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (READING_SECONDS, READING_SECONDS))
    answer.send(signatures.read_stream(local))


def main(settings: Settings | None = None) -> int:
    """Work until SIGTERM or SIGINT; the paper at hand is finished first."""
    settings = settings or Settings.from_env()
    logs.set_up(settings.log_format)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    engine = create_engine(settings.sqlalchemy_url, pool_size=2, pool_pre_ping=True, hide_parameters=True)
    directory = LiveDirectory(engine)
    sessions = sessionmaker(engine, expire_on_commit=False)
    shop = Shop(sessions, directory.current, press_from(settings), timedelta(seconds=settings.lease))
    log.info("papers are made here")
    while not stopping.is_set():
        try:
            stopping.wait(0 if shop.work() else IDLE)
        except DBAPIError as error:
            log.warning("the database did not answer (%s)", type(error.orig).__name__)
            stopping.wait(1.0)
    directory.stop()
    engine.dispose()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
