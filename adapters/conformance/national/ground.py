"""What a case of the national contract works with: documents for the entity, its answers, its cargos."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from lxml import etree

from adapters.calls import Calls, Reply
from adapters.conformance.national.platform_standin import PlatformStandIn
from adapters.conformance.values import NotKept
from hub.core.errors import ContractError, DeliveryFailure
from hub.core.ports import Partner
from hub.wire.iotramite.dates import write_instant
from hub.wire.iotramite.envelope import SOAP, NotAnEnvelope, fault_of, read_envelope, values_of
from hub.wire.iotramite.fields import CONSULTAR, NAMESPACE_D, RECEPCIONAR, WRAPPERS_D
from hub.wire.iotramite.files import encode_twice

PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_TYPE: Final = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Said:
    """An answer: the values of its `return`, in lower case; `fault`, the text of a SOAP Fault."""

    values: Mapping[str, str]
    fault: str = ""

    @property
    def code(self) -> str:
        return self.values.get("vcodres", "")

    def text(self) -> str:
        """For a person who reads a report."""
        if self.fault:
            return f"respondió con un Fault ({self.fault[:80]})"
        return f"respondió «{self.code}» «{self.values.get('vdesres', '')[:80]}»"


@dataclass
class NationalGround:
    """`patience`: seconds for what the entity does by itself; `timeout`: for an answer."""

    who: Partner
    own_ruc: str
    standin: PlatformStandIn
    clock: Callable[[], datetime]
    patience: float = 30.0
    timeout: float = 10.0
    kept: dict[str, Any] = field(default_factory=dict)
    """What one case leaves for the next."""

    def document(self, **changes: str) -> dict[str, str]:
        """The values of a `recepcionRequest`, in the order of the contract, with a CUO of its own."""
        values = {
            "vrucentrem": self.own_ruc, "vrucentrec": self.who.ruc, "vnomentemi": "Mesa de partes (conformidad)",
            "vuniorgrem": "Trámite Documentario", "vcuo": f"9{secrets.randbelow(10**9):09d}", "ccodtipdoc": "01",
            "vnumdoc": "CONFORMIDAD", "dfecdoc": write_instant(self.clock()), "vuniorgdst": "Mesa de Partes",
            "vnomdst": "PERSONA DE PRUEBA", "vnomcardst": "Responsable",
            "vasu": "Prueba de conformidad: no es un trámite. Ñandú, año", "snumanx": "0", "snumfol": "1",
            "bpdfdoc": encode_twice(PDF), "vnomdoc": "conformidad ñ.pdf", "ctipdociderem": "1",
            "vnumdociderem": "00000000",
        }  # fmt: skip
        return values | changes

    def send(self, values: Mapping[str, str], action: str | None = RECEPCIONAR) -> Said:
        """Call recepcionar. `action`: the SOAPAction; None sends no such header. Raises NotKept for no answer."""
        return self.said(self.post(self.envelope(values), action))

    def ask(self, cuo: str) -> Said:
        """Call consultar. Raises NotKept for no answer."""
        root, call = _call(CONSULTAR)
        etree.SubElement(call, "request").text = cuo
        return self.said(self.post(_bytes(root), CONSULTAR))

    def envelope(self, values: Mapping[str, str]) -> bytes:
        root, call = _call(RECEPCIONAR)
        request = etree.SubElement(call, WRAPPERS_D[RECEPCIONAR])
        for name, text in values.items():
            etree.SubElement(request, name).text = text
        return _bytes(root)

    def request(self) -> tuple[str, dict[str, str], bytes]:
        """A whole good call: its address, headers and body."""
        return self.who.address, _headers(RECEPCIONAR), self.envelope(self.document())

    def post(self, body: bytes, action: str | None) -> Reply:
        return self._reply("POST", _headers(action), body)

    def get(self, query: str) -> Reply:
        return self._reply("GET", {}, None, query)

    def _reply(self, method: str, headers: Mapping[str, str], body: bytes | None, query: str = "") -> Reply:
        """One call. Raises NotKept where no whole answer came in time."""
        address = self.who.address.partition("?")[0]
        try:
            return Calls(self.timeout).call(method, address, headers, body, query)
        except DeliveryFailure as error:
            raise NotKept(f"no hubo respuesta entera ({error.code}) en {self.timeout:g} s") from error

    def said(self, reply: Reply) -> Said:
        """An answer in the words of the contract. Raises NotKept for anything else."""
        try:
            call = read_envelope(reply.body)
        except (NotAnEnvelope, ContractError) as error:
            raise NotKept(f"respondió {reply.status} con lo que no es SOAP") from error
        fault = fault_of(call)
        return Said({}, fault) if fault is not None else Said(values_of(call.element))

    def taken(self) -> str:
        """Hand a good document over; its CUO. Raises NotKept where it is not taken."""
        values = self.document()
        said = self.send(values)
        if said.code != "0000":
            raise NotKept(f"a un documento bueno {said.text()}; se espera 0000")
        return values["vcuo"]

    def more_by_then(self, find: Callable[[], bool]) -> bool:
        """Whether something else comes in a twentieth of the patience."""
        return bool(_within(self.patience / 20, find))

    def until(self, find: Callable[[], Any]) -> Any:
        """What `find()` gives once it is true; what it gives in the end where patience is over."""
        return _within(self.patience, find)


def _within(seconds: float, find: Callable[[], Any]) -> Any:
    ends = time.monotonic() + seconds
    while not (found := find()) and time.monotonic() < ends:
        time.sleep(0.05)
    return found


def _headers(action: str | None) -> dict[str, str]:
    return {"Content-Type": _TYPE} | ({} if action is None else {"SOAPAction": f'"{action}"'})


def _call(operation: str) -> tuple[etree._Element, etree._Element]:
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "ws": NAMESPACE_D})
    return root, etree.SubElement(etree.SubElement(root, f"{{{SOAP}}}Body"), f"{{{NAMESPACE_D}}}{operation}")


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
