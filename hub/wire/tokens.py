"""The credential of a call that carries no message: a JWT of five minutes, bound to a certificate of the directory."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hub.core.ports import Signer, Trust
from hub.wire.codes import Refusal
from hub.wire.trusted import TrustedLeaf, leaf_of, leaves_of

LIFETIME: Final = timedelta(minutes=5)
LEEWAY: Final = timedelta(minutes=1)
MAX_LENGTH: Final = 4096
_CLAIMS: Final = ("iss", "aud", "iat", "exp", "jti")
_UNTIMED: Final = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


@dataclass(frozen=True)
class Token:
    """A credential that holds. The door sees each `jti` once, and may forget it after `expires_at` and the leeway."""

    caller_ruc: str
    jti: UUID
    expires_at: datetime


def make_token(signer: Signer, *, caller_ruc: str, called_ruc: str, jti: UUID, now: datetime) -> str:
    """Sign a credential for one call; `now` is aware."""
    issued = int(now.timestamp())
    header = {"alg": signer.algorithm, "typ": "JWT", "x5t#S256": _b64(leaf_of(signer.certificate_pem).fingerprint)}
    claims = {
        "iss": caller_ruc,
        "aud": called_ruc,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        "jti": str(jti),
    }
    body = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
    return f"{body}.{_b64(signer.sign(body.encode()))}"


def check_token(token: str, trust: Trust, *, called_ruc: str, now: datetime) -> Token:
    """Check a credential and give what it says.

    Raises ContractError: TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, or what is wrong with its certificate
    (KEY_WEAK, CERTIFICATE_...). That its jti was not seen before is for the door to check.
    """
    if not token:
        raise Refusal.TOKEN_MISSING.error()
    if len(token) > MAX_LENGTH:
        raise Refusal.TOKEN_INVALID.error("too long")
    try:
        header = jwt.get_unverified_header(token)
        claimed: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        signer = _signer(header, claimed, trust)
        claims = jwt.decode(
            token,
            key=_public_key(signer),
            algorithms=[_algorithm(signer)],
            audience=called_ruc,
            options={"require": list(_CLAIMS), "strict_aud": True, **_UNTIMED},  # type: ignore[arg-type]
        )
        issued, expires = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
        found = Token(str(claims["iss"]), UUID(claims["jti"]), expires)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, AttributeError) as error:
        raise Refusal.TOKEN_INVALID.error(type(error).__name__) from error
    _check_time(issued, expires, now)
    signer.check_validity(issued, now)
    return found


def _check_time(issued: datetime, expires: datetime, now: datetime) -> None:
    if expires + LEEWAY < now or expires - issued > LIFETIME:
        raise Refusal.TOKEN_EXPIRED.error()
    if issued - LEEWAY > now:
        raise Refusal.TOKEN_INVALID.error("issued in the future")


def _signer(header: dict[str, Any], claimed: dict[str, Any], trust: Trust) -> TrustedLeaf:
    """The directory's certificate that the header names, among those of the RUC that it says to be."""
    caller = claimed.get("iss")
    for known in leaves_of(trust, caller) if isinstance(caller, str) else ():
        if header.get("x5t#S256") == _b64(known.leaf.fingerprint):
            known.check_strength()
            return known
    raise Refusal.TOKEN_INVALID.error("no such certificate for that RUC")


def _public_key(signer: TrustedLeaf) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    key = signer.leaf.x509.public_key()
    if isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey)):
        return key
    raise Refusal.KEY_WEAK.error()


def _algorithm(signer: TrustedLeaf) -> str:
    return "RS256" if isinstance(_public_key(signer), rsa.RSAPublicKey) else "ES256"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
