"""The chain of a filing's events: what of an event is hashed, and how each is tied to the one before.

One canonical form, so that anybody can compute it again from a bundle with nothing of ours: JSON with sorted keys,
no spaces, UTF-8 as it is, instants in UTC with microseconds.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

GENESIS = bytes(32)
"""What the first event of a filing is tied to."""


@dataclass(frozen=True)
class Told:
    """An event as it is hashed. `filing` is the filing number, `leg` the CUO of its leg or empty."""

    at: datetime
    happened_at: datetime
    filing: str
    leg: str
    kind: str
    author: str
    said_by: str
    data: Mapping[str, Any]
    raw: str
    """SHA-256 (hex) of the partner's bytes that say it, or empty."""

    def to_json(self) -> dict[str, Any]:
        """The event as plain JSON, the very values that are hashed."""
        return {**vars(self), "at": instant(self.at), "happened_at": instant(self.happened_at), "data": dict(self.data)}

    @property
    def digest(self) -> bytes:
        """SHA-256 of the canonical form."""
        return hashlib.sha256(canonical(self.to_json())).digest()


def instant(at: datetime) -> str:
    """An aware instant in UTC with microseconds: 2026-11-20T21:20:00.000000Z."""
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces. Raises ValueError for NaN and infinities."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def link(previous: bytes, position: int, digest: bytes) -> bytes:
    """The hash of the event at `position` (the first is 1): SHA-256(previous || position as 8 bytes || digest).

    The database computes the same when the event is written (migration 0004).
    """
    return hashlib.sha256(previous + position.to_bytes(8, "big") + digest).digest()


def commitment(salt: bytes, value: Any) -> str:
    """A salted hash (hex) that stands for personal data in an event.

    The data can be redacted with its salt and the proof of everything else still holds.
    """
    return hashlib.sha256(salt + canonical(value)).hexdigest()
