"""How a case speaks with the institution, over REST or SOAP: what it sends as it is, what comes back told apart."""

import base64
import json
from dataclasses import dataclass
from typing import Final, Protocol

from adapters.calls import MAX_ANSWER, Calls, Reply
from hub.core.errors import ContractError, DeliveryFailure
from hub.wire import replies, xml
from hub.wire.service import NS, SOAP

_XML: Final = {"Content-Type": "application/xml", "Accept": "application/xml, application/problem+json"}
_SOAP_TYPE: Final = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Heard:
    """An answer in the words of the contract. `broke`: why there is none (TIMEOUT, CONNECTION_LOST, UNREACHABLE, ...).

    `code` is the refusal; `messages` are signed messages; `is_taken`: it has the message and brings the documents.
    """

    broke: str = ""
    code: str = ""
    status: int = 0
    messages: tuple[bytes, ...] = ()
    is_taken: bool = False

    @property
    def is_understood(self) -> bool:
        return bool(self.messages or self.is_taken or self.code) and not self.broke

    def said(self) -> str:
        """For a person who reads a report."""
        if self.broke:
            return f"no hubo respuesta entera ({self.broke})"
        if self.code:
            return f"rehusó con {self.code}"
        if self.is_taken:
            return "dijo que lo tomó (202)"
        return "respondió con un mensaje" if self.messages else f"respondió {self.status} fuera del contrato"


class Way(Protocol):
    """One of the two carriers of the contract."""

    address: str

    def post(self, message: bytes) -> Heard: ...

    def ask(self, cuo: str, token: str) -> Heard: ...

    def request(self, message: bytes) -> tuple[str, dict[str, str], bytes]: ...

    def forget(self) -> None:
        """Use none of the connections that are open."""


class RestWay:
    """POST {address}/sobres and GET {address}/sobres/{cuo}."""

    def __init__(self, address: str, timeout: float) -> None:
        self.address = address.rstrip("/")
        self._calls = Calls(timeout)

    def forget(self) -> None:
        self._calls = Calls(self._calls.timeout)

    def request(self, message: bytes) -> tuple[str, dict[str, str], bytes]:
        """The path, headers and body of the call that hands a message over."""
        return f"{self.address}/sobres", _XML, message

    def post(self, message: bytes) -> Heard:
        return self._heard("POST", *self.request(message))

    def ask(self, cuo: str, token: str) -> Heard:
        headers = {"Accept": _XML["Accept"]} | ({"Authorization": f"Bearer {token}"} if token else {})
        return self._heard("GET", f"{self.address}/sobres/{cuo}", headers, None)

    def _heard(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Heard:
        try:
            reply = self._calls.call(method, url, headers, body)
        except DeliveryFailure as error:
            return Heard(broke=error.code)
        if reply.status == 202:
            return Heard(status=202, is_taken=True)
        if reply.status != 200:
            return Heard(status=reply.status, code=_code_in(reply))
        return Heard(status=200, messages=_messages_in(reply.body))


def _code_in(reply: Reply) -> str:
    try:
        problem = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    code = problem.get("code") if isinstance(problem, dict) else ""
    return code if isinstance(code, str) else ""


def _messages_in(body: bytes) -> tuple[bytes, ...]:
    """The Acuse that the body is, or the messages of a Reporte; none for anything else."""
    try:
        root = xml.parse(body, max_bytes=MAX_ANSWER)
    except ContractError:
        return ()
    if root.tag == f"{{{xml.NS}}}Acuse":
        return (body,)
    if root.tag != f"{{{xml.NS}}}Reporte":
        return ()
    try:
        return tuple(base64.b64decode(one.text or "", validate=True) for one in root)
    except ValueError:
        return ()


class SoapWay:
    """recibirSobre and consultarSobre of schemas/mesadepartes.wsdl."""

    def __init__(self, address: str, timeout: float) -> None:
        self.address = address
        self._calls = Calls(timeout)

    def forget(self) -> None:
        self._calls = Calls(self._calls.timeout)

    def request(self, message: bytes) -> tuple[str, dict[str, str], bytes]:
        """The path, headers and body of the call that hands a message over."""
        body = _envelope("recibirSobre", f"<mensaje>{base64.b64encode(message).decode()}</mensaje>")
        return self.address, {"Content-Type": _SOAP_TYPE, "SOAPAction": '"recibirSobre"'}, body

    def post(self, message: bytes) -> Heard:
        return self._heard("recibirSobre", "acuse", *self.request(message))

    def ask(self, cuo: str, token: str) -> Heard:
        body = _envelope("consultarSobre", f"<credencial>{token}</credencial><cuo>{cuo}</cuo>")
        headers = {"Content-Type": _SOAP_TYPE, "SOAPAction": '"consultarSobre"'}
        return self._heard("consultarSobre", "mensaje", self.address, headers, body)

    def _heard(self, operation: str, tag: str, url: str, headers: dict[str, str], body: bytes) -> Heard:
        try:
            reply = self._calls.call("POST", url, headers, body)
        except DeliveryFailure as error:
            return Heard(broke=error.code)
        try:
            answer = replies.open_reply(reply.body, max_bytes=MAX_ANSWER)
            if replies.is_fault(answer):
                refusal = replies.refusal_in(answer)
                return Heard(status=reply.status, code=refusal.wire if refusal else "")
            is_taken = replies.state_in(answer, operation) == "tomado"
            return Heard(status=reply.status, is_taken=is_taken, messages=tuple(replies.messages_in(answer, tag)))
        except ContractError:
            return Heard(status=reply.status)


def _envelope(operation: str, content: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><{operation} xmlns="{NS}">{content}</{operation}></s:Body></s:Envelope>'
    ).encode()


WAYS: Final = {"rest": RestWay, "soap": SoapWay}
