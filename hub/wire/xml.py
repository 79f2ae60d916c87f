"""The one hardened way in for XML from outside: no DTD, no entities, no network, a size, then the XSD."""

import re
import threading
from pathlib import Path
from typing import Final

from lxml import etree

from hub.wire.apart import apart
from hub.wire.codes import Refusal

NS: Final = "urn:pe:mesa-integrada:1"
SCHEMAS: Final = Path(__file__).resolve().parents[2] / "schemas"
MAX_BYTES: Final = 1024 * 1024
_ENCODINGS = {"UTF-8", "US-ASCII", "ASCII"}
_XS = "{http://www.w3.org/2001/XMLSchema}"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z_:\x80-\xff]")


class _PerThread(threading.local):
    """Compiled schemas of one thread: an XMLSchema shared by threads mixes up its error log."""

    def __init__(self) -> None:
        self.has_xsi = etree.XPath("boolean(//@xsi:*)", namespaces={"xsi": _XSI})
        self.schemas: dict[tuple[str, str], etree.XMLSchema] = {}


_tools = _PerThread()
_one_compiles = threading.Lock()
"""libxml2 sets up its table of types at the first schema, unguarded: two at once crash, or refuse a good one."""


def parser() -> etree.XMLParser:
    """A hardened parser. Prefer `parse`, which also looks at what it let through, and reads apart."""
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False
    )


def parse(raw: bytes, *, max_bytes: int = MAX_BYTES, is_envelope: bool = False) -> etree._Element:
    """Parse XML from outside and give its root.

    Raises ContractError: XML_TOO_LARGE, XML_DTD, XML_ENTITIES, XML_MALFORMED (also for an encoding other than
    UTF-8), SCHEMA_INVALID for comments, processing instructions and xsi attributes, which no message of ours has.
    A SOAP stack writes those around a message as it likes: with `is_envelope` only the first four are refused.
    """
    if len(raw) > max_bytes:
        raise Refusal.XML_TOO_LARGE.error(f"{len(raw)} bytes")
    if b"\0" in raw:
        raise Refusal.XML_MALFORMED.error("a zero byte: not UTF-8")
    first = _FIRST_ELEMENT.search(raw)
    if b"<!DOCTYPE" in raw[: first.start() if first else len(raw)]:
        raise _dtd(raw)
    try:
        root = apart(lambda: etree.fromstring(raw, parser()))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal.XML_MALFORMED.error(type(error).__name__) from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None or info.doctype:
        raise _dtd(raw)
    if is_envelope:
        return root
    if info.encoding is not None and info.encoding.upper() not in _ENCODINGS:
        raise Refusal.XML_MALFORMED.error(f"encoding {info.encoding[:20]}")
    _refuse_the_invisible(root)
    return root


def _dtd(raw: bytes) -> Exception:
    return (Refusal.XML_ENTITIES if b"<!ENTITY" in raw else Refusal.XML_DTD).error()


def _refuse_the_invisible(root: etree._Element) -> None:
    """A comment is not signed, an instruction splits a text in two, an xsi attribute steers the validator."""
    has_sibling = root.getprevious() is not None or root.getnext() is not None
    if has_sibling or next(root.iter(etree.Comment, etree.PI, etree.Entity), None) is not None:
        raise Refusal.SCHEMA_INVALID.error("comment, entity or processing instruction")
    if _tools.has_xsi(root):
        raise Refusal.SCHEMA_INVALID.error("xsi attribute")


def _schema(file: str, without: str) -> etree.XMLSchema:
    key = (file, without)
    if key not in _tools.schemas:
        document = etree.parse(str(SCHEMAS / file))
        for reference in document.iter(f"{_XS}element") if without else ():
            if reference.get("ref") == without:
                reference.set("minOccurs", "0")
        with _one_compiles:
            _tools.schemas[key] = etree.XMLSchema(document)
    return _tools.schemas[key]


def faults(root: etree._Element, file: str, *, without: str = "") -> list[tuple[etree._Element, str]]:
    """What is wrong with a document under `schemas/<file>`: the elements and the rule each one breaks.

    Values are left out, since they are a citizen's. `without` makes the element of that `ref` optional: a message
    that is not signed yet is checked by the same schema.
    """
    schema = _schema(file, without)
    if schema.validate(root):
        return []
    return [(_place(root, entry.path), entry.type_name) for entry in list(schema.error_log)[:5]]


def _place(root: etree._Element, path: str | None) -> etree._Element:
    """The element of an entry of the log, else the root: prefixes in the path are the sender's, of any kind."""
    prefixes = {prefix: uri for element in root.iter() for prefix, uri in element.nsmap.items() if prefix}
    try:
        places = root.getroottree().xpath(path or "/*", namespaces=prefixes)
    except etree.XPathError:
        return root
    return places[0] if isinstance(places, list) and places and etree.iselement(places[0]) else root


def describe(found: list[tuple[etree._Element, str]]) -> str:
    """Say faults in one line, with the names of elements and rules and nothing of their content."""
    return "; ".join(f"{etree.QName(place).localname}: {rule}" for place, rule in found)


def require(root: etree._Element, file: str) -> None:
    """Raise SCHEMA_INVALID unless the document follows `schemas/<file>`."""
    found = faults(root, file)
    if found:
        raise Refusal.SCHEMA_INVALID.error(describe(found))
