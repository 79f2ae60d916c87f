"""Procedures of a TUPA as values: how long a body has, what its silence means, what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Silence(StrEnum):
    """What happens when the term of a procedure is over without an answer (TUO 33, 35, 38)."""

    AUTOMATIC = "automatic"  # approved when presented
    POSITIVE = "positive"
    NEGATIVE = "negative"
    NONE = "none"


@dataclass(frozen=True)
class Requirement:
    """One thing that a procedure asks for."""

    text: str
    is_fee_receipt: bool = False


@dataclass(frozen=True)
class ProcedureRecord:
    """A procedure of a body's TUPA, or a service without one: how long, what silence means, what it asks for.

    `days` are business days; None is no term (plain correspondence). `fee_cents` are céntimos of a sol.
    """

    tupa_code: str
    name: str
    silence: Silence
    days: int | None
    fee_cents: int = 0
    requirements: tuple[Requirement, ...] = ()
    norm: str = ""
    retention_class: str = ""


GENERAL = ProcedureRecord(
    "general", "Otra solicitud que necesita una decisión", Silence.NONE, 30, norm="TUO Ley 27444, arts. 39 y 153"
)
"""A request that needs a decision and has no procedure of its own: the general maximum, and no silence presumed."""


def to_snapshot(procedure: ProcedureRecord | None) -> dict[str, Any]:
    """What a filing keeps of its procedure, as it was when it was filed; empty for plain correspondence."""
    if procedure is None:
        return {}
    requirements = [{"text": one.text, "is_fee_receipt": one.is_fee_receipt} for one in procedure.requirements]
    return vars(procedure) | {"silence": procedure.silence.value, "requirements": requirements}


def from_snapshot(kept: Mapping[str, Any]) -> ProcedureRecord | None:
    """The procedure that a filing kept; None for plain correspondence."""
    if not kept:
        return None
    requirements = tuple(Requirement(**one) for one in kept.get("requirements", ()))
    return ProcedureRecord(**{**kept, "silence": Silence(kept["silence"]), "requirements": requirements})
