"""Passwords: argon2id, few at once, because each one takes 64 MB and a tenth of a second of a core."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from werkzeug.exceptions import ServiceUnavailable

AT_ONCE = 2
WAIT_AT_MOST = 10.0
"""Seconds a sign-in waits for its turn before it is told to come back."""
LONGEST = 200

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(AT_ONCE)
_NOBODYS = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to be kept, with its own salt and its parameters in it."""
    return _hasher.hash(password)


def is_password(kept: str | None, typed: str) -> bool:
    """Whether `typed` is the password. Without an account (None) it takes as long, and is False.

    Raises ServiceUnavailable when too many are being checked at once.
    """
    if not _turns.acquire(timeout=WAIT_AT_MOST):
        raise ServiceUnavailable(retry_after=5)
    try:
        _hasher.verify(kept or _NOBODYS, typed[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _turns.release()
    return kept is not None
