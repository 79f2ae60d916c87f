"""The seal of a message: signing it, and opening what came sealed. Profile of schemas/firma.xsd, by signxml."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from hub.core.errors import ContractError
from hub.core.messages import Message
from hub.core.ports import Signer, Trust
from hub.wire import xml
from hub.wire.apart import apart
from hub.wire.codes import Refusal
from hub.wire.sobre import SCHEMA, read_message
from hub.wire.trusted import Leaf, TrustedLeaf, leaf_of, signer_of

MAX_AHEAD: Final = timedelta(minutes=5)
STALE_AFTER: Final = timedelta(hours=72)

_DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_HEADER: Final = f"{{{xml.NS}}}Cabecera"
_EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_METHODS: Final = {"ES256": SignatureMethod.ECDSA_SHA256, "RS256": SignatureMethod.RSA_SHA256}
_METHOD_URIS = frozenset(method.value for method in _METHODS.values())


class _Key:
    """What signxml takes for a private key, in front of a Signer whose private half may live elsewhere."""

    key_size = 256  # bits of r and of s; not asked for RSA

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def sign(self, data: bytes, **_settings: object) -> bytes:
        """Give what a `cryptography` key gives: DER for ECDSA, the bare signature for RSA."""
        signature = self._signer.sign(data)
        if self._signer.algorithm != "ES256":
            return signature
        return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def seal(unsigned: bytes, signer: Signer) -> bytes:
    """Sign what `sobre.build` gave. The result is to be stored and sent as it is, never parsed and written again."""
    key: Any = _Key(signer)
    signing = XMLSigner(
        signature_algorithm=_METHODS[signer.algorithm],
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=_EXCLUSIVE,
    )
    root = signing.sign(xml.parse(unsigned), key=key, cert=[leaf_of(signer.certificate_pem).x509])
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


@dataclass(frozen=True)
class Opened:
    """A message whose seal holds.

    `reference_digest` is its DigestValue in base64: the same id with the same digest is the same message.
    `signer_fingerprint` is the SHA-256 of the signing certificate, in hex. `is_stale`: signed over 72 hours ago.
    """

    message: Message
    reference_digest: str
    signer_fingerprint: str
    is_stale: bool
    raw: bytes


def open_sealed(raw: bytes, trust: Trust, *, receiver_ruc: str, now: datetime) -> Opened:
    """Check a sealed message and read what its signature covers.

    `now` is the instant of receipt (aware); to check kept bytes again, give the instant they came. Raises
    ContractError with a code of `hub.wire.codes` and, once it is known, the id of the message.
    """
    root = xml.parse(raw)
    signature = _only_signature(root)
    _check_profile(signature)
    _check_schema(root)
    message_id, sender_ruc = (root.findtext(f"{_HEADER}/{{{xml.NS}}}{tag}") for tag in ("IdMensaje", "RucEmisor"))
    der = _certificate_in(signature)
    try:
        signer = signer_of(der, trust, sender_ruc or "")
        signer.check_strength()
        message = read_message(_verified(raw, signer.leaf))
        _check_header(message, signer, receiver_ruc, now)
    except ContractError as error:
        error.message_id = message_id
        raise
    is_stale = now - message.header.issued_at > STALE_AFTER
    return Opened(message, _digest_in(signature), signer.leaf.fingerprint.hex(), is_stale, raw)


def _certificate_in(signature: etree._Element) -> bytes:
    try:
        return base64.b64decode(signature.findtext(f".//{_DS}X509Certificate") or "")
    except ValueError as error:  # libxml2 takes a few characters for base64 that are none
        raise Refusal.SIGNATURE_PROFILE.error("certificate: no base64") from error


def digest_of(sealed: bytes) -> str:
    """The Reference digest of a message that we sealed ourselves: what its Acuse must name."""
    return _digest_in(xml.parse(sealed))


def issued_at(sealed: bytes) -> datetime:
    """When a message that we sealed ourselves says that it was issued, its seal not looked at.

    Raises ContractError for what is no message.
    """
    text = xml.parse(sealed).findtext(f"{_HEADER}/{{{xml.NS}}}FechaEmision") or ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal.SCHEMA_INVALID.error("FechaEmision") from error
    if found.tzinfo is None:
        raise Refusal.SCHEMA_INVALID.error("FechaEmision")
    return found


def _digest_in(element: etree._Element) -> str:
    """The DigestValue in its one canonical spelling, whatever spaces or spare bits its writer put."""
    return base64.b64encode(base64.b64decode(element.findtext(f".//{_DS}DigestValue") or "")).decode()


def _only_signature(root: etree._Element) -> etree._Element:
    """The one signature, as the last child of the root: no other place can wrap a message in another."""
    found = list(root.iter(f"{_DS}Signature"))
    if not found:
        raise Refusal.SIGNATURE_MISSING.error()
    if len(found) > 1:
        raise Refusal.SIGNATURE_REPEATED.error(f"{len(found)} signatures")
    if not len(root) or root[-1] is not found[0]:
        raise Refusal.SIGNATURE_MISPLACED.error()
    return found[0]


def _check_profile(signature: etree._Element) -> None:
    references = signature.findall(f"{_DS}SignedInfo/{_DS}Reference")
    if len(references) != 1 or references[0].get("URI") != "":
        raise Refusal.SIGNATURE_REFERENCES.error(f"{len(references)} references")
    named = {
        tag: [element.get("Algorithm") for element in signature.iter(f"{_DS}{tag}")]
        for tag in ("CanonicalizationMethod", "SignatureMethod", "DigestMethod", "Transform")
    }
    if (
        not _METHOD_URIS.issuperset(named["SignatureMethod"])
        or named["CanonicalizationMethod"] != [_EXCLUSIVE.value]
        or named["DigestMethod"] != [DigestAlgorithm.SHA256.value]
        or named["Transform"] != [_ENVELOPED, _EXCLUSIVE.value]
    ):
        raise Refusal.SIGNATURE_ALGORITHM.error()


def _check_schema(root: etree._Element) -> None:
    found = xml.faults(root, SCHEMA)
    if not found:
        return
    is_about_signature = all(str(place.tag).startswith(_DS) for place, _ in found)
    refusal = Refusal.SIGNATURE_PROFILE if is_about_signature else Refusal.SCHEMA_INVALID
    raise refusal.error(xml.describe(found))


def _verified(raw: bytes, leaf: Leaf) -> etree._Element:
    """The tree that the signature covers, and nothing else. The certificate's dates are checked apart, by code."""
    expected = SignatureConfiguration(
        location="./",
        expect_references=1,
        signature_methods=frozenset(_METHODS.values()),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        verification_time=leaf.valid_from,
    )
    try:
        result = apart(
            lambda: XMLVerifier().verify(
                raw, x509_cert=leaf.x509, parser=xml.parser(), validate_schema=False, expect_config=expected
            )
        )
    except (SignXMLException, InvalidSignature, etree.XMLSyntaxError, ValueError, binascii.Error) as error:
        raise Refusal.SIGNATURE_INVALID.error(type(error).__name__) from error
    if not isinstance(result, VerifyResult) or result.signed_xml is None:
        raise Refusal.SIGNATURE_REFERENCES.error()
    return result.signed_xml


def _check_header(message: Message, signer: TrustedLeaf, receiver_ruc: str, now: datetime) -> None:
    header = message.header
    if header.issued_at - now > MAX_AHEAD:
        raise Refusal.INSTANT_AHEAD.error()
    signer.check_validity(header.issued_at, now)
    if header.receiver_ruc != receiver_ruc:
        raise Refusal.RECEIVER_WRONG.error(f"for {header.receiver_ruc}")
