"""The signed root of a batch: a compact JWS over its statement, with the certificate that signed it (x5c)."""

import base64
import binascii
import json
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import jwt
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from hub.core.errors import ContractError
from hub.core.ports import Signer
from hub.core.roots import Root, root_from_json
from hub.wire.trusted import is_issued_by, is_strong, leaf_of, rucs_in

KIND: Final = "mesa-raiz+jws"
MAX_LENGTH: Final = 16_384


class RootRefusal(StrEnum):
    """Why a signed root is not taken: codes of ContractError."""

    MALFORMED = "RAIZ_MAL_FORMADA"
    ALGORITHM = "RAIZ_ALGORITMO_NO_ADMITIDO"
    SIGNATURE = "RAIZ_FIRMA_INVALIDA"
    SIGNER = "RAIZ_FIRMANTE_DESCONOCIDO"
    NOT_THE_HUB = "RAIZ_FIRMANTE_NO_ES_EL_HUB"
    CERTIFICATE_TIME = "RAIZ_CERTIFICADO_NO_VIGENTE"


def sign_root(signer: Signer, statement: Root) -> str:
    """Sign a statement (RFC 7515, compact; ES256 or RS256)."""
    certificate = base64.b64encode(leaf_of(signer.certificate_pem).der).decode()
    header = {"alg": signer.algorithm, "typ": KIND, "x5c": [certificate]}
    body = f"{_b64(json.dumps(header).encode())}.{_b64(statement.payload)}"
    return f"{body}.{_b64(signer.sign(body.encode()))}"


def open_root(signed: str, authorities: Sequence[bytes], *, hub: str = "") -> Root:
    """Check a signed root and give its statement.

    `authorities`: certificates (PEM) of which one issued the signer's, or is the signer's own. The signer's names the
    RUC that the statement says to be the hub's, and `hub` where one is given; it was valid at `sealed_at`. Raises
    ContractError with a code of RootRefusal.
    """
    leaf, statement = _read(signed)
    _check_issued(leaf, authorities)
    if statement.hub not in rucs_in(leaf.public_bytes(Encoding.DER)) or hub not in ("", statement.hub):
        raise ContractError(RootRefusal.NOT_THE_HUB, statement.hub)
    if not leaf.not_valid_before_utc <= statement.sealed_at <= leaf.not_valid_after_utc:
        raise ContractError(RootRefusal.CERTIFICATE_TIME, statement.to_json()["sealed_at"])
    return statement


def payload_of(signed: str) -> bytes:
    """The payload as it was signed, unchecked. Raises ContractError RAIZ_MAL_FORMADA."""
    try:
        return base64.urlsafe_b64decode(signed.split(".")[1] + "==")
    except (IndexError, ValueError) as error:
        raise ContractError(RootRefusal.MALFORMED, "payload") from error


def certificate_of(signed: str) -> bytes:
    """The certificate (PEM) that a signed root carries, unchecked. Raises ContractError RAIZ_MAL_FORMADA."""
    return _leaf_in(_header(signed)).public_bytes(Encoding.PEM)


def _read(signed: str) -> tuple[x509.Certificate, Root]:
    """The certificate and the statement; the signature is checked with the former."""
    header = _header(signed)
    leaf = _leaf_in(header)
    key = leaf.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) or not is_strong(key):
        raise ContractError(RootRefusal.ALGORITHM, "key")
    algorithm = "RS256" if isinstance(key, rsa.RSAPublicKey) else "ES256"
    if header.get("alg") != algorithm or "crit" in header:
        raise ContractError(RootRefusal.ALGORITHM, str(header.get("alg")))
    if not _is_written_once(signed.rpartition(".")[2]):
        raise ContractError(RootRefusal.SIGNATURE, "spelling")
    try:
        payload: bytes = jwt.api_jws.decode(signed, key=key, algorithms=[algorithm])
        return leaf, root_from_json(payload)
    except jwt.InvalidSignatureError as error:
        raise ContractError(RootRefusal.SIGNATURE) from error
    except (jwt.PyJWTError, ValueError) as error:
        raise ContractError(RootRefusal.MALFORMED, type(error).__name__) from error


def _is_written_once(segment: str) -> bool:
    """Whether a signature has its one spelling: base64 readers skip strange signs and spare bits."""
    try:
        return _b64(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))) == segment
    except ValueError:
        return False


def _header(signed: str) -> dict[str, Any]:
    if len(signed) > MAX_LENGTH:
        raise ContractError(RootRefusal.MALFORMED, "too long")
    try:
        header: dict[str, Any] = jwt.get_unverified_header(signed)
    except (jwt.PyJWTError, ValueError) as error:
        raise ContractError(RootRefusal.MALFORMED, type(error).__name__) from error
    if header.get("typ") != KIND:
        raise ContractError(RootRefusal.MALFORMED, "not a root")
    return header


def _leaf_in(header: dict[str, Any]) -> x509.Certificate:
    try:
        return _certificate(base64.b64decode(header["x5c"][0], validate=True))
    except (KeyError, IndexError, TypeError, ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise ContractError(RootRefusal.MALFORMED, "x5c") from error


@lru_cache(maxsize=64)
def _certificate(der: bytes) -> x509.Certificate:
    """Parse a certificate whose key can be read too. Raises ValueError or UnsupportedAlgorithm."""
    certificate = x509.load_der_x509_certificate(der)
    certificate.public_key()
    return certificate


def _check_issued(leaf: x509.Certificate, authorities: Sequence[bytes]) -> None:
    der = leaf.public_bytes(Encoding.DER)
    for pem in authorities:
        authority = leaf_of(pem)
        if authority.der == der or is_issued_by(leaf, authority.x509):
            return
    raise ContractError(RootRefusal.SIGNER)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
