"""Looking through files for viruses while they come in, with no transaction open and before anything names them."""

import logging

from flask import request

from hub import quarantine
from hub.clock import now
from hub.core.errors import TemporaryFailure
from hub.extensions import db, services
from hub.storage import Stored

log = logging.getLogger("mesa.web")


def virus_in(stored: Stored) -> str:
    """The name of what the antivirus found in a file; empty for nothing, and where there is no antivirus.

    What it could not look through is kept in mind for `note_unchecked`: the file is taken all the same.
    """
    scanner, store = services().scanner, services().store
    if scanner is None:
        return ""
    known = quarantine.found_in(db.session, stored.sha256)
    db.session.commit()  # nothing is open while it looks
    if known:
        return known
    try:
        with store.open(stored.object_key) as stream:
            scanned = scanner.scan(stream)
    except TemporaryFailure as error:
        log.warning("antivirus: %s (%s)", error.code, error.detail)
        _keep_in_mind(stored, "down")
        return ""
    if not scanned.is_whole:
        _keep_in_mind(stored, "too_large")
    return scanned.found


def _keep_in_mind(stored, why):
    request.unchecked = {**getattr(request, "unchecked", {}), stored.object_key: (stored, why)}


def note_unchecked(object_keys: frozenset[str]) -> None:
    """Write down which of these files nobody looked through, in the transaction that names them."""
    for key, (stored, why) in getattr(request, "unchecked", {}).items():
        if key in object_keys:
            quarantine.note_unchecked(db.session, stored.sha256, key, stored.size, why, now())
