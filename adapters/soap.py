"""Our own contract over SOAP 1.1 (schemas/mesadepartes.wsdl): the same conversation as REST, in envelopes."""

import threading
from typing import Any, Final
from uuid import UUID

import zeep
from zeep.exceptions import Error as ZeepError
from zeep.proxy import ServiceProxy

from adapters.calls import MAX_ANSWER, Calls, Reply
from adapters.sealed import Seat, answer_of, failure_of
from hub.core.errors import ContractError, PermanentFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, Has, HasNot, Parcel, Partner, Taken
from hub.wire import replies, xml
from hub.wire.service import NS

WSDL: Final = xml.SCHEMAS / "mesadepartes.wsdl"
_BINDING: Final = f"{{{NS}}}InstitucionSoap11"


class Soap:
    """`seat` says who we are and whom we believe; `timeout` bounds each call, in seconds."""

    def __init__(self, seat: Seat, timeout: float = 30.0) -> None:
        self._seat = seat
        self._calls = Calls(timeout)
        self._lock = threading.Lock()
        self._client: zeep.Client | None = None

    def deliver(self, parcel: Parcel) -> Ack | Taken:
        """Call recibirSobre: `acusado` with its Acuse, or `tomado` while it fetches the documents."""
        reply = self._call(parcel.partner, "recibirSobre", mensaje=parcel.sealed)
        answer = _open(reply)
        if replies.is_fault(answer):
            raise failure_of(replies.refusal_in(answer), reply.status, reply.body)
        said = replies.state_in(answer, "recibirSobre")
        if said == "tomado":
            return Taken(reply.body)
        acuses = _messages(answer, "acuse", reply)
        if said != "acusado" or len(acuses) != 1:
            raise TemporaryFailure("ANSWER_UNREADABLE", "neither acusado nor tomado", raw=reply.body)
        return self._seat.ack_of(acuses[0], parcel, reply.body)

    def tell(self, partner: Partner, message_id: UUID, sealed: bytes) -> bytes:
        """Call recibirMensaje: what became of that message."""
        reply = self._call(partner, "recibirMensaje", mensaje=sealed)
        answer = _open(reply)
        if replies.is_fault(answer):
            raise failure_of(replies.refusal_in(answer), reply.status, reply.body)
        known = (answer.findtext(f"{{{NS}}}idMensaje") or "").strip()
        if not replies.state_in(answer, "recibirMensaje") or known != str(message_id):
            raise TemporaryFailure("ANSWER_UNREADABLE", "no receipt of that message", raw=reply.body)
        return reply.body

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell:
        """Call consultarSobre: `tiene` with its messages, `tomado`, or the Fault of a CUO it does not know."""
        reply = self._call(partner, "consultarSobre", credencial=self._seat.credential(partner), cuo=cuo)
        answer = _open(reply)
        if replies.is_fault(answer):
            return answer_of(replies.refusal_in(answer), reply.status, reply.body)
        said = replies.state_in(answer, "consultarSobre")
        if said == "tomado":
            return Has(is_complete=False, raw=reply.body)
        if said != "tiene":
            return CannotTell("neither tiene nor tomado", reply.body)
        return self._seat.report_of(_messages(answer, "mensaje", reply), partner, cuo, reply.body)

    def _call(self, partner: Partner, operation: str, **values: Any) -> Reply:
        service = self._service(partner.address.strip())
        try:
            reply: Reply = service[operation](**values)
        except (ZeepError, ValueError) as error:  # ours, before anything left: a value that the WSDL refuses
            raise PermanentFailure("MESSAGE_UNWRITABLE", str(error), may_have_arrived=False) from error
        return reply

    def _service(self, address: str) -> ServiceProxy:
        """zeep, from our own WSDL, writes the call; `Calls` makes it; `hub.wire.replies` reads what comes back."""
        with self._lock:
            if self._client is None:
                settings = zeep.Settings(forbid_dtd=True, forbid_external=True, raw_response=True)
                self._client = zeep.Client(str(WSDL), transport=_Transport(self._calls), settings=settings)
            service: ServiceProxy = self._client.create_service(_BINDING, address)
            return service


class _Transport(zeep.Transport):
    """zeep's transport, by `Calls`: bounded, and no redirects."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(operation_timeout=calls.timeout)  # type: ignore[no-untyped-call]
        self._calls = calls

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Reply:
        return self._calls.call("POST", address, headers, message)


def _open(reply: Reply) -> Any:
    """The element in the Body of an answer; what is no envelope is garbage. HTTP 500 is how a Fault comes."""
    try:
        answer = replies.open_reply(reply.body, max_bytes=MAX_ANSWER)
    except ContractError as error:
        code = "ANSWER_UNREADABLE" if reply.status == 200 else f"HTTP_{reply.status}"
        raise TemporaryFailure(code, f"{error.code} {error.detail}".strip(), raw=reply.body) from error
    if reply.status != 200 and not replies.is_fault(answer):
        raise TemporaryFailure(f"HTTP_{reply.status}", raw=reply.body)
    return answer


def _messages(answer: Any, tag: str, reply: Reply) -> list[bytes]:
    try:
        return replies.messages_in(answer, tag)
    except ContractError as error:
        raise TemporaryFailure("ANSWER_UNREADABLE", error.detail, raw=reply.body) from error
