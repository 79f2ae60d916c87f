"""SOAP 1.1 envelopes of the national contract: read with tolerance, written to the letter."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from lxml import etree

from hub.core.errors import MesaError
from hub.wire.apart import apart
from hub.wire.codes import Refusal
from hub.wire.iotramite.texts import repair, without_controls

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
MAX_BYTES: Final = 64 * 1024 * 1024
"""A PDF of 30 MB encoded twice, and its envelope."""

MAX_TAGS: Final = 100_000
"""Beginnings of a tag: thousands of annexes, and not so many elements that they fill the memory."""

_PROLOG: Final = re.compile(rb"""<\?xml[^>]*?(?:encoding\s*=\s*["'](?P<encoding>[A-Za-z0-9._-]+)["'][^>]*)?\?>""")
_ENCODINGS: Final = {
    "": None, "utf-8": "UTF-8", "us-ascii": "UTF-8", "ascii": "UTF-8", "iso-8859-1": "ISO-8859-1",
    "latin1": "ISO-8859-1", "windows-1252": "windows-1252",
}  # fmt: skip


_NAME: Final = re.compile(r"[a-z][a-z0-9]{0,40}")


class NotAnEnvelope(MesaError):
    """Well-formed or not, it is no SOAP message with something in its body."""

    code = "ENVELOPE_UNREADABLE"


@dataclass(frozen=True)
class Call:
    """What stands in a body: the local name of its first element, and that element."""

    operation: str
    element: etree._Element


def read_envelope(content: bytes) -> Call:
    """The first element of a SOAP body, whatever SOAPAction said.

    Takes what declares ISO-8859-1 and, where nothing is declared, what is ISO-8859-1 all the same.
    Raises NotAnEnvelope; raises ContractError for XML that the hardened parser refuses.
    """
    root = _parse(content)
    is_envelope = local_name(root) == "Envelope"
    body = next((child for child in root if local_name(child) == "Body"), None) if is_envelope else None
    first = None if body is None else next((child for child in body if local_name(child)), None)
    if first is None:
        raise NotAnEnvelope(local_name(root))
    return Call(local_name(first), first)


def _parse(content: bytes) -> etree._Element:
    """Parse with every door to the outside closed: no DTD, no entities, no network, a size.

    Apart from `hub.wire.xml.parse`, which reads our own signed messages and refuses what every SOAP stack writes
    (xsi attributes, comments, ISO-8859-1, a text of more than ten million characters).
    """
    if len(content) > MAX_BYTES or content.count(b"<") > MAX_TAGS:
        raise Refusal.XML_TOO_LARGE.error(f"{len(content)} bytes")
    content = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    prolog = _PROLOG.match(content)
    declared = (prolog["encoding"] or b"utf-8").decode("ascii").lower() if prolog else ""
    if b"\x00" in content[:100] or declared not in _ENCODINGS:
        raise Refusal.XML_MALFORMED.error("encoding")
    if b"<!DOCTYPE" in content:
        raise Refusal.XML_DTD.error()
    parser = etree.XMLParser(
        encoding=_ENCODINGS[declared] or _guess(content),
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return apart(lambda: etree.fromstring(content, parser))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal.XML_MALFORMED.error(type(error).__name__) from error


def _guess(content: bytes) -> str:
    """The encoding of a body that declares none."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "ISO-8859-1"
    return "UTF-8"


def values_of(element: etree._Element) -> dict[str, str]:
    """The texts of an element by lower-case name, one wrapper of whatever name taken off.

    Missing and empty elements are the same: an empty text. Double-encoded UTF-8 is repaired.
    """
    return {local_name(child).lower(): repair(str(child.xpath("string()")).strip()) for child in inside(element)}


def inside(element: etree._Element) -> list[etree._Element]:
    """The fields of an operation: its children, or those of its only child where that is a wrapper."""
    children = [child for child in element if local_name(child)]
    if len(children) == 1 and any(local_name(grandchild) for grandchild in children[0]):
        return [child for child in children[0] if local_name(child)]
    return children


def fault_of(call: Call) -> str | None:
    """The text of a Fault, or None where the body is no Fault."""
    if call.operation != "Fault":
        return None
    values = values_of(call.element)
    return values.get("faultstring") or values.get("faultcode") or "Fault"


def write_answer(namespace: str, operation: str, returns: Sequence[Mapping[str, str]]) -> bytes:
    """The envelope that answers an operation: a `return` for each mapping, in its order, without empty elements.

    What stands under the empty name is the text of the `return` itself.
    """
    body = _envelope()
    _answer(body, namespace, operation, returns)
    return _bytes(body)


def write_bare_answer(namespace: str, operation: str, returns: Sequence[Mapping[str, str]]) -> bytes:
    """The same without an envelope, as the twin over REST writes its XML."""
    root = etree.Element("answer")
    _answer(root, namespace, operation, returns)
    return bytes(etree.tostring(root[0], xml_declaration=True, encoding="UTF-8"))


def _answer(parent: etree._Element, namespace: str, operation: str, returns: Sequence[Mapping[str, str]]) -> None:
    response = etree.SubElement(parent, f"{{{namespace}}}{operation}Response", nsmap={"ns2": namespace})
    for values in returns:
        item = etree.SubElement(response, "return")
        for name, text in values.items():
            if not name:
                item.text = text
            elif text:
                etree.SubElement(item, name).text = text


def write_call(namespace: str, operation: str, fields: Mapping[str, str], annexes: Sequence[str] = ()) -> bytes:
    """A call as a message of this contract: what came by another way is kept as if it had come by this one."""
    return apart(partial(_call, namespace, operation, fields, annexes))


def _call(namespace: str, operation: str, fields: Mapping[str, str], annexes: Sequence[str]) -> bytes:
    body = _envelope()
    request = etree.SubElement(etree.SubElement(body, f"{{{namespace}}}{operation}"), "request")
    for name, text in fields.items():
        if _NAME.fullmatch(name):
            etree.SubElement(request, name).text = without_controls(text)
    for annex in annexes:
        etree.SubElement(etree.SubElement(request, "lstanexos"), "vnomdoc").text = without_controls(annex)
    return _bytes(body)


def write_fault(text: str) -> bytes:
    """A Client fault, for what is not XML or not SOAP; everything else is answered with a code."""
    body = _envelope()
    fault = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = "soap:Client"
    etree.SubElement(fault, "faultstring").text = text
    return _bytes(body)


def _envelope() -> etree._Element:
    return etree.SubElement(etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP}), f"{{{SOAP}}}Body")


def _bytes(body: etree._Element) -> bytes:
    return bytes(etree.tostring(body.getroottree(), xml_declaration=True, encoding="UTF-8"))


def local_name(node: etree._Element) -> str:
    """The local name of an element; empty for a comment or a processing instruction."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""
