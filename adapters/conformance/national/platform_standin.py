"""The platform as the entity sees it: takes cargos at /services/PcmIMgdTramite, and fails where a case asks."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Final

from adapters.conformance.serving import Server, Serving
from hub.core.errors import ContractError
from hub.wire.iotramite.codes import CARGO_TAKEN_TEXT, ERROR, OK, TRY_AGAIN_TEXT
from hub.wire.iotramite.envelope import NotAnEnvelope, read_envelope, values_of, write_answer
from hub.wire.iotramite.fields import CARGO, NAMESPACE_A

MOST: Final = 32 * 1024 * 1024


@dataclass
class Told:
    """Every cargo that came, as its values, in its order. `refuse_about`: the first of this CUO is not taken."""

    cargos: list[Mapping[str, str]] = field(default_factory=list)
    refuse_about: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class PlatformStandIn(Serving):
    """The platform, for as long as a run takes."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.told = Told()
        super().__init__(address, _Door, self.told)

    def about(self, cuo: str) -> list[Mapping[str, str]]:
        """The cargos of a CUO, oldest first."""
        with self.told.lock:
            return [one for one in self.told.cargos if one.get("vcuo") == cuo]

    def all(self) -> list[Mapping[str, str]]:
        with self.told.lock:
            return list(self.told.cargos)


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: Server[Told]

    def do_POST(self) -> None:
        told, length = self.server.standin, self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST:
            self.close_connection = True
            return self._answer(413, ERROR, TRY_AGAIN_TEXT)
        values = _values_in(self.rfile.read(int(length)))
        with told.lock:
            told.cargos.append(values)
            is_refused = bool(told.refuse_about) and values.get("vcuo") == told.refuse_about
            told.refuse_about = "" if is_refused else told.refuse_about
        return self._answer(200, ERROR, TRY_AGAIN_TEXT) if is_refused else self._answer(200, OK, CARGO_TAKEN_TEXT)

    def _answer(self, status: int, code: str, text: str) -> None:
        body = write_answer(NAMESPACE_A, CARGO, [{"vcodres": code, "vdesres": text}])
        self.send_response(status)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Say nothing: what came is in `Told`."""


def _values_in(body: bytes) -> Mapping[str, str]:
    """The values of a cargo, with or without its wrapper; none for what is no envelope."""
    try:
        return values_of(read_envelope(body).element)
    except (ContractError, NotAnEnvelope):
        return {}
