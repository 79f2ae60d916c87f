"""The bytes of a call: how many are read of whom, and what is said of a call that is not read."""

import logging
import re
from typing import Final

from flask import request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout

from hub.api.leftovers import READ, patience, within
from hub.api.national.calls import CALLER_UNKNOWN, Returned, callers, not_done
from hub.wire.iotramite import codes, sentences
from hub.wire.iotramite.envelope import MAX_BYTES
from hub.wire.iotramite.fields import RECEPCIONAR
from hub.wire.iotramite.services import Service

log = logging.getLogger(__name__)

FROM_A_PAGE: Final = "A este servicio lo llaman los sistemas de las entidades, no las páginas de un navegador."
STRANGERS_BYTES: Final = 1024 * 1024
_BEGINNING: Final = 65_536
"""Bytes in which the operation of a call shows that is not read."""
_GRACE: Final = 30.0
"""Seconds for any call of who may call, besides those for its size."""
_SLOWEST: Final = 4 * 1024
"""Bytes in a second: less than the worst line brings, since pauses count too."""


def is_from_a_page() -> bool:
    """True for what a browser sends for a page, which may be anybody's: it has its institution's address too.

    No system that calls sends these headers, and no browser leaves both out where a page of another site asks.
    """
    headers = request.headers
    return "Origin" in headers or headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")


def body_of_call() -> bytes:
    """The bytes of the call; of a stranger's no more than a question has, and for as long as one takes.

    Raises RequestEntityTooLarge, with its beginning as description; ClientDisconnected or RequestTimeout where it takes
    too long.
    """
    most = MAX_BYTES if callers().rucs else STRANGERS_BYTES
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge(beginning_of_call())
    with within(patience(_GRACE + (request.content_length or most) / _SLOWEST)) as is_over:
        body = request.stream.read(most + 1)
        request.stream.read(1)  # where its line was too slow, this is what says so
    if is_over.is_set():
        raise ClientDisconnected()
    if len(body) > most:
        raise RequestEntityTooLarge(body[:_BEGINNING].decode("utf-8", "replace"))
    request.environ[READ] = True
    return body


def beginning_of_call() -> str:
    """Of a body that nobody has read yet; as much as came soon."""
    try:
        with within(patience(_GRACE)):
            return request.stream.read(_BEGINNING).decode("utf-8", "replace")
    except (ClientDisconnected, RequestTimeout):
        return ""


def operation_in(beginning: str, service: Service) -> str:
    """The first operation of the service that is named there; what it was first made for where there is none."""
    found = re.search(rf"[<:]({'|'.join(service.operations)})\b", beginning)
    return found[1] if found else service.operations[0]


def too_large(operation: str) -> Returned:
    """What is said of a call that is not read: only a document or a cargo can be that large."""
    log.warning("%s: larger than what is read", operation)
    if not callers().rucs:
        return not_done(operation, codes.ERROR, CALLER_UNKNOWN)
    is_document = operation == RECEPCIONAR
    sentence = sentences.MAIN_PDF_TOO_LARGE if is_document else sentences.CARGO_PDF_TOO_LARGE
    return not_done(operation, codes.INVALID, sentence)
