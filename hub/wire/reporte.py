"""The small unsigned answers of the REST contract (schemas/reporte.xsd)."""

import base64
from collections.abc import Iterable

from lxml import etree

from hub.wire.xml import NS


def recibido(message_id: object, said: str) -> bytes:
    """What became of a message. `said`: aplicado, guardado (it waits for its turn or a person) or repetido."""
    return _bytes(etree.Element(f"{{{NS}}}Recibido", nsmap={None: NS}, mensaje=str(message_id), estado=said))


def reporte(cuo: str, messages: Iterable[bytes]) -> bytes:
    """Everything that was said about a CUO: the signed messages byte by byte, oldest first."""
    root = etree.Element(f"{{{NS}}}Reporte", nsmap={None: NS}, cuo=cuo)
    for one in messages:
        etree.SubElement(root, f"{{{NS}}}Mensaje").text = base64.b64encode(one).decode()
    return _bytes(root)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
