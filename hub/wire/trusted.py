"""The certificates that the directory trusts, parsed once and kept: who may sign for a RUC, and since when."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from hub.core.ports import Trust, TrustedCertificate
from hub.wire.codes import Refusal

MIN_RSA_BITS: Final = 2048
_RUC = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])")
_RUC_PLACES = (NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER, NameOID.COMMON_NAME)


@dataclass(frozen=True)
class Leaf:
    """One parsed certificate. `fingerprint` is the SHA-256 of its DER."""

    x509: x509.Certificate
    der: bytes
    fingerprint: bytes
    valid_from: datetime
    valid_until: datetime
    is_strong: bool


@lru_cache(maxsize=1024)
def leaf_of(pem: bytes) -> Leaf:
    """Parse a PEM certificate, once per process. Raises ValueError for what is none."""
    certificate = x509.load_pem_x509_certificate(pem)
    return Leaf(
        certificate,
        certificate.public_bytes(Encoding.DER),
        certificate.fingerprint(SHA256()),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        is_strong(certificate.public_key()),
    )


def fingerprint_of(pem: bytes) -> str:
    """The SHA-256 (hex) of a certificate from outside; empty for what is none."""
    try:
        return leaf_of(pem).fingerprint.hex()
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
        return ""


def is_strong(key: object) -> bool:
    """Whether a public key is one that the contract accepts: P-256, or RSA of 2048 bits and up."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= MIN_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


@dataclass(frozen=True)
class TrustedLeaf:
    """A parsed certificate with what the directory says of it."""

    leaf: Leaf
    entry: TrustedCertificate

    def check_strength(self) -> None:
        """Raises KEY_WEAK for RSA under 2048 bits or a curve other than P-256."""
        if not self.leaf.is_strong:
            raise Refusal.KEY_WEAK.error()

    def check_validity(self, signed_at: datetime, received_at: datetime) -> None:
        """Valid when it signed, by the certificate and by the directory; not revoked when the message is received.

        Revocation counts from the receipt, not from the signature: who stole a key writes the instant that suits.
        """
        if self.entry.revoked_at is not None and self.entry.revoked_at <= received_at:
            raise Refusal.CERTIFICATE_REVOKED.error()
        if signed_at < max(self.leaf.valid_from, self.entry.valid_from):
            raise Refusal.CERTIFICATE_NOT_YET_VALID.error()
        if signed_at > min(self.leaf.valid_until, self.entry.valid_until):
            raise Refusal.CERTIFICATE_EXPIRED.error()


def leaves_of(trust: Trust, ruc: str) -> list[TrustedLeaf]:
    """What the directory holds for a RUC, parsed."""
    return [TrustedLeaf(leaf_of(entry.pem), entry) for entry in trust(ruc)]


def signer_of(der: bytes, trust: Trust, sender_ruc: str) -> TrustedLeaf:
    """The directory's entry for the certificate that came with a message said to be from `sender_ruc`.

    Raises ContractError SIGNER_NOT_SENDER when it is another RUC's, SIGNER_UNKNOWN when it is nobody's.
    """
    for known in leaves_of(trust, sender_ruc):
        if known.leaf.der == der:
            return known
    for ruc in rucs_in(der):
        if any(known.leaf.der == der for known in leaves_of(trust, ruc)):
            raise Refusal.SIGNER_NOT_SENDER.error(f"certificate of {ruc}")
    raise Refusal.SIGNER_UNKNOWN.error()


def rucs_in(der: bytes) -> list[str]:
    """The RUCs that a certificate names in its subject; none if it cannot be parsed."""
    try:
        subject = x509.load_der_x509_certificate(der).subject
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
        return []
    texts = [str(name.value) for place in _RUC_PLACES for name in subject.get_attributes_for_oid(place)]
    return [ruc for text in texts for ruc in _RUC.findall(text)]


def is_issued_by(leaf: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether an authority's key signed a certificate. Dates are for the caller to look at."""
    try:
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        leaf.verify_directly_issued_by(authority)
    except (x509.ExtensionNotFound, ValueError, TypeError, InvalidSignature):
        return False
    return constraints.ca


def names_in(certificate: x509.Certificate) -> str:
    """Whose certificate it is, as its subject says: the organisation, else the common name."""
    for place in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for name in certificate.subject.get_attributes_for_oid(place):
            return str(name.value)
    return certificate.subject.rfc4514_string()
