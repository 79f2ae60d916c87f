"""The small unsigned answer that a message gets (schemas/reporte.xsd)."""

from lxml import etree

from hub.wire.xml import NS


def recibido(message_id: object, said: str) -> bytes:
    """What became of a message. `said`: aplicado, guardado (it waits for its turn or a person) or repetido."""
    root = etree.Element(f"{{{NS}}}Recibido", nsmap={None: NS}, mensaje=str(message_id), estado=said)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
