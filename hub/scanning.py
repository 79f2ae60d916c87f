"""Scanning: the worker's round over files taken without being looked through. No transaction while it looks."""

import logging

from hub import quarantine
from hub.core.errors import DocumentMissing, StorageFailure, TemporaryFailure
from hub.core.services import Scanned, Scanner
from hub.dispatch import Tools
from hub.quarantine import Waiting
from hub.storage import Store

log = logging.getLogger("mesa.worker")


def scan_unchecked(tools: Tools) -> int:
    """Look through what waits, until the antivirus stops answering; gives how many files it looked through."""
    scanner = tools.scanner
    if scanner is None:
        return 0
    with tools.sessions() as session:
        waiting = quarantine.claim(session, tools.clock())
        session.commit()
    done = 0
    for one in waiting:
        try:
            scanned = _look(scanner, tools.store, one)
        except (TemporaryFailure, StorageFailure) as error:
            log.warning("not looked through: %s (%s); %s files wait", error.code, error.detail, len(waiting) - done)
            break
        if scanned is None or scanned.is_whole:
            _write(tools, one, scanned)
            done += 1
    return done


def _look(scanner: Scanner, store: Store, one: Waiting) -> Scanned | None:
    """What is in a file; None for one whose bytes are nowhere any more."""
    for key in one.object_keys:
        try:
            with store.open(key) as stream:
                return scanner.scan(stream)
        except DocumentMissing:
            continue
    return None


def _write(tools: Tools, one: Waiting, scanned: Scanned | None) -> None:
    with tools.sessions() as session:
        if scanned is None:
            quarantine.write_gone(session, one.sha256, tools.clock())
        elif quarantine.write_scanned(session, one.sha256, scanned.found, tools.clock()):
            log.error("antivirus: %s was found in a file that had been taken (%s)", scanned.found, one.sha256)
        session.commit()
