"""What checking a bundle finds: each thing a code with its values; `saying` turns them into Spanish."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    PROVEN = "demostrado"  # it holds, and this is who says it and when
    MISSING = "falta"  # not proven, and nobody did anything wrong: not sealed yet, no certificate given
    FALSE = "no_cuadra"  # something was touched


@dataclass(frozen=True)
class Finding:
    """One finding. `about` is the file, event or batch that it is about; `values` are said in its sentence."""

    level: Level
    code: str
    about: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Findings:
    """The findings so far, in the order in which they are told."""

    every: list[Finding] = field(default_factory=list)

    def proven(self, code: str, about: str = "", **values: Any) -> None:
        self.every.append(Finding(Level.PROVEN, code, about, values))

    def missing(self, code: str, about: str = "", **values: Any) -> None:
        self.every.append(Finding(Level.MISSING, code, about, values))

    def false(self, code: str, about: str = "", **values: Any) -> None:
        self.every.append(Finding(Level.FALSE, code, about, values))

    def at(self, level: Level) -> tuple[Finding, ...]:
        return tuple(one for one in self.every if one.level is level)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(one.code for one in self.every)


@dataclass(frozen=True)
class Given:
    """What whoever checks holds from elsewhere. Certificates are PEM; `now` is aware.

    `ca`: the hub's published certificate. `tsa`: the certificate of the time-stamp authority. `seen`: signed roots
    that they were given before. `hub`: the RUC that must be the hub's; empty for whichever the certificate says.
    """

    now: datetime
    ca: bytes | None = None
    tsa: tuple[bytes, ...] = ()
    seen: tuple[str, ...] = ()
    hub: str = ""


_NOT_IN_TIME = frozenset({"SIGNER_EXPIRED", "ROOT_SIGNER_EXPIRED", "MESSAGE_SIGNER_EXPIRED"})


@dataclass(frozen=True)
class Report:
    """The whole answer. `is_good`: nothing was touched and the published certificate was there to say so.

    `is_in_time`: no signature whose certificate is over by now lacks a checked stamp from before its end;
    the bundle's own covers all that is in it.
    """

    filing_number: str
    findings: tuple[Finding, ...]
    is_open: bool = True
    """False for what is no container, or one too dangerous to open."""

    @property
    def is_good(self) -> bool:
        codes = {one.code for one in self.findings}
        is_touched = any(one.level is Level.FALSE for one in self.findings)
        return not is_touched and "CA_NOT_GIVEN" not in codes and codes >= {"CONTAINER_SIGNED", "FILES_SEALED"}

    @property
    def is_in_time(self) -> bool:
        stamped = [one.values["at"] for one in self.findings if one.code == "CONTAINER_STAMPED"]
        ended = [one.values["until"] for one in self.findings if one.code in _NOT_IN_TIME]
        return all(any(at <= until for at in stamped) for until in ended)
