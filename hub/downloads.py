"""Giving a document as an answer: streamed from the store, in part where a Range asks, never whole in memory."""

import unicodedata
from collections.abc import Iterator
from typing import BinaryIO, Final
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from hub import quarantine
from hub.extensions import db, services
from hub.fetching import Fetchable
from hub.storage import SIP

SANDBOX: Final = "sandbox; default-src 'none'"
"""A browser runs nothing of what a stranger handed in, even where it opens it."""


def send(document: Fetchable) -> Response:
    """The bytes of a document, with its SHA-256 as ETag; 206 for one range, 304 where the caller has it already.

    Several ranges and other units are answered whole, as RFC 9110 allows. Raises StorageFailure before anything is
    sent, Quarantined for one in which a virus was found, and RequestedRangeNotSatisfiable.
    """
    if quarantine.found_in(db.session(), document.sha256):
        raise quarantine.Quarantined()
    response = Response(mimetype=document.media_type)
    response.set_etag(document.sha256)
    response.accept_ranges = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Content-Disposition"] = disposition(document.file_name)
    if request.if_none_match.contains(document.sha256):
        response.status_code = 304
        return response
    start, end = _wanted(document)
    if (start, end) != (0, document.size):
        response.status_code = 206
        response.content_range = f"bytes {start}-{end - 1}/{document.size}"
    response.content_length = end - start
    if request.method == "HEAD":
        return response
    stream = services().store.open(document.object_key)
    response.call_on_close(stream.close)
    response.response = _pieces(stream, start, end)
    return response


def _wanted(document: Fetchable) -> tuple[int, int]:
    """The bytes asked for, as (first, one past the last)."""
    whole = (0, document.size)
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or document.size == 0:
        return whole
    if request.if_range.etag not in (None, document.sha256) or request.if_range.date is not None:
        return whole
    first, last = asked.ranges[0]
    if first < 0:  # the last so many bytes
        return max(document.size + first, 0), document.size
    if first >= document.size:
        raise RequestedRangeNotSatisfiable(document.size)
    return first, min(document.size if last is None else last, document.size)


def _pieces(stream: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    stream.seek(start)
    left = end - start
    while left > 0:
        piece = bytes(stream.read(min(SIP, left)))
        if not piece:
            raise EOFError("the store holds less than was announced")  # cuts the answer: its length will not fit
        left -= len(piece)
        yield piece


def disposition(file_name: str) -> str:
    """`attachment` with the filer's own name, accents and all (RFC 6266, RFC 8187), and an ASCII one beside it."""
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    plain = "".join(sign if sign.isprintable() and sign not in '"\\' else "_" for sign in plain) or "documento"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
