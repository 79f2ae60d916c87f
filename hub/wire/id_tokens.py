"""ID tokens of OpenID Connect: believed only after every check of OpenID Connect Core 1.0, section 3.1.3.7.

No network: who calls brings the provider's published keys (a JWK set). Only signatures with a public key count:
"none" and a shared secret never do.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

from hub.core.errors import ContractError

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
LEEWAY: Final = timedelta(minutes=1)
OLDEST: Final = timedelta(minutes=10)
"""How long ago a token may have been issued: it is brought at once."""
MAX_LENGTH: Final = 16 * 1024
_UNTIMED: Final = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}


@dataclass(frozen=True)
class Expected:
    """What an ID token must say: who issued it, for which client, in answer to which request."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str = ""


def check_id_token(token: str, keys: Mapping[str, Any], expected: Expected, now: datetime) -> dict[str, Any]:
    """The claims of an ID token that holds. `keys` is the provider's JWK set, `now` aware.

    Raises ContractError ID_TOKEN_KEY_UNKNOWN where its key is not among them (they may have been rotated), else
    ID_TOKEN_INVALID.
    """
    if len(token) > MAX_LENGTH:
        raise ContractError("ID_TOKEN_INVALID", "too long")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise ContractError("ID_TOKEN_INVALID", "algorithm")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(header, keys),
            algorithms=[header["alg"]],
            audience=expected.client_id,
            issuer=expected.issuer,
            options={"require": ["iss", "sub", "aud", "exp", "iat"], **_UNTIMED},  # type: ignore[arg-type]
        )
        _check_times(claims, now)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, AttributeError) as error:
        raise ContractError("ID_TOKEN_INVALID", type(error).__name__) from error
    _check_request(claims, expected)
    return claims


def _key(header: Mapping[str, Any], keys: Mapping[str, Any]) -> Any:
    """The published signing key that the header names; the only one there is where it names none."""
    published = [one for one in keys.get("keys", ()) if one.get("use", "sig") == "sig" and one.get("kty") != "oct"]
    kid = header.get("kid")
    fitting = [one for one in published if one.get("kid") == kid] if kid else published
    if len(fitting) != 1:
        raise ContractError("ID_TOKEN_KEY_UNKNOWN", str(kid or ""))
    return jwt.PyJWK(dict(fitting[0]), algorithm=header["alg"]).key


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    at, issued, expires = now.timestamp(), float(claims["iat"]), float(claims["exp"])
    if expires + LEEWAY.total_seconds() < at or not -OLDEST.total_seconds() <= issued - at <= LEEWAY.total_seconds():
        raise ValueError("it is not of now")
    if "auth_time" in claims and at - float(claims["auth_time"]) > OLDEST.total_seconds():
        raise ValueError("signed in long ago: it was not asked again")


def _check_request(claims: Mapping[str, Any], expected: Expected) -> None:
    """It answers our own request, was made for us alone, and belongs to the access token that came with it."""
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), expected.nonce.encode()):
        raise ContractError("ID_TOKEN_INVALID", "nonce")
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != expected.client_id:
        raise ContractError("ID_TOKEN_INVALID", "authorized party")
    if "at_hash" in claims and claims["at_hash"] != half_hash(expected.access_token):
        raise ContractError("ID_TOKEN_INVALID", "access token")
    if not claims["sub"] or len(str(claims["sub"])) > 255:
        raise ContractError("ID_TOKEN_INVALID", "subject")


def half_hash(text: str) -> str:
    """Left half of the SHA-256, in base64url: `at_hash` of an access token."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


def challenge(verifier: str) -> str:
    """What a request shows of its verifier (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
