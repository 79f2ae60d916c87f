"""The HTTP side that the REST and the SOAP institution share: bodies, controls, misbehaviour on demand."""

import json
import logging
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Protocol

from adapters.sandbox.bare import said_by
from adapters.sandbox.problems import Refused
from adapters.sandbox.refusals import Refusals
from adapters.sandbox.serving import serve_until_told
from adapters.sandbox.store import Controls

log = logging.getLogger("sandbox")
MOST_BYTES = 1024 * 1024  # a message lists its documents and never carries them: a few KB


class Answer(NamedTuple):
    status: int
    body: bytes
    media_type: str


def in_json(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")


class Institution(Protocol):
    """Whatever stands behind a door."""

    @property
    def who(self) -> Any: ...

    @property
    def controls(self) -> Controls: ...

    def start(self, carry: Callable[[bytes], None]) -> None: ...

    def stop(self) -> None: ...

    def held(self) -> list[dict[str, Any]]: ...

    @property
    def refusals(self) -> Refusals: ...

    def again(self, cuo: str) -> bool: ...


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, door: type["Door"], institution: Institution) -> None:
        super().__init__(("127.0.0.1", port), door)
        self.institution: Any = institution
        self.controls = institution.controls


class Door(BaseHTTPRequestHandler):
    """One connection. A way of talking gives `contract()`: what it answers to its own paths."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together
    timeout = 90
    server: Server

    def contract(self, method: str, path: str, body: bytes) -> Answer:
        raise NotImplementedError

    def refuse(self, refused: Refused) -> Answer:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.serve("GET")

    def do_POST(self) -> None:
        self.serve("POST")

    def serve(self, method: str) -> None:
        path = self.path.partition("?")[0].rstrip("/")
        body = self.body()
        if body is None:
            self.send(self.refuse(Refused("XML_DEMASIADO_GRANDE")))
        elif path == "/control" or path.startswith("/control/"):
            self.send(self.control(method, path, body))
        elif (method, self.path) == ("GET", "/"):  # with a question, as /?wsdl, it is the contract's
            self.send(Answer(200, said_by(self.server.institution.who.code), "text/plain; charset=utf-8"))
        else:
            self.misbehave_or_answer(method, path, body)

    def body(self) -> bytes | None:
        """The whole body; None (and the connection ends) when it is not announced or too large."""
        announced = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not announced.isdecimal() or int(announced) > MOST_BYTES:
            self.close_connection = True
            return None
        return self.rfile.read(int(announced))

    def address(self) -> str:
        """Where this call came, as its caller says it, without the question."""
        host = self.headers.get("Host") or f"127.0.0.1:{self.server.server_port}"
        return f"http://{host}{self.path.partition('?')[0]}"

    def control(self, method: str, path: str, body: bytes) -> Answer:
        if path == "/control/held":
            return in_json(self.server.institution.held())
        if path == "/control/refused":
            return in_json(self.server.institution.refusals.listed())
        if method == "GET":
            return in_json(self.server.controls.values)
        try:
            if path == "/control/again":
                return in_json({"done": self.server.institution.again(str(json.loads(body)["cuo"]))})
            unknown = self.server.controls.set(dict(json.loads(body)))
        except (ValueError, TypeError, KeyError):
            return in_json({"title": "Se espera un objeto JSON, con lo que pide esta dirección"}, 400)
        return in_json({"unknown": unknown}, 400 if unknown else 200)

    def misbehave_or_answer(self, method: str, path: str, body: bytes) -> None:
        controls = self.server.controls
        time.sleep(controls.get("delay") or 0)
        if controls.take("hang"):
            time.sleep(self.timeout)
            self.close_connection = True
        elif controls.take("fail"):
            self.send(Answer(500, b"Error interno del servidor", "text/plain"))
        elif controls.take("garbage"):
            self.send(Answer(200, b"<html><p>Bienvenido al router<br>\xff\xfe", "text/html"))
        else:
            answer = self.answer(method, path, body)
            if controls.take("lose_answer"):
                self.close_connection = True
                return
            self.send(answer)

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Nothing that is sent here makes an unhandled error."""
        try:
            return self.contract(method, path, body)
        except Refused as refused:
            return self.refuse(refused)
        except Exception:
            log.exception("%s %s", method, path)
            return self.refuse(Refused("ERROR_INTERNO"))

    def send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        log.debug("%s %s %s", self.command, self.path, code)

    def log_message(self, format: str, *values: Any) -> None:
        log.info(format, *values)


def run(port: int, door: type[Door], institution: Institution, carry: Callable[[bytes], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; prints one line once it answers."""
    server = Server(port, door, institution)
    institution.start(carry)
    serve_until_told(server, f"{institution.who.code} http://127.0.0.1:{server.server_port}")
    institution.stop()
