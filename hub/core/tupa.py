"""Procedures of a TUPA as values: how long a body has, what its silence means, what it asks for."""

from dataclasses import dataclass
from enum import StrEnum


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
