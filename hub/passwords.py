"""Passwords: argon2id, few at once, because each one takes 64 MB and a tenth of a second of a core."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.core.errors import MesaError

AT_ONCE = 2
WAIT_AT_MOST = 10.0
"""Seconds a sign-in waits for its turn before it is told to come back."""
LONGEST = 200

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)


class TooBusy(MesaError):
    """More is asked at once than can be done; it can be asked again."""

    code = "TOO_BUSY"


def cost(hasher: PasswordHasher) -> None:
    """Hash with these parameters from now on; the library's own unless somebody says otherwise.

    What was hashed before keeps the cost that stands in it.
    """
    global _hasher
    _hasher = hasher
    _nobodys.cache_clear()


def hash_password(password: str) -> str:
    """The hash to be kept, with its own salt and its parameters in it."""
    return _hasher.hash(password)


def is_password(kept: str | None, typed: str) -> bool:
    """Whether `typed` is the password. Without an account (None) it takes as long, and is False.

    Raises TooBusy when too many are being checked at once.
    """
    if not _turns.acquire(timeout=WAIT_AT_MOST):
        raise TooBusy()
    try:
        _hasher.verify(kept or _nobodys(), typed[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _turns.release()
    return kept is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("no account has this one")
