"""What the store says of bytes that it has."""

from dataclasses import dataclass
from typing import Final

CHUNK: Final = 1024 * 1024
"""Bytes that are read at once."""
SIP: Final = 64 * 1024
"""What is taken from the line, or given to it, at once. A larger buffer comes fresh from the system each time, page by
page (hub.serving): half of the processor's time for a huge document went there."""


@dataclass(frozen=True)
class Stored:
    """Bytes that are on disk, for good. `sha256` is lower-case hex, empty where nobody asked for it; `size` bytes."""

    object_key: str
    sha256: str
    size: int
