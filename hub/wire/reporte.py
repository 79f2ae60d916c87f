"""The small unsigned answers of the REST contract (schemas/reporte.xsd)."""

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from lxml import etree

from hub.core.ports import Listed, NewsKind
from hub.wire import xml
from hub.wire.codes import Refusal
from hub.wire.xml import NS

LARGEST_PAGE: Final = 1024 * 1024
_STATES: Final = {
    "recibido": NewsKind.HELD, "registrado": NewsKind.REGISTERED, "observado": NewsKind.OBSERVED,
    "rechazado": NewsKind.REFUSED,
}  # fmt: skip


def recibido(message_id: object, said: str) -> bytes:
    """What became of a message. `said`: aplicado, guardado (it waits for its turn or a person) or repetido."""
    return _bytes(etree.Element(f"{{{NS}}}Recibido", nsmap={None: NS}, mensaje=str(message_id), estado=said))


def reporte(cuo: str, messages: Iterable[bytes]) -> bytes:
    """Everything that was said about a CUO: the signed messages byte by byte, oldest first."""
    root = etree.Element(f"{{{NS}}}Reporte", nsmap={None: NS}, cuo=cuo)
    for one in messages:
        etree.SubElement(root, f"{{{NS}}}Mensaje").text = base64.b64encode(one).decode()
    return _bytes(root)


def lista(raw: bytes) -> tuple[list[Listed], str]:
    """A page of an institution's list, and how to ask for the next: empty for the last. Raises ContractError."""
    root = xml.parse(raw, max_bytes=LARGEST_PAGE)
    xml.require(root, "reporte.xsd")
    if root.tag != f"{{{NS}}}Lista":
        raise Refusal.ANSWER_MISMATCH.error("no list")
    try:
        return [_line(one) for one in root], root.get("siguiente") or ""
    except ValueError as error:
        raise Refusal.SCHEMA_INVALID.error("an instant that is none") from error


def _line(element: etree._Element) -> Listed:
    told = {name: str(value) for name, value in element.attrib.items()}
    since = datetime.fromisoformat(told["desde"].replace("Z", "+00:00"))
    return Listed(told["cuo"], since, _STATES[told["estado"]], told.get("numero", ""))


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
