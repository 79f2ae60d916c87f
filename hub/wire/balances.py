"""The signed balance: a compact JWS over its statement, checked with the hub's certificate authority alone."""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import jwt

from hub.core.errors import ContractError
from hub.core.ports import Signer
from hub.wire.roots import payload_of
from hub.wire.statements import open_statement, sign_statement
from hub.wire.trusted import rucs_in

BALANCE: Final = "mesa-balance+jws"


def sign_balance(signer: Signer, content: dict[str, Any]) -> str:
    """Sign what is stated."""
    return sign_statement(signer, BALANCE, content)


def digest_of(signed: str) -> bytes:
    """SHA-256 of what is signed: by this the next balance names it."""
    return hashlib.sha256(payload_of(signed)).digest()


def open_balance(signed: str, authorities: Sequence[bytes]) -> dict[str, Any]:
    """Check a signed balance and give what it states.

    `authorities`: certificates (PEM) of which one issued the signer's. That was valid when the balance was made, and
    names the RUC that the statement says to be the hub's. Raises ContractError.
    """
    try:
        claimed = json.loads(payload_of(signed))
        made_at, hub = datetime.fromisoformat(claimed["hecho"]), str(claimed["mesa"])
        content = open_statement(signed, BALANCE, authorities, made_at)
        signer = base64.b64decode(jwt.get_unverified_header(signed)["x5c"][0])
    except (ValueError, KeyError, TypeError) as error:
        raise ContractError("DECLARACION_MAL_FORMADA", type(error).__name__) from error
    if hub not in rucs_in(signer):
        raise ContractError("DECLARACION_FIRMANTE_NO_ES_EL_HUB", hub)
    return content
