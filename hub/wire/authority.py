"""The demo authority: issues the certificates of a sector that has none yet. A real one brings its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
CA_YEARS: Final = 10
LEAF_YEARS: Final = 2
_BACKDATE: Final = timedelta(days=1)  # a clock that runs behind must not find it "not yet valid"


@dataclass(frozen=True)
class Authority:
    """The authority's key and its own certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def make_authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> Authority:
    """Make the self-signed certificate of an authority, valid ten years."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mesa Integrada, autoridad de demostración")])
    builder = _dated(name, name, key.public_key(), now, now + timedelta(days=365 * CA_YEARS))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(is_authority=True), critical=True)
    return Authority(key, builder.sign(key, SHA256()))


def issue(
    authority: Authority, public_key: PublicKey, ruc: str, name: str, now: datetime, *, days: int = 365 * LEAF_YEARS
) -> x509.Certificate:
    """Issue a leaf that names its RUC in organizationIdentifier and serialNumber, valid from the day before `now`."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "PE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRPE-{ruc}"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, ruc),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Mesa Integrada {ruc}"),
        ]
    )
    issuer = authority.certificate.subject
    builder = _dated(subject, issuer, public_key, now, now + timedelta(days=days))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(is_authority=False), critical=True)
    return builder.sign(authority.key, SHA256())


def make_crl(
    authority: Authority, revoked: list[x509.RevokedCertificate], now: datetime
) -> x509.CertificateRevocationList:
    """Sign the list of what the authority revoked, good for a year."""
    builder = x509.CertificateRevocationListBuilder(
        authority.certificate.subject, now, now + timedelta(days=365), revoked_certificates=revoked
    )
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    return builder.sign(authority.key, SHA256())


def _dated(
    subject: x509.Name, issuer: x509.Name, public_key: PublicKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
