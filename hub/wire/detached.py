"""The detached signature of a container: CMS (RFC 5652) in the baseline profile of CAdES (ETSI EN 319 122-1, B-B)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from hub.core.errors import ContractError
from hub.core.ports import Signer
from hub.wire.trusted import is_issued_by, is_strong, leaf_of

MAX_BYTES = 256 * 1024
_METHODS = {"ES256": "sha256_ecdsa", "RS256": "sha256_rsa"}
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError, UnsupportedAlgorithm)


@dataclass(frozen=True)
class Detached:
    """A signature that holds: who signed (the certificate, PEM) and the instant that the signer says."""

    certificate_pem: bytes
    said_at: datetime | None


def sign_detached(signer: Signer, content: bytes, now: datetime, chain: Sequence[bytes] = ()) -> bytes:
    """Sign `content`, which stays outside; gives DER. `chain`: certificates (PEM) of who issued the signer's."""
    leaf = _asn1(signer.certificate_pem)
    attributes = _signed_attributes(leaf, content, now)
    info = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": leaf.issuer, "serial_number": leaf.serial_number}},
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": _METHODS[signer.algorithm]},
        "signature": _as_der(signer, attributes.dump()),
    }
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [leaf, *map(_asn1, chain)],
            "signer_infos": [info],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def open_detached(signature: bytes, content: bytes) -> Detached:
    """Check a detached signature over `content`, and give who made it. Who that is to be believed is apart.

    Raises ContractError: CMS_MALFORMED, CMS_OTHER_CONTENT (it is over other bytes), CMS_INVALID, KEY_WEAK.
    """
    try:
        info, certificate, der = _parts(signature)
        attributes = {one["type"].native: one["values"][0] for one in info["signed_attrs"]}
        digest, named = attributes["message_digest"].native, _named(attributes)
        said = attributes["signing_time"].native if "signing_time" in attributes else None
        signed, value = info["signed_attrs"].untag().dump(), info["signature"].native
        key = certificate.public_key()
    except _MALFORMED as error:
        raise ContractError("CMS_MALFORMED", type(error).__name__) from error
    if digest != hashlib.sha256(content).digest():
        raise ContractError("CMS_OTHER_CONTENT")
    if named != hashlib.sha256(der).digest():
        raise ContractError("CMS_INVALID", "another certificate is named")
    _check(key, value, signed)
    return Detached(certificate.public_bytes(Encoding.PEM), said)


def is_from(certificate_pem: bytes, authority_pem: bytes) -> bool:
    """Whether an authority issued a certificate, or is the same. Raises ValueError for what is no certificate."""
    leaf, authority = leaf_of(certificate_pem), leaf_of(authority_pem)
    return leaf.der == authority.der or is_issued_by(leaf.x509, authority.x509)


def _signed_attributes(leaf: asn1_x509.Certificate, content: bytes, now: datetime) -> cms.CMSAttributes:
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(leaf.dump()).digest()}]})
    at = cms.Time({"utc_time": core.UTCTime(now.astimezone(UTC).replace(microsecond=0))})
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "signing_time", "values": [at]},
            {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
            {"type": "signing_certificate_v2", "values": [named]},
        ]
    )


def _parts(signature: bytes) -> tuple[Any, x509.Certificate, bytes]:
    """The only signer's part, and its certificate. Raises one of _MALFORMED."""
    if len(signature) > MAX_BYTES:
        raise ValueError("too long")
    outer = cms.ContentInfo.load(signature, strict=True)
    if outer["content_type"].native != "signed_data":
        raise ValueError("no signed data")
    data = outer["content"]
    (info,) = data["signer_infos"]
    algorithm = info["digest_algorithm"]["algorithm"].native
    if data["encap_content_info"]["content"].native is not None or algorithm != "sha256":
        raise ValueError("not detached, or another digest")
    sid = info["sid"].chosen
    for one in data["certificates"]:
        found = one.chosen
        if (found.issuer, found.serial_number) == (sid["issuer"], sid["serial_number"].native):
            der = bytes(found.dump())
            return info, x509.load_der_x509_certificate(der), der
    raise ValueError("no certificate")


def _named(attributes: dict[str, Any]) -> bytes:
    """The SHA-256 of the certificate that the signed attributes name (ESS, RFC 5035)."""
    entry = attributes["signing_certificate_v2"]["certs"][0]
    if entry["hash_algorithm"]["algorithm"].native != "sha256" or attributes["content_type"].native != "data":
        raise ValueError("another digest")
    return bytes(entry["cert_hash"].native)


def _check(key: object, value: bytes, signed: bytes) -> None:
    if not is_strong(key):
        raise ContractError("KEY_WEAK")
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, signed, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise ContractError("CMS_INVALID") from error


def _as_der(signer: Signer, signed: bytes) -> bytes:
    """The signature as CMS wants it: DER for ECDSA, as it is for RSA."""
    value = signer.sign(signed)
    if signer.algorithm != "ES256":
        return value
    return encode_dss_signature(int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big"))


def _asn1(pem: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(leaf_of(pem).der)
