"""Fetching what an institution announced by an address, without being led anywhere else (SSRF).

Only hosts that its row lists; the name resolved once and that very address called; no redirects, no cookies, no HTML;
a size and a time.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final
from urllib.parse import quote, urlsplit

import certifi

from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Announced

_PORTS: Final = {"http": 80, "https": 443}
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body")
_TRY_LATER: Final = frozenset({408, 425, 429})
_PIECE: Final = 64 * 1024
_BEGINNING: Final = 1024
"""Bytes in which a page for people shows."""
_ALLOWED: Final = "%/?:=&;,+!$'()*~@[]"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class _Target:
    """An address taken apart: `host` as it is named, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


class Fetch:
    """`timeout`: seconds to connect, from there to the end of the headers, and between two pieces.

    `longest`: seconds for one whole document, however it drips. `may_be_here`: what the row lists may be on this very
    machine, as in a demonstration.
    """

    def __init__(self, timeout: float, *, longest: float = 600.0, may_be_here: bool = False) -> None:
        self._timeout = timeout
        self._longest = longest
        self._may_be_here = may_be_here

    def fetch(self, url: str, hosts: Collection[str], write: Callable[[bytes], object], most: int) -> Announced:
        """Write what the address gives, at most `most` bytes. `hosts` are names or addresses, with a port or without.

        Raises PermanentFailure (ANNEX_HOST, ANNEX_ADDRESS, ANNEX_MOVED, ANNEX_PAGE, ANNEX_TOO_LARGE, ANNEX_HTTP_404
        ...) where trying again changes nothing, else TemporaryFailure.
        """
        target = _target(url)
        if not {target.host, f"{target.host}:{target.port}"} & {one.lower() for one in hosts}:
            raise PermanentFailure("ANNEX_HOST", target.host, may_have_arrived=False)
        address = self._resolved(target)
        try:
            with closing(socket.create_connection((address, target.port), self._timeout)) as plain:
                return self._fetched(plain, target, write, most)
        except (HTTPException, OSError, ValueError) as error:
            raise TemporaryFailure("ANNEX_UNREACHABLE", type(error).__name__, may_have_arrived=False) from error

    def _fetched(
        self, plain: socket.socket, target: _Target, write: Callable[[bytes], object], most: int
    ) -> Announced:
        with (
            closing(plain.dup()) as line,
            _within(line, self._longest),
            closing(HTTPConnection(target.host, target.port)) as caller,
        ):
            with _within(line, self._timeout):
                caller.sock = _secured(plain, target)
                response = _asked(caller, target)
            with response:
                return _read(response, write, most)

    def _resolved(self, target: _Target) -> str:
        """The one address to call. Every address of the name must be allowed: the next answer may be another."""
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise TemporaryFailure("ANNEX_UNREACHABLE", "name not found", may_have_arrived=False) from error
        addresses = [str(one[4][0]) for one in found]
        for text in addresses:
            is_listed = text == target.host
            if not may_be_called(_plain(text), is_listed_itself=is_listed, may_be_here=self._may_be_here):
                raise PermanentFailure("ANNEX_ADDRESS", target.host, may_have_arrived=False)
        return addresses[0]


@contextmanager
def _within(line: socket.socket, seconds: float) -> Iterator[None]:
    """Cut the line when the time is over, whatever is being waited for; then the failure is ANNEX_SLOW."""
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):  # it is closed already
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (HTTPException, OSError, ValueError, TemporaryFailure) as error:
        if is_over.is_set():
            raise TemporaryFailure("ANNEX_SLOW", may_have_arrived=False) from error
        raise
    finally:
        timer.cancel()
    if is_over.is_set():
        raise TemporaryFailure("ANNEX_SLOW", may_have_arrived=False)


def _secured(plain: socket.socket, target: _Target) -> socket.socket:
    if target.scheme != "https":
        return plain
    context = ssl.create_default_context(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context.wrap_socket(plain, server_hostname=target.host)


def _asked(caller: HTTPConnection, target: _Target) -> HTTPResponse:
    named = target.host if target.port == _PORTS[target.scheme] else f"{target.host}:{target.port}"
    headers = {"Host": named, "Accept": "application/json, */*;q=0.5", "Accept-Encoding": "identity"}
    caller.request("GET", target.path, headers=headers)
    return caller.getresponse()


def may_be_called(address: Address, *, is_listed_itself: bool, may_be_here: bool) -> bool:
    """An address of the Internet; a private one only where the row lists that very address, not a name for it."""
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if address.is_loopback:
        return may_be_here and is_listed_itself
    return address.is_global or (address.is_private and is_listed_itself)


def _target(url: str) -> _Target:
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
        port = parts.port or _PORTS.get(scheme, 0)
    except ValueError as error:
        raise PermanentFailure("ANNEX_HOST", "not an address", may_have_arrived=False) from error
    is_plain = not (parts.username or parts.password) and url.isascii() and not any(sign.isspace() for sign in url)
    if not host or not port or scheme not in _PORTS or not is_plain:
        raise PermanentFailure("ANNEX_HOST", "not an address", may_have_arrived=False)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(scheme, host, port, quote(path, safe=_ALLOWED))


def _plain(text: str) -> Address:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _read(response: HTTPResponse, write: Callable[[bytes], object], most: int) -> Announced:
    """Piece by piece as it arrives."""
    status, kind = response.status, response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if 300 <= status < 400:
        raise PermanentFailure("ANNEX_MOVED", str(status), may_have_arrived=False)
    if status >= 500 or status in _TRY_LATER:
        raise TemporaryFailure(f"ANNEX_HTTP_{status}", may_have_arrived=False)
    if status != 200:
        raise PermanentFailure(f"ANNEX_HTTP_{status}", may_have_arrived=False)
    announced, size, beginning = response.headers.get("Content-Length", ""), 0, b""
    while piece := response.read1(_PIECE):
        if size < _BEGINNING:
            beginning = (beginning + piece)[:_BEGINNING]
            if kind in ("text/html", "application/xhtml+xml") or _is_page(beginning):
                raise PermanentFailure("ANNEX_PAGE", "a page for people", may_have_arrived=False)
        size += len(piece)
        if size > most:
            raise PermanentFailure("ANNEX_TOO_LARGE", str(most), may_have_arrived=False)
        write(piece)
    if size == 0 or (announced.isdecimal() and int(announced) != size):
        raise TemporaryFailure("ANNEX_CUT", f"{size} bytes", may_have_arrived=False)
    return Announced(kind, size)


def _is_page(beginning: bytes) -> bool:
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML)
