"""Fetching what an institution announced by an address, without being led anywhere else (SSRF).

Only hosts that its row lists; the name resolved once and that very address called; no redirects, no cookies, no HTML;
a size and a time.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import certifi
import urllib3

from hub.core.errors import PermanentFailure, TemporaryFailure
from hub.core.ports import Announced

_PORTS: Final = {"http": 80, "https": 443}
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body")
_TRY_LATER: Final = frozenset({408, 425, 429})
_PIECE: Final = 256 * 1024
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class _Target:
    """An address taken apart: `host` as it is named, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


class Fetch:
    """`timeout`: seconds to connect and between two pieces; `longest`: seconds for one whole document.

    `may_be_here`: what the row lists may be on this very machine, as in a demonstration.
    """

    def __init__(self, timeout: float, *, longest: float = 600.0, may_be_here: bool = False) -> None:
        self._timeout = urllib3.Timeout(connect=timeout, read=timeout)
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
        ends = time.monotonic() + self._longest
        try:
            with self._opened(target, address) as response:
                return _read(response, write, most, ends)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise TemporaryFailure("ANNEX_UNREACHABLE", type(error).__name__, may_have_arrived=False) from error

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

    def _opened(self, target: _Target, address: str) -> urllib3.BaseHTTPResponse:
        pool: urllib3.HTTPConnectionPool
        if target.scheme == "https":
            pool = urllib3.HTTPSConnectionPool(
                address, target.port, timeout=self._timeout, retries=False, cert_reqs="CERT_REQUIRED",
                ca_certs=certifi.where(), server_hostname=target.host, assert_hostname=target.host,
            )  # fmt: skip
        else:
            pool = urllib3.HTTPConnectionPool(address, target.port, timeout=self._timeout, retries=False)
        named = target.host if target.port == _PORTS[target.scheme] else f"{target.host}:{target.port}"
        headers = {"Host": named, "Accept": "application/json, */*;q=0.5", "Accept-Encoding": "identity"}
        return pool.request("GET", target.path, headers=headers, redirect=False, preload_content=False)


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
    return _Target(scheme, host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _plain(text: str) -> Address:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _read(
    response: urllib3.BaseHTTPResponse, write: Callable[[bytes], object], most: int, ends: float
) -> Announced:
    status, kind = response.status, response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if 300 <= status < 400:
        raise PermanentFailure("ANNEX_MOVED", str(status), may_have_arrived=False)
    if status >= 500 or status in _TRY_LATER:
        raise TemporaryFailure(f"ANNEX_HTTP_{status}", may_have_arrived=False)
    if status != 200:
        raise PermanentFailure(f"ANNEX_HTTP_{status}", may_have_arrived=False)
    announced, size, is_first = response.headers.get("Content-Length", ""), 0, True
    while piece := response.read(_PIECE):
        if is_first and (kind in ("text/html", "application/xhtml+xml") or _is_page(piece)):
            raise PermanentFailure("ANNEX_PAGE", "a page for people", may_have_arrived=False)
        size, is_first = size + len(piece), False
        if size > most:
            raise PermanentFailure("ANNEX_TOO_LARGE", str(most), may_have_arrived=False)
        if time.monotonic() > ends:
            raise TemporaryFailure("ANNEX_SLOW", may_have_arrived=False)
        write(piece)
    if size == 0 or (announced.isdecimal() and int(announced) != size):
        raise TemporaryFailure("ANNEX_CUT", f"{size} bytes", may_have_arrived=False)
    return Announced(kind, size)


def _is_page(piece: bytes) -> bool:
    return piece[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML)
