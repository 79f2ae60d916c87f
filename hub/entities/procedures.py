"""Procedures of a TUPA as declared: what is wrong with one, and the value that it makes.

Those under `sector` are common to all bodies; a body that declares the same code has its own.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.core.terms import GENERAL_DAYS, Act, maximum_days
from hub.core.tupa import GENERAL, ProcedureRecord, Requirement, Silence
from hub.entities.faults import Path
from hub.entities.looking import Found, mapping, mappings, text
from hub.entities.meaning import note_repeated
from hub.entities.reading import Reading

_COPY = r"(\b(foto)?copias?\b|\bduplicados?\b|\bescane\w+)(?:(?!\bnumero|\bindica)[^,;.]){0,60}"
_PROHIBITED: tuple[tuple[str, str], ...] = (
    (rf"{_COPY}(\bd\.?n\.?i\b|documento( nacional)? de identidad)", "DL 1246, art. 5; TUO 48"),
    (rf"{_COPY}\br\.?u\.?c\b|\bficha r\.?u\.?c\b", "DL 1246, art. 5; TUO 48"),
)
"""What no body may ask for, because the State has it: the words that ask for it, and the norm."""


def prohibited_by(requirement: str) -> str:
    """The norm that forbids to ask for this; empty where it may be asked (DL 1246; DL 1310; TUO 48).

    To give the number of the DNI, or to show it, may be asked; a copy of it may not.
    """
    bare = unicodedata.normalize("NFD", requirement.lower())
    plain = "".join(sign for sign in bare if unicodedata.category(sign) != "Mn")
    return next((norm for words, norm in _PROHIBITED if re.search(words, plain)), "")


def note_procedure_faults(reading: Reading) -> None:
    """Note in `reading` what is wrong with the procedures of the sector and of each body."""
    sector = mapping(reading.value, "sector") if isinstance(reading.value, dict) else {}
    owners: list[Found] = [(("sector",), sector), *mappings(reading.value, (), "entities")]
    for path, owner in owners:
        procedures = list(mappings(owner, path, "procedures"))
        note_repeated(reading, procedures, "code", "PROCEDURE_CODE_TWICE")
        for where, procedure in procedures:
            _note_term(reading, where, procedure)
            _note_requirements(reading, where, procedure)
            if text(procedure, "code").lower() == GENERAL.tupa_code:
                reading.fault((*where, "code"), "PROCEDURE_CODE_RESERVED", value=procedure["code"])


def _note_term(reading: Reading, path: Path, procedure: dict[str, Any]) -> None:
    days = procedure.get("days")
    if procedure.get("silence") == Silence.AUTOMATIC.value:
        for key in ("days", "act"):
            if key in procedure:
                reading.fault((*path, key), "TERM_OF_AUTOMATIC")
    elif days is not None and "act" in procedure:
        reading.fault((*path, "act"), "TERM_TWICE")
    elif isinstance(days, int) and days > GENERAL_DAYS and not text(procedure, "norm"):
        reading.fault((*path, "days"), "TERM_WITHOUT_NORM", value=days, most=GENERAL_DAYS)


def _note_requirements(reading: Reading, path: Path, procedure: dict[str, Any]) -> None:
    for where, asked in _requirements(procedure, path):
        if norm := prohibited_by(asked):
            reading.fault(where, "REQUIREMENT_PROHIBITED", value=asked, norm=norm)


def _requirements(procedure: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    listed = procedure.get("requirements")
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        here = (*path, "requirements", place)
        if isinstance(one, dict):
            yield (*here, "text"), text(one, "text")
        elif isinstance(one, str):
            yield here, one


def to_procedures(own: Iterable[Mapping[str, Any]], common: Iterable[Mapping[str, Any]]) -> tuple[ProcedureRecord, ...]:
    """The procedures of a body: its own, and those common to all that it has not made its own, by name.

    Access to public information is one of every body (Ley 27806).
    """
    found = {one["code"]: to_procedure(one) for one in (*common, *own)}
    return tuple(sorted(found.values(), key=lambda one: one.name))


def to_procedure(declared: Mapping[str, Any]) -> ProcedureRecord:
    """Where it says nothing: silence is positive (TUO 35.1) and the term the general maximum (TUO 39, 153)."""
    silence = Silence(declared.get("silence", Silence.POSITIVE))
    return ProcedureRecord(
        tupa_code=declared["code"],
        name=declared["name"],
        silence=silence,
        days=None if silence is Silence.AUTOMATIC else _days(declared),
        fee_cents=_cents(str(declared.get("fee", "0"))),
        requirements=tuple(_requirement(one) for one in declared.get("requirements", ())),
        norm=declared.get("norm", ""),
        retention_class=declared.get("retention_class", ""),
    )


def _days(declared: Mapping[str, Any]) -> int:
    return maximum_days(Act(declared["act"])) if "act" in declared else declared.get("days", GENERAL_DAYS)


def _cents(soles: str) -> int:
    whole, _, cents = soles.partition(".")
    return int(whole) * 100 + int(cents or 0)


def _requirement(declared: Any) -> Requirement:
    if isinstance(declared, str):
        return Requirement(declared)
    return Requirement(declared["text"], declared.get("fee_receipt", False))
