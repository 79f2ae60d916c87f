"""Files inside the national contract: base64 twice when they go out, once or twice when they come in.

The schema says base64Binary, so the SOAP stack encodes once; every program also encodes by hand before.
"""

import base64
import binascii
from typing import Final

from hub.wire.iotramite import sentences

_PDF: Final = b"%PDF-"


def is_pdf(content: bytes) -> bool:
    """True where a PDF's header stands among the first 1024 bytes."""
    return _PDF in content[:1024]


def encode_by_hand(content: bytes) -> bytes:
    """The layer that the program makes; a SOAP stack adds the other."""
    return base64.b64encode(content)


def encode_twice(content: bytes) -> str:
    """Both layers, for who writes the XML without a SOAP stack."""
    return base64.b64encode(base64.b64encode(content)).decode("ascii")


def read_pdf(text: str) -> bytes | None:
    """The PDF inside a text encoded once or twice; None where no PDF comes out."""
    content = text.encode("utf-8", "replace")
    for _ in range(2):
        try:
            content = binascii.a2b_base64(content)
        except binascii.Error:
            return None
        if is_pdf(content):
            return content
    return None


def pdf_problem(text: str) -> str | None:
    """The sentence that a main document deserves which is not base64, or holds no PDF; None for a good one."""
    if read_pdf(text) is not None:
        return None
    try:
        binascii.a2b_base64("".join(text.split()).encode("utf-8", "replace"), strict_mode=True)
    except binascii.Error:
        return sentences.MAIN_PDF_NOT_BASE64
    return sentences.MAIN_PDF_INVALID
