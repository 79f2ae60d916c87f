"""What the hub states about each batch of its ledger: the root of its tree, tied to the statement before."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.core.chain import GENESIS, canonical, instant

MAX_LEAVES = 1024
"""Leaves of one batch at most, so that a proof is ten hashes and a batch is read in a millisecond."""


@dataclass(frozen=True)
class Root:
    """The statement of one batch. `hub` is the operator's RUC, `root` and `previous` 32 bytes, `sealed_at` aware."""

    hub: str
    batch: int
    count: int
    root: bytes
    previous: bytes
    """SHA-256 of the statement before; zeros for batch 1."""
    sealed_at: datetime

    def to_json(self) -> dict[str, Any]:
        """The statement as plain JSON, the very values that are signed."""
        return {
            "v": 1,
            "hub": self.hub,
            "batch": self.batch,
            "count": self.count,
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "sealed_at": instant(self.sealed_at),
        }

    @property
    def payload(self) -> bytes:
        """What is signed: the canonical form."""
        return canonical(self.to_json())

    @property
    def digest(self) -> bytes:
        """SHA-256 of the payload: what the next statement carries, and what is time-stamped."""
        return hashlib.sha256(self.payload).digest()

    @property
    def is_possible(self) -> bool:
        """Whether its numbers can be those of a batch."""
        hashes = len(self.root) == len(self.previous) == len(GENESIS)
        return hashes and self.batch >= 1 and 1 <= self.count <= MAX_LEAVES


def root_from_json(payload: bytes) -> Root:
    """Read a statement. Raises ValueError for what is none, also for one that is not written canonically."""
    try:
        said = json.loads(payload)
        read = Root(
            hub=str(said["hub"]),
            batch=int(said["batch"]),
            count=int(said["count"]),
            root=bytes.fromhex(said["root"]),
            previous=bytes.fromhex(said["previous"]),
            sealed_at=datetime.fromisoformat(said["sealed_at"]),
        )
        if read.payload != payload or not read.is_possible:
            raise ValueError("not a statement as this hub writes them")
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error
    return read


def first_break(roots: Iterable[Root]) -> int | None:
    """The batch at which statements, oldest first, stop being one chain of one hub; None for a whole one."""
    before: Root | None = None
    for one in roots:
        if before and (one.batch, one.previous, one.hub) != (before.batch + 1, before.digest, before.hub):
            return one.batch
        before = one
    return None
