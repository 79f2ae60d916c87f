"""The manifests of an ASiC-E container (ETSI EN 319 162-1, 4.4): which files a signature covers, by their digests."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from hub.core.errors import ContractError
from hub.wire import xml

MIMETYPE: Final = "application/vnd.etsi.asic-e+zip"
MANIFEST: Final = "META-INF/ASiCManifest001.xml"
SIGNATURE: Final = "META-INF/signature001.p7s"
ARCHIVE: Final = "META-INF/ASiCArchiveManifest.xml"
"""Manifest of the time-stamp: over the signature and its manifest, and through them over everything."""
TIMESTAMP: Final = "META-INF/timestamp001.tst"
CMS_TYPE: Final = "application/x-pkcs7-signature"
STAMP_TYPE: Final = "application/vnd.etsi.timestamp-token"
MAX_BYTES: Final = 8 * 1024 * 1024
MAX_ENTRIES: Final = 20_000

_ASIC: Final = "http://uri.etsi.org/02918/v1.2.1#"
_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"


@dataclass(frozen=True)
class Listed:
    """A file that a manifest names. `sha256` is 32 bytes."""

    name: str
    media_type: str
    sha256: bytes


def write_manifest(signature: str, signature_type: str, files: Iterable[Listed]) -> bytes:
    """An ASiCManifest: the file that signs it, and the files it lists, in their order."""
    root = etree.Element(f"{{{_ASIC}}}ASiCManifest", nsmap={"asic": _ASIC, "ds": _DS})
    etree.SubElement(root, f"{{{_ASIC}}}SigReference", URI=signature, MimeType=signature_type)
    for file in files:
        entry = etree.SubElement(root, f"{{{_ASIC}}}DataObjectReference", URI=file.name, MimeType=file.media_type)
        etree.SubElement(entry, f"{{{_DS}}}DigestMethod", Algorithm=_SHA256)
        etree.SubElement(entry, f"{{{_DS}}}DigestValue").text = base64.b64encode(file.sha256).decode()
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def read_manifest(raw: bytes, signature: str) -> tuple[Listed, ...]:
    """The files that a manifest lists. `signature` is the file that must be named as signing it.

    Raises ContractError: what `hub.wire.xml.parse` raises, or MANIFEST_MALFORMED.
    """
    root = xml.parse(raw, max_bytes=MAX_BYTES)
    references = root.findall(f"{{{_ASIC}}}SigReference")
    entries = root.findall(f"{{{_ASIC}}}DataObjectReference")
    if root.tag != f"{{{_ASIC}}}ASiCManifest" or len(entries) > MAX_ENTRIES:
        raise ContractError("MANIFEST_MALFORMED")
    if [one.get("URI") for one in references] != [signature]:
        raise ContractError("MANIFEST_MALFORMED", "SigReference")
    found = tuple(map(_listed, entries))
    if len({one.name for one in found}) != len(found):
        raise ContractError("MANIFEST_MALFORMED", "a file twice")
    return found


def _listed(entry: etree._Element) -> Listed:
    method = entry.find(f"{{{_DS}}}DigestMethod")
    try:
        digest = base64.b64decode(entry.findtext(f"{{{_DS}}}DigestValue") or "", validate=True)
    except (ValueError, binascii.Error) as error:
        raise ContractError("MANIFEST_MALFORMED", "DigestValue") from error
    name = entry.get("URI", "")
    if method is None or method.get("Algorithm") != _SHA256 or len(digest) != 32 or not name:
        raise ContractError("MANIFEST_MALFORMED", name)
    return Listed(name, entry.get("MimeType", ""), digest)
