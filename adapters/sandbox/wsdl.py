"""The contract as an institution serves it by GET: its own port alone, at the address by which it was asked."""

from pathlib import Path

from lxml import etree

_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_ADDRESS = "{http://schemas.xmlsoap.org/wsdl/soap/}address"
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def wsdl_at(file: Path, port: str, address: str) -> bytes:
    """The WSDL of `file` with no other port than `port`, which is at `address`."""
    definitions = etree.parse(str(file))
    for found in list(definitions.iter(f"{_WSDL}port")):
        if found.get("name") == port:
            found.find(_ADDRESS).set("location", address)
        else:
            found.getparent().remove(found)
    return bytes(etree.tostring(definitions, xml_declaration=True, encoding="UTF-8"))
