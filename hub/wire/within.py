"""The signed messages inside what a partner answered: bare, in the report of our REST contract, in a SOAP envelope."""

import base64
import binascii
from ssl import DER_cert_to_PEM_cert
from typing import Final

from lxml import etree

from hub.core.errors import ContractError
from hub.wire import xml

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_MESSAGES: Final = 200
_KINDS: Final = frozenset(f"{{{xml.NS}}}{kind}" for kind in ("Sobre", "Acuse", "Cargo", "Estado", "Respuesta"))


def messages_within(raw: bytes) -> tuple[bytes, ...]:
    """The signed messages of our own contract in these bytes, each byte by byte; none in any other answer."""
    try:
        root = xml.parse(raw, max_bytes=MAX_BYTES, is_envelope=True)
    except ContractError:
        return ()
    if root.tag in _KINDS:
        return (raw,)
    carried = (_carried(element) for element in root.iter() if len(element) == 0)
    return tuple(one for one in carried if one)[:MAX_MESSAGES]


def _carried(element: etree._Element) -> bytes:
    """What an element carries in base64, if it is a message."""
    try:
        content = base64.b64decode("".join((element.text or "").split()), validate=True)
        is_ours = content[:1] == b"<" and xml.parse(content).tag in _KINDS
    except (ValueError, binascii.Error, ContractError):
        return b""
    return content if is_ours else b""


def certificates_in(sealed: bytes) -> tuple[bytes, ...]:
    """The certificates (PEM) that a message which we sealed carries."""
    root = xml.parse(sealed)
    found = []
    for element in root.iter("{http://www.w3.org/2000/09/xmldsig#}X509Certificate"):
        der = base64.b64decode("".join((element.text or "").split()))
        found.append(DER_cert_to_PEM_cert(der).encode())
    return tuple(found)
