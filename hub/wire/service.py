"""The SOAP 1.1 side of our own contract, where the hub is called: schemas/mesadepartes.wsdl, port Mesa."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lxml import etree

from hub.wire import xml
from hub.wire.codes import Refusal

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
NS: Final = "urn:pe:mesa-integrada:1:servicio"
CONTENT_TYPE: Final = "text/xml; charset=utf-8"
MAX_BYTES: Final = 2 * xml.MAX_BYTES
"""A message of 1 MiB in base64, and its envelope."""

_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_ADDRESS = "{http://schemas.xmlsoap.org/wsdl/soap/}address"


_MESSAGES: Final = ("recibirMensaje", "recibirSobre")
_QUESTION: Final = "consultarSobre"


@dataclass(frozen=True)
class Call:
    """A call of the contract: with a signed message, byte by byte, or a question with its credential."""

    operation: str
    message: bytes = b""
    credential: str = ""
    cuo: str = ""


def read_call(raw: bytes) -> Call:
    """What is called: recibirMensaje, recibirSobre or consultarSobre.

    Raises ContractError: what `xml.parse` refuses of an envelope; REQUEST_MALFORMED for another operation, something
    that is not base64, or a header that must be understood, since this door understands none.
    """
    root = xml.parse(raw, max_bytes=MAX_BYTES, is_envelope=True)
    if root.tag != f"{{{SOAP}}}Envelope":
        raise Refusal.REQUEST_MALFORMED.error("not a SOAP 1.1 envelope")
    for header in root.findall(f"{{{SOAP}}}Header/*"):
        if header.get(f"{{{SOAP}}}mustUnderstand") in ("1", "true"):
            raise Refusal.REQUEST_MALFORMED.error("a header with mustUnderstand")
    calls = root.findall(f"{{{SOAP}}}Body/*")
    operation = etree.QName(calls[0]).localname if len(calls) == 1 else ""
    if not operation or calls[0].tag != f"{{{NS}}}{operation}" or operation not in (*_MESSAGES, _QUESTION):
        raise Refusal.REQUEST_MALFORMED.error("one operation of the contract in the Body")
    children = calls[0].findall("*")
    if operation == _QUESTION:
        credential, cuo = _texts(children, "credencial", "cuo")
        return Call(operation, credential=credential, cuo=cuo)
    [content] = _texts(children, "mensaje")
    try:
        return Call(operation, base64.b64decode("".join(content.split()), validate=True))
    except ValueError as error:
        raise Refusal.REQUEST_MALFORMED.error("mensaje is not base64") from error


def _texts(children: list[etree._Element], *names: str) -> list[str]:
    """The texts of exactly these elements, in their order."""
    if [child.tag for child in children] != [f"{{{NS}}}{name}" for name in names]:
        raise Refusal.REQUEST_MALFORMED.error(f"{', '.join(names)} and nothing else")
    return [(child.text or "").strip() for child in children]


def write_acuse(acuse: bytes | None) -> bytes:
    """The answer to `recibirSobre`: acusado with the Acuse, or tomado where it is not signed yet."""
    return _answer("recibirSobre", "acusado" if acuse else "tomado", "acuse", [acuse] if acuse else [])


def write_report(messages: Sequence[bytes]) -> bytes:
    """The answer to `consultarSobre`: tiene with the messages, or tomado while there is none."""
    return _answer("consultarSobre", "tiene" if messages else "tomado", "mensaje", messages)


def _answer(operation: str, state: str, tag: str, messages: Sequence[bytes]) -> bytes:
    body = _body()
    answer = etree.SubElement(body, f"{{{NS}}}{operation}Respuesta", nsmap={None: NS})
    etree.SubElement(answer, f"{{{NS}}}estado").text = state
    for one in messages:
        etree.SubElement(answer, f"{{{NS}}}{tag}").text = base64.b64encode(one).decode()
    return _bytes(body)


def write_answer(message_id: object, said: str) -> bytes:
    """The answer to `recibirMensaje`. `said`: aplicado, guardado or repetido."""
    body = _body()
    answer = etree.SubElement(body, f"{{{NS}}}recibirMensajeRespuesta", nsmap={None: NS})
    etree.SubElement(answer, f"{{{NS}}}idMensaje").text = str(message_id)
    etree.SubElement(answer, f"{{{NS}}}estado").text = said
    return _bytes(body)


def write_fault(refusal: Refusal, sentence: str, message_id: str = "") -> bytes:
    """A refusal as a Fault whose detail holds one `falla`."""
    body = _body()
    fault = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = f"soap:{'Client' if refusal.blames_sender else 'Server'}"
    etree.SubElement(fault, "faultstring").text = refusal.wire
    told = etree.SubElement(etree.SubElement(fault, "detail"), f"{{{NS}}}falla", nsmap={None: NS})
    values = {
        "codigo": refusal.wire,
        "temporal": "true" if refusal.is_temporary else "false",
        "mensaje": sentence,
        "culpable": refusal.culprit,
        "idMensaje": message_id,
    }
    for name, value in values.items():
        if value:
            etree.SubElement(told, f"{{{NS}}}{name}").text = value
    return _bytes(body)


@lru_cache(maxsize=4)
def wsdl(address: str) -> bytes:
    """The contract as the hub serves it: its own port alone, at its own address."""
    definitions = etree.parse(str(xml.SCHEMAS / "mesadepartes.wsdl"))
    for port in list(definitions.iter(f"{_WSDL}port")):
        if port.get("name") == "Mesa":
            port.find(_ADDRESS).set("location", address)
        else:
            port.getparent().remove(port)
    return bytes(etree.tostring(definitions, xml_declaration=True, encoding="UTF-8"))


def _body() -> etree._Element:
    return etree.SubElement(etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP}), f"{{{SOAP}}}Body")


def _bytes(body: etree._Element) -> bytes:
    return bytes(etree.tostring(body.getroottree(), xml_declaration=True, encoding="UTF-8"))
