"""What ties the declared bodies together: codes, operator, successors and agreements."""

from datetime import date
from typing import Any

from hub.entities.faults import Path, closest
from hub.entities.looking import Found, day, mapping, mappings, text
from hub.entities.meaning import note_repeated
from hub.entities.reading import Reading


def note_relation_faults(reading: Reading, today: date) -> None:
    """Note in `reading` what is wrong between the bodies."""
    entities = list(mappings(reading.value, (), "entities"))
    note_repeated(reading, entities, "code", "ENTITY_CODE_TWICE")
    note_repeated(reading, entities, "ruc", "RUC_TWICE")
    note_repeated(reading, entities, "acronym", "ACRONYM_TWICE")
    by_code: dict[str, Found] = {}
    for path, entity in entities:
        by_code.setdefault(text(entity, "code"), (path, entity))
    by_code.pop("", None)
    _note_operator(reading, by_code, today)
    for path, entity in entities:
        _note_successor(reading, path, entity, by_code)
    _note_agreements(reading, by_code)


def _note_operator(reading: Reading, by_code: dict[str, Found], today: date) -> None:
    sector = mapping(reading.value, "sector") if isinstance(reading.value, dict) else {}
    operator = text(sector, "operator")
    path = ("sector", "operator")
    if operator and operator not in by_code:
        reading.fault(path, "ENTITY_UNKNOWN", value=operator, meant=closest(operator, set(by_code)))
    elif operator:
        left_on = day(by_code[operator][1], "left_on")
        if left_on is not None and left_on <= today:
            reading.fault(path, "OPERATOR_LEFT", value=operator)


def _note_successor(reading: Reading, path: Path, entity: dict[str, Any], by_code: dict[str, Found]) -> None:
    code, successor = text(entity, "code"), text(entity, "successor")
    here = (*path, "successor")
    if not successor:
        if text(entity, "left_on"):
            reading.fault((*path, "left_on"), "SUCCESSOR_MISSING", is_warning=True)
        return
    if not text(entity, "left_on"):
        reading.fault(here, "SUCCESSOR_WITHOUT_DAY")
    if successor not in by_code:
        reading.fault(here, "ENTITY_UNKNOWN", value=successor, meant=closest(successor, set(by_code) - {code}))
        return
    chain = [code]
    while successor in by_code and successor not in chain:
        chain.append(successor)
        successor = text(by_code[successor][1], "successor")
    if successor == code:
        reading.fault(here, "SUCCESSOR_CIRCULAR", chain=" → ".join([*chain, code]))


def resolve(party: str, by_code: dict[str, Found]) -> str:
    """The code of a party written by code or by RUC; empty where nobody has it."""
    if party in by_code:
        return party
    return next((code for code, (_, entity) in by_code.items() if text(entity, "ruc") == party), "")


def _note_agreements(reading: Reading, by_code: dict[str, Found]) -> None:
    earlier: list[tuple[str, str, date, date, Path]] = []
    for path, agreement in mappings(reading.value, (), "agreements"):
        pair = [_party(reading, path, key, text(agreement, key), by_code) for key in ("from", "to")]
        if pair[0] and pair[0] == pair[1]:
            reading.fault((*path, "to"), "AGREEMENT_WITH_ITSELF", value=pair[0])
        starts, ends = day(agreement, "valid_from"), day(agreement, "valid_to")
        if starts is None or (ends is None and text(agreement, "valid_to")):
            continue
        last = ends or date.max
        if last < starts:
            reading.fault((*path, "valid_to"), "DATES_BACKWARDS")
            continue
        for from_code, to_code, other_starts, other_last, other in earlier:
            if all(pair) and (from_code, to_code) == tuple(pair) and starts <= other_last and other_starts <= last:
                reading.fault(path, "AGREEMENT_OVERLAP", pair=" → ".join(pair), first=reading.lines.get(other, 1))
                break
        earlier.append((pair[0], pair[1], starts, last, path))


def _party(reading: Reading, path: Path, key: str, party: str, by_code: dict[str, Found]) -> str:
    code = resolve(party, by_code)
    if party and not code:
        reading.fault((*path, key), "ENTITY_UNKNOWN", value=party, meant=closest(party, set(by_code)))
    return code
