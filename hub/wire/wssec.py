"""A WS-Security signature over Body and Timestamp of a SOAP answer (OASIS WSS 1.1, X.509 token).

It has no mustUnderstand, so that a stack which knows nothing of it reads the answer as if it were not there.
"""

import base64
import hashlib
from datetime import datetime, timedelta, timezone
from typing import Final

from lxml import etree

from hub.core.ports import Signer
from hub.wire.trusted import leaf_of

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_X509: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
_BASE64: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
_ALGORITHMS: Final = {
    "ES256": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "RS256": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
}
_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
_ID: Final = f"{{{WSU}}}Id"
LIVES: Final = timedelta(minutes=5)


def sign_envelope(content: bytes, signer: Signer, now: datetime) -> bytes:
    """The same envelope of ours with a signed header. `now` is aware; the signature is fresh for five minutes."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    body = root.find(f"{{{SOAP}}}Body")
    header = etree.Element(f"{{{SOAP}}}Header")
    root.insert(0, header)
    security = etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"wsse": WSSE, "wsu": WSU})
    _token(security, signer)
    stamp = _timestamp(security, now)
    body.set(_ID, "Body")
    _sign(security, signer, (stamp, body))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _token(security: etree._Element, signer: Signer) -> None:
    token = etree.SubElement(security, f"{{{WSSE}}}BinarySecurityToken", EncodingType=_BASE64, ValueType=_X509)
    token.set(_ID, "X509")
    token.text = base64.b64encode(leaf_of(signer.certificate_pem).der).decode()


def _timestamp(security: etree._Element, now: datetime) -> etree._Element:
    stamp = etree.SubElement(security, f"{{{WSU}}}Timestamp")
    stamp.set(_ID, "Timestamp")
    for name, at in (("Created", now), ("Expires", now + LIVES)):
        etree.SubElement(stamp, f"{{{WSU}}}{name}").text = at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return stamp


def _sign(security: etree._Element, signer: Signer, parts: tuple[etree._Element, ...]) -> None:
    signature = etree.SubElement(security, f"{{{DS}}}Signature", nsmap={"ds": DS})
    info = etree.SubElement(signature, f"{{{DS}}}SignedInfo")
    etree.SubElement(info, f"{{{DS}}}CanonicalizationMethod", Algorithm=EXCLUSIVE)
    etree.SubElement(info, f"{{{DS}}}SignatureMethod", Algorithm=_ALGORITHMS[signer.algorithm])
    for part in parts:
        reference = etree.SubElement(info, f"{{{DS}}}Reference", URI=f"#{part.get(_ID)}")
        transforms = etree.SubElement(reference, f"{{{DS}}}Transforms")
        etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=EXCLUSIVE)
        etree.SubElement(reference, f"{{{DS}}}DigestMethod", Algorithm=_SHA256)
        digest = hashlib.sha256(_canonical(part)).digest()
        etree.SubElement(reference, f"{{{DS}}}DigestValue").text = base64.b64encode(digest).decode()
    value = base64.b64encode(signer.sign(_canonical(info))).decode()
    etree.SubElement(signature, f"{{{DS}}}SignatureValue").text = value
    known = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}KeyInfo"), f"{{{WSSE}}}SecurityTokenReference")
    etree.SubElement(known, f"{{{WSSE}}}Reference", URI="#X509", ValueType=_X509)


def _canonical(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))
