"""A signer that is nobody's: a good certificate of a body that is not the hub, made for one run."""

from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hub.wire.authority import issue, make_authority
from hub.wire.keys import FileSigner

RUC: Final = "20000000001"


def a_stranger(now: datetime) -> FileSigner:
    """Its certificate names another RUC, by an authority of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = make_authority(ec.generate_private_key(ec.SECP256R1()), now)
    certificate = issue(authority, key.public_key(), RUC, "Otra entidad", now)
    return FileSigner(key, certificate.public_bytes(Encoding.PEM))
