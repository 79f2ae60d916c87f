"""The hub as the institution under test sees it: gives documents, takes messages, misbehaves where a case asks."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Final
from urllib.parse import urlsplit

from adapters.conformance.serving import Server, Serving
from hub.core.errors import ContractError
from hub.core.ports import Trust
from hub.wire import reporte, service
from hub.wire.tokens import check_token
from hub.wire.xml import parse

MOST: Final = 4 * 1024 * 1024
PIECE: Final = 256 * 1024


@dataclass(frozen=True)
class Served:
    """A document: `size` bytes of `content`, which is repeated where it is shorter."""

    content: bytes
    size: int

    def piece(self, start: int, length: int) -> bytes:
        times = (start + length) // len(self.content) + 1
        return (self.content * times)[start : start + length] if self.content else b""


@dataclass
class Fetch:
    """One GET of a document: whether its credential held, and the first byte asked for."""

    path: str
    code: str
    start: int


@dataclass
class Seen:
    """Everything that came, and what the next answers are to be. Shared by threads under `lock`."""

    documents: dict[str, Served] = field(default_factory=dict)
    fetches: list[Fetch] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    refuse_about: bytes = b""
    """The first Cargo with these bytes in it gets a 503."""
    cut_documents: int = 0
    are_documents_down: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class StandIn(Serving):
    """`ruc` is the hub's."""

    def __init__(self, address: tuple[str, int], ruc: str, trust: Trust, clock: Callable[[], datetime]) -> None:
        self.seen, self.ruc, self.trust, self.clock = Seen(), ruc, trust, clock
        super().__init__(address, _Door, self)

    def serve(self, path: str, content: bytes, size: int | None = None) -> None:
        """Give a document at a path from now on."""
        with self.seen.lock:
            self.seen.documents[path] = Served(content, len(content) if size is None else size)

    def heard(self) -> list[bytes]:
        """Every signed message that came, byte by byte, in its order."""
        with self.seen.lock:
            return list(self.seen.messages)

    def fetches(self, path: str) -> list[Fetch]:
        with self.seen.lock:
            return [one for one in self.seen.fetches if one.path == path]


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: Server[StandIn]

    def do_GET(self) -> None:
        standin, path = self.server.standin, urlsplit(self.path).path
        seen, code, start = standin.seen, self._credential(), self._start()
        with seen.lock:
            seen.fetches.append(Fetch(path, code, start))
            served, is_down = seen.documents.get(path), seen.are_documents_down
            is_cut = seen.cut_documents > 0
            seen.cut_documents -= is_cut
        if served is None or code:
            return self._problem(404 if served is None else 401, code or "DOCUMENTO_DESCONOCIDO")
        if is_down:
            return self._problem(503, "NO_DISPONIBLE")
        self._give(served, start, is_cut=is_cut)

    def _credential(self) -> str:
        """Empty for a good one; else the code of what is wrong with it."""
        standin = self.server.standin
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        try:
            token = token.strip() if kind.lower() == "bearer" else ""
            check_token(token, standin.trust, called_ruc=standin.ruc, now=standin.clock())
        except ContractError as error:
            return error.code
        return ""

    def _start(self) -> int:
        asked = self.headers.get("Range", "").removeprefix("bytes=").partition("-")[0]
        return int(asked) if asked.isdecimal() else 0

    def _give(self, served: Served, start: int, *, is_cut: bool) -> None:
        left = max(served.size - start, 0)
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(left))
        if "Range" in self.headers:
            self.send_header("Content-Range", f"bytes {start}-{served.size - 1}/{served.size}")
        self.end_headers()
        left = left // 2 if is_cut else left
        while left > 0:
            piece = served.piece(start, min(PIECE, left))
            self.wfile.write(piece)
            start, left = start + len(piece), left - len(piece)
        self.close_connection = self.close_connection or is_cut

    def do_POST(self) -> None:
        seen, length = self.server.standin.seen, self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST:
            self.close_connection = True
            return self._problem(413, "XML_DEMASIADO_GRANDE")
        body = self.rfile.read(int(length))
        is_soap = urlsplit(self.path).path == "/soap/mesadepartes"
        message = _in_envelope(body) if is_soap else body
        with seen.lock:
            seen.messages.append(message)
            is_refused = bool(seen.refuse_about) and seen.refuse_about in message and b"Cargo" in message
            seen.refuse_about = b"" if is_refused else seen.refuse_about
        if is_refused:
            return self._problem(503, "NO_DISPONIBLE")
        self._receipt(message, is_soap=is_soap)

    def _receipt(self, message: bytes, *, is_soap: bool) -> None:
        try:
            identity = parse(message).findtext(".//{urn:pe:mesa-integrada:1}IdMensaje") or ""
        except ContractError as error:
            return self._problem(400, error.code)
        said = service.write_answer(identity, "aplicado") if is_soap else reporte.recibido(identity, "aplicado")
        self._answer(200, said, "text/xml" if is_soap else "application/xml")

    def _problem(self, status: int, code: str) -> None:
        body = json.dumps({"code": code, "status": status, "temporary": status >= 500}).encode()
        self._answer(status, body, "application/problem+json")

    def _answer(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Say nothing: what came is in `Seen`."""


def _in_envelope(body: bytes) -> bytes:
    """The message inside a SOAP call; the bytes themselves where it is none, so that a case can say so."""
    try:
        return service.read_call(body).message
    except ContractError:
        return body
