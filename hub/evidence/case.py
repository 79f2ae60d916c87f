"""What a bundle is made from, as values: gathered from the database, written by `building`."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from hub.core.chain import canonical

Opened = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True)
class Piece:
    """A file of the bundle. `open()` gives a stream to be closed; `is_packed`: worth compressing."""

    name: str
    media_type: str
    open: Opened
    is_packed: bool = True


@dataclass(frozen=True)
class Case:
    """A filing as evidence: its number, how many events it has now, and every file of its bundle."""

    filing_number: str
    filing_id: int
    events: int
    pieces: tuple[Piece, ...]


def of_bytes(name: str, content: bytes, media_type: str = "text/plain") -> Piece:
    """A small file, held in memory."""
    return Piece(name, media_type, lambda: BytesIO(content))


def of_json(name: str, value: Mapping[str, Any]) -> Piece:
    """A list of what is in the bundle, in the canonical form of the ledger."""
    return of_bytes(name, canonical(value) + b"\n", "application/json")
