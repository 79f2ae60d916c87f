"""A small archive under a passphrase: scrypt makes the key, AES-256-GCM closes it. Wrong words open nothing."""

import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hub.core.errors import MesaError

SHORTEST = 12
_COST = {"n": 2**17, "r": 8, "p": 1}
"""128 MB and a third of a second for each guess (RFC 7914)."""


class WrongPassphrase(MesaError):
    """These words do not open it, or its bytes were changed."""

    code = "PASSPHRASE_WRONG"


def lock(data: bytes, passphrase: str) -> bytes:
    """`data` closed: a line of JSON that says how, and the bytes. The line is covered too."""
    salt, nonce = os.urandom(16), os.urandom(12)
    head = json.dumps({"v": 1, "kdf": "scrypt", **_COST, "salt": salt.hex(), "nonce": nonce.hex()}).encode() + b"\n"
    return head + AESGCM(_key(passphrase, salt, _COST)).encrypt(nonce, data, head)


def unlock(locked: bytes, passphrase: str) -> bytes:
    """What `lock` closed. Raises WrongPassphrase."""
    head, newline, body = locked.partition(b"\n")
    try:
        said = json.loads(head)
        cost = {name: min(int(said[name]), 2 * most) for name, most in _COST.items()}
        key = _key(passphrase, bytes.fromhex(said["salt"]), cost)
        return AESGCM(key).decrypt(bytes.fromhex(said["nonce"]), body, head + newline)
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise WrongPassphrase("archive") from error


def _key(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode())
