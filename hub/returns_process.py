"""`mesa returns`: the hub's own return path, a small mail server that takes nothing but what came back.

It accepts mail to the addresses that the hub itself wrote on its letters, reads the report and marks the letter. It
relays nothing, keeps nothing of what it reads, and answers 451 while the database is away, so that nothing is lost.
"""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from hub import logs, returns
from hub.clock import now as clock_now
from hub.core.directory import Directory
from hub.core.return_paths import message_of
from hub.live_directory import LiveDirectory
from hub.settings import Settings
from hub.wire.returned_mail import Report, read_report

log = logging.getLogger("mesa.returns")
LARGEST = 1024 * 1024
"""Bytes of a report; the letter that it encloses may be cut by who sends it."""


class ReturnDesk:
    """aiosmtpd's handler. An address that we never wrote is refused before a byte of mail is read."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        directory: Callable[[], Directory],
        settings: Settings,
        clock: Callable[[], datetime] = clock_now,
    ) -> None:
        self._sessions, self._directory, self._clock = sessions, directory, clock
        self._secret, self._domain = settings.tracking_secret.encode(), settings.returns_domain
        self._name = f"{socket.gethostname()[:40]}:{os.getpid()}:returns"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if message_of(self._secret, address, self._domain) is None:
            return "550 5.1.1 no such address here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        named = [message_of(self._secret, address, self._domain) for address in envelope.rcpt_tos]
        report = read_report(bytes(envelope.content or b""))
        if report is None:
            return "250 OK, nothing to note"  # a delay, or an answer by hand: no business of ours
        try:
            await asyncio.to_thread(self._note, [one for one in named if one is not None], report)
        except DBAPIError as error:
            log.warning("the database did not answer (%s)", type(error.orig).__name__)
            return "451 4.3.0 try again later"
        return "250 OK"

    def _note(self, message_ids: list[UUID], report: Report) -> None:
        with self._sessions() as session:
            for message_id in message_ids:
                if returns.came_back(session, self._directory(), message_id, report, self._name, self._clock()):
                    log.info("letter %s came back: %s", message_id, report.status)
            session.commit()


def controller(settings: Settings, desk: ReturnDesk) -> Any:
    """The mail server, not started. `settings.returns` is host:port."""
    from aiosmtpd.controller import Controller

    host, _, port = settings.returns.rpartition(":")
    return Controller(desk, hostname=host, port=int(port), data_size_limit=LARGEST, ident="mesa")


def main(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT. The exit code."""
    logs.set_up(settings.log_format)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's own tells of every line and who sent it
    engine = create_engine(settings.sqlalchemy_url, pool_pre_ping=True, hide_parameters=True)
    live_directory, stopping = LiveDirectory(engine), threading.Event()
    desk = ReturnDesk(sessionmaker(engine, expire_on_commit=False), live_directory.current, settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server = controller(settings, desk)
    server.start()
    log.info("the return path listens at %s for @%s", settings.returns, settings.returns_domain)
    stopping.wait()
    server.stop()
    live_directory.stop()
    return 0
