"""Signers that are nobody's, made for one run: another body's good certificate; the hub's own without its key."""

from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from hub.core.ports import Signer
from hub.wire.authority import issue, make_authority
from hub.wire.keys import FileSigner

RUC: Final = "20000000001"


def a_stranger(now: datetime) -> FileSigner:
    """Its certificate names another RUC, by an authority of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = make_authority(ec.generate_private_key(ec.SECP256R1()), now)
    certificate = issue(authority, key.public_key(), RUC, "Otra entidad", now)
    return FileSigner(key, certificate.public_bytes(Encoding.PEM))


def a_forger(signer: Signer) -> FileSigner:
    """It shows the certificate of `signer` and signs by a key of its own: well made in all, and the value is wrong."""
    shown = x509.load_pem_x509_certificate(signer.certificate_pem).public_key()
    if isinstance(shown, rsa.RSAPublicKey):
        return FileSigner(rsa.generate_private_key(65537, shown.key_size), signer.certificate_pem)
    return FileSigner(ec.generate_private_key(ec.SECP256R1()), signer.certificate_pem)
