"""Cases and what comes of them, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from hub.core.ports import Partner


class Result(StrEnum):
    """What came of a case."""

    PASSED = "cumple"
    FAILED = "no cumple"
    NOT_RUN = "no se probó"
    NOT_APPLICABLE = "no corresponde"


class Place(Protocol):
    """Whatever cases of one contract work with."""

    who: Partner
    clock: Callable[[], datetime]


class NotKept(Exception):
    """The institution does not do what the case asks; the text says what it did, for its developers."""


class DoesNotApply(Exception):
    """The case asks for something that this institution does not declare."""


@dataclass(frozen=True)
class Case:
    """One numbered case. `clause`: where the contract says it. `run` raises NotKept or DoesNotApply.

    `is_ground`: where it fails, nothing after it can be judged.
    """

    number: str
    title: str
    clause: str
    run: Callable[[Any], None]
    is_ground: bool = False


@dataclass(frozen=True)
class Judged:
    """A case and what came of it. `seconds` it took."""

    case: Case
    result: Result
    said: str
    seconds: float


@dataclass(frozen=True)
class Report:
    """A whole run against one institution."""

    entity_code: str
    ruc: str
    name: str
    way: str
    address: str
    made_at: datetime
    judged: tuple[Judged, ...]

    @property
    def has_passed(self) -> bool:
        return all(one.result in (Result.PASSED, Result.NOT_APPLICABLE) for one in self.judged)

    @property
    def failed(self) -> tuple[str, ...]:
        """The numbers of the cases that are not kept."""
        return tuple(one.case.number for one in self.judged if one.result is Result.FAILED)
