"""What the store says of bytes that it has."""

from dataclasses import dataclass
from typing import Final

CHUNK: Final = 1024 * 1024
"""Bytes that are read at once."""


@dataclass(frozen=True)
class Stored:
    """Bytes that are on disk, for good. `sha256` is lower-case hex; `size` bytes."""

    object_key: str
    sha256: str
    size: int
