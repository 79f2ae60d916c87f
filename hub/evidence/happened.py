"""The events of a bundle, read back as they were hashed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.core.chain import canonical, link
from hub.evidence.container import Container, ContainerFault
from hub.evidence.layout import EVENTS

_CHAINED = frozenset({"position", "previous", "hash", "proof"})
_TOLD = frozenset({"kind", "raw", "filing", "leg"})
MAX_PATH = 64
MAX_EVENTS = 100_000
MAX_NUMBER = 1_000_000_000


@dataclass(frozen=True)
class Proof:
    """Where an event stands in the tree of its batch, and the hashes that lead to the root."""

    batch: int
    index: int
    count: int
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Happened:
    """One event: what it says, where it stands in its chain, and its proof if it is sealed."""

    told: Mapping[str, Any]
    at: datetime
    position: int
    previous: bytes
    hash: bytes
    proof: Proof | None

    @property
    def kind(self) -> str:
        return str(self.told["kind"])

    @property
    def data(self) -> Mapping[str, Any]:
        data = self.told["data"]
        return data if isinstance(data, dict) else {}

    @property
    def raw(self) -> str:
        """SHA-256 (hex) of the partner's bytes that say it, or empty."""
        return str(self.told["raw"])

    @property
    def sent(self) -> str:
        """SHA-256 (hex) of the message of ours that left with it, or empty."""
        return str(self.data.get("message_digest", ""))

    @property
    def is_itself(self) -> bool:
        """Whether its hash is that of what it says, where it says it stands."""
        digest = hashlib.sha256(canonical(self.told)).digest()
        return link(self.previous, self.position, digest) == self.hash


def read_events(bundle: Container) -> tuple[Happened, ...]:
    """The events in the order of the file. Raises ContainerFault: FILE_MISSING, JSON_MALFORMED."""
    try:
        return tuple(_event(one) for one in bundle.json(EVENTS)["events"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ContainerFault(EVENTS, code="JSON_MALFORMED") from error


def _event(one: dict[str, Any]) -> Happened:
    told = {key: value for key, value in one.items() if key not in _CHAINED}
    found = Happened(
        told=told,
        at=datetime.fromisoformat(told["at"]),
        position=_small(one["position"], MAX_EVENTS),
        previous=bytes.fromhex(one["previous"]),
        hash=bytes.fromhex(one["hash"]),
        proof=_proof(one["proof"]) if one["proof"] is not None else None,
    )
    if not isinstance(told["data"], dict) or found.at.tzinfo is None or not set(told) >= _TOLD:
        raise ValueError("not an event")
    return found


def _proof(one: dict[str, Any]) -> Proof:
    path = tuple(bytes.fromhex(step) for step in one["path"])
    if len(path) > MAX_PATH:
        raise ValueError("path too long")
    return Proof(_small(one["batch"]), _small(one["index"]), _small(one["count"]), path)


def _small(value: object, at_most: int = MAX_NUMBER) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= at_most:
        raise ValueError("not a number of ours")
    return value
