"""The SOAP 1.1 side of our own contract, where the hub calls: what an institution's port answers."""

import base64
import binascii

from lxml import etree

from hub.wire import xml
from hub.wire.codes import BY_WIRE, Refusal
from hub.wire.service import NS, SOAP


def open_reply(raw: bytes, *, max_bytes: int) -> etree._Element:
    """The one element in the Body of an answer: of our service, or a Fault.

    Raises ContractError: what `xml.parse` refuses of an envelope, or REQUEST_MALFORMED for what is none.
    """
    root = xml.parse(raw, max_bytes=max_bytes, is_envelope=True)
    children = root.findall(f"{{{SOAP}}}Body/*") if root.tag == f"{{{SOAP}}}Envelope" else []
    if len(children) != 1:
        raise Refusal.REQUEST_MALFORMED.error("one element in the Body of a SOAP 1.1 envelope")
    return children[0]


def is_fault(reply: etree._Element) -> bool:
    return bool(reply.tag == f"{{{SOAP}}}Fault")


def refusal_in(fault: etree._Element) -> Refusal | None:
    """The refusal of our closed list that a Fault says, if it says one."""
    return BY_WIRE.get((fault.findtext(f"detail/{{{NS}}}falla/{{{NS}}}codigo") or "").strip())


def state_in(reply: etree._Element, operation: str) -> str:
    """`estado` of the answer to that operation; empty for anything else."""
    if reply.tag != f"{{{NS}}}{operation}Respuesta":
        return ""
    return (reply.findtext(f"{{{NS}}}estado") or "").strip()


def messages_in(reply: etree._Element, tag: str) -> list[bytes]:
    """The signed messages in the children of that name. Raises ContractError REQUEST_MALFORMED for bad base64."""
    try:
        return [
            base64.b64decode("".join((child.text or "").split()), validate=True)
            for child in reply.iterchildren(f"{{{NS}}}{tag}")
        ]
    except (binascii.Error, ValueError) as error:
        raise Refusal.REQUEST_MALFORMED.error(f"{tag}: no base64") from error
