"""The body of a call as it comes by the line: one that cannot be read, and one that nobody read to its end.

A server that closes a line on which something is unread resets it, and the sender never sees why it was refused: the
rest is read and thrown away before the answer leaves. For so long only: whoever lets it drip holds a thread meanwhile.
"""

import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from hub.api.national.calls import callers

log = logging.getLogger(__name__)
MOST: Final = 256 * 1024 * 1024
"""Bytes; who sends more than that is cut off."""
_PIECE: Final = 64 * 1024
READ: Final = "mesa.body_is_read"
"""Set in the call's environment by who read its body to the end."""
_STRANGERS: Final = 5.0
"""Seconds for what comes from an address that no institution lists."""
_KNOWN: Final = 120.0


def patience(known: float) -> float:
    """Seconds to wait for a body: `known` for who may call from there; PATIENCE of the application is the most."""
    seconds = known if _is_listed() else _STRANGERS
    most: float = current_app.config.get("PATIENCE", seconds)
    return min(seconds, most)


def _is_listed() -> bool:
    try:
        return bool(callers().rucs)
    except SQLAlchemyError:  # the directory cannot be read now: nobody is known, and the answer is not lost by it
        return False


@contextmanager
def within(seconds: float) -> Iterator[threading.Event]:
    """Read for so long: then the event is set, and the line gives no more, but still takes the answer."""
    line: Any = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):  # it is closed already
            line.shutdown(socket.SHUT_RD)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    if line is not None:
        timer.start()
    try:
        yield is_over
    finally:
        timer.cancel()


def read_out(answer: Response) -> Response:
    """After a request: read the rest of its body."""
    if request.method == "GET" or request.environ.get(READ):
        return answer
    left = MOST
    try:
        stream = _stream()
        with within(patience(_KNOWN)) as is_over:
            while left > 0 and not is_over.is_set() and (piece := stream.read(_PIECE)):
                left -= len(piece)
    except (OSError, ClientDisconnected, RequestTimeout) as error:  # it went away by itself
        log.info("cut while the rest was read: %s", type(error).__name__)
    return answer


def _stream() -> Any:
    """The body as the server gives it: one that knows its end, or the part of it that was announced."""
    if request.environ.get("wsgi.input_terminated"):
        return request.environ["wsgi.input"]
    request.max_content_length = None
    return request.stream


class Readable:
    """A WSGI application for which a body that its server cannot read (a chunk without a size) is one that was cut.

    One whose line is too slow (hub.slow_lines) is a RequestTimeout, once what came of it was read.
    """

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
            data = bytes(self._stream.read(*size))
        except Exception as error:
            if self._is_too_slow():
                raise RequestTimeout() from error
            if isinstance(error, OSError):
                raise
            raise OSError(type(error).__name__) from error
        is_all_of_it = not size or size[0] is None or size[0] < 0
        if self._is_too_slow() and (is_all_of_it or not data):
            raise RequestTimeout()
        return data

    def _is_too_slow(self) -> bool:
        return bool(getattr(getattr(self._stream, "line", None), "is_too_slow", False))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
