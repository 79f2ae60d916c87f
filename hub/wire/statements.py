"""Statements of the hub in JSON, signed as compact JWS with the certificate in the header: the directory, reports."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import jwt
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hub.core.chain import canonical
from hub.core.errors import ContractError
from hub.core.ports import Signer
from hub.wire.trusted import is_issued_by, is_strong, leaf_of

DIRECTORY: Final = "mesa-directorio+jws"
REPORT: Final = "mesa-conformidad+jws"
MEDIA_TYPE: Final = "application/jose"


def sign_statement(signer: Signer, kind: str, content: dict[str, Any]) -> str:
    """Sign a statement (RFC 7515, compact; ES256 or RS256; header `typ` is its kind, `x5c` the leaf alone)."""
    certificate = base64.b64encode(leaf_of(signer.certificate_pem).der).decode()
    header = {"alg": signer.algorithm, "typ": kind, "x5c": [certificate]}
    body = f"{_b64(json.dumps(header).encode())}.{_b64(canonical(content))}"
    return f"{body}.{_b64(signer.sign(body.encode()))}"


def open_statement(signed: str, kind: str, authorities: Sequence[bytes], now: datetime) -> dict[str, Any]:
    """Check a signed statement and give what it says.

    `authorities`: certificates (PEM) of which one issued the signer's, or is the signer's own. Raises ContractError:
    DECLARACION_MAL_FORMADA, DECLARACION_FIRMA_INVALIDA, DECLARACION_FIRMANTE_DESCONOCIDO.
    """
    try:
        header = jwt.get_unverified_header(signed)
        leaf = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0], validate=True))
        key = leaf.public_key()
    except (jwt.PyJWTError, KeyError, IndexError, TypeError, ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise ContractError("DECLARACION_MAL_FORMADA", type(error).__name__) from error
    is_ours = header.get("typ") == kind and is_strong(key)
    if not is_ours or not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise ContractError("DECLARACION_MAL_FORMADA", str(header.get("typ")))
    _check_signer(leaf, authorities, now)
    try:
        algorithm = "RS256" if isinstance(key, rsa.RSAPublicKey) else "ES256"
        content: dict[str, Any] = json.loads(jwt.api_jws.decode(signed, key=key, algorithms=[algorithm]))
    except (jwt.PyJWTError, ValueError) as error:
        raise ContractError("DECLARACION_FIRMA_INVALIDA", type(error).__name__) from error
    return content


def _check_signer(leaf: x509.Certificate, authorities: Sequence[bytes], now: datetime) -> None:
    known = (leaf_of(pem).x509 for pem in authorities)
    is_known = any(one == leaf or is_issued_by(leaf, one) for one in known)
    if not is_known or not leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc:
        raise ContractError("DECLARACION_FIRMANTE_DESCONOCIDO")


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
