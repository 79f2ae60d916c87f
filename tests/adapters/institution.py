"""A sandbox institution as its tests meet it: its paces, calls to it with the hub's credential, what it says."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.core.ports import TrustedCertificate
from hub.wire.seal import open_sealed
from tests.fixtures.sandbox import HUB_RUC

FAST = {"register_after": 0.05, "process_after": 0.05, "answer_after": 0.05, "retry_first": 0.05, "retry_most": 0.2}
NEVER = {"register_after": -1}


def post(institution, data, **headers):
    headers = {"Content-Type": "application/xml"} | headers
    return requests.post(f"{institution.url}/sobres", data=data, headers=headers, timeout=20)


def ask(institution, cuo, token):
    return requests.get(f"{institution.url}/sobres/{cuo}", headers={"Authorization": f"Bearer {token}"}, timeout=20)


def credential(keys, institution, **changes):
    """A token of the hub for one question; `changes` are claims."""
    now = int(time.time())
    claims = {"iss": HUB_RUC, "aud": institution.ruc, "iat": now, "exp": now + 60, "jti": str(uuid4())} | changes
    pem = (keys.folder / "hub" / "token.key.pem").read_bytes()
    return jwt.encode(claims, load_pem_private_key(pem, None), "ES256")


def opened(keys, code, data):
    """Read a message of an institution as the hub does."""
    far = timedelta(days=365)
    pem = keys.of(code)[1].read_bytes()
    held = TrustedCertificate(pem, datetime.now(UTC) - far, datetime.now(UTC) + far)
    return open_sealed(data, lambda ruc: (held,), receiver_ruc=HUB_RUC, now=datetime.now(UTC))
