"""The body of a call as it comes by the line: one that cannot be read, and one that nobody read to its end.

A server that closes a line on which something is unread resets it, and the sender never sees why it was refused: the
rest is read and thrown away before the answer leaves.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Response, request
from werkzeug.exceptions import ClientDisconnected

log = logging.getLogger(__name__)
MOST: Final = 256 * 1024 * 1024
"""Bytes; who sends more than that is cut off."""
_PIECE: Final = 64 * 1024


def read_out(answer: Response) -> Response:
    """After a request: read the rest of its body."""
    if request.method == "GET":
        return answer
    left = MOST
    try:
        stream = _stream()
        while left > 0 and (piece := stream.read(_PIECE)):
            left -= len(piece)
    except (OSError, ClientDisconnected) as error:  # it went away by itself
        log.info("cut while the rest was read: %s", type(error).__name__)
    return answer


def _stream() -> Any:
    """The body as the server gives it: one that knows its end, or the part of it that was announced."""
    if request.environ.get("wsgi.input_terminated"):
        return request.environ["wsgi.input"]
    request.max_content_length = None
    return request.stream


class Readable:
    """A WSGI application for which a body that its server cannot read (a chunk without a size) is one that was cut."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        return self._application(environ, start_response)


class _Body:
    """The server's stream, whose errors are all OSError: each server has errors of its own."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, *size: int) -> bytes:
        try:
            return bytes(self._stream.read(*size))
        except OSError:
            raise
        except Exception as error:
            raise OSError(type(error).__name__) from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
