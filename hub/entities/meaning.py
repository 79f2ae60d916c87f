"""What the published schema cannot say of one body: check digits, counters, hours, address, limits."""

from collections.abc import Iterator
from datetime import time
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from hub.core.errors import InvalidIdentifier
from hub.core.identifiers import Ruc, check_person_document
from hub.entities.faults import Path
from hub.entities.looking import Found, mapping, mappings, size, text
from hub.entities.reading import VARIABLE_FAULTS, Reading

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DNI_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_DNI_DIGITS, _DNI_LETTERS = "65432110987", "KJIHGFEDCBA"
_LAWFUL_HOURS = 8  # TUO 149.1: not fewer than eight consecutive hours


def note_entity_faults(reading: Reading) -> None:
    """Note in `reading` what is wrong with each body by itself, and with the sector's official."""
    for path, entity in mappings(reading.value, (), "entities"):
        _note_ruc(reading, path, entity)
        _note_address(reading, path, entity)
        _note_counters(reading, path, entity)
        _note_limits(reading, path, entity)
    sector = mapping(reading.value, "sector") if isinstance(reading.value, dict) else {}
    _note_official(reading, ("sector", "signer"), mapping(sector, "signer"))


def _note_ruc(reading: Reading, path: Path, entity: dict[str, Any]) -> None:
    ruc = text(entity, "ruc")
    if not isinstance(entity.get("ruc"), str):
        return
    try:
        Ruc(ruc)
    except InvalidIdentifier as error:
        reading.fault((*path, "ruc"), error.code, value=ruc)


def _note_official(reading: Reading, path: Path, official: dict[str, Any]) -> None:
    kind, number = text(official, "document_kind"), text(official, "document_number")
    if kind not in ("dni", "ce") or not number:
        return
    bare, dash, character = number.partition("-")
    try:
        check_person_document(kind, bare)
    except InvalidIdentifier as error:
        reading.fault((*path, "document_number"), error.code, value=number)
        return
    if dash and (kind != "dni" or not _is_dni_character(bare, character)):
        reading.fault((*path, "document_number"), "DNI_CHECK_CHARACTER", value=number)


def _is_dni_character(number: str, character: str) -> bool:
    """The ninth character printed on the card: a digit or a letter, by the same remainder."""
    place = sum(weight * int(digit) for weight, digit in zip(_DNI_WEIGHTS, number, strict=True)) % 11
    return character.upper() in (_DNI_DIGITS[place], _DNI_LETTERS[place])


def _note_address(reading: Reading, path: Path, entity: dict[str, Any]) -> None:
    adapter = mapping(entity, "adapter")
    kind, address = text(adapter, "kind"), text(adapter, "address")
    here = (*path, "adapter", "address")
    if not address or here in reading.paths_with(*VARIABLE_FAULTS):
        return
    if kind in ("hosted", "pull"):
        reading.fault(here, "ADDRESS_UNUSED", is_warning=True)
        return
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        reading.fault(here, "ADDRESS_FORM", value=address)
        return
    if (
        not is_usable
        or parts.query not in ("", "wsdl", "WSDL")
        or parts.fragment
        or any(sign.isspace() for sign in address)
    ):
        reading.fault(here, "ADDRESS_FORM", value=address)
    elif parts.username or parts.password:
        reading.fault(here, "ADDRESS_SECRET")
    elif parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        reading.fault(here, "ADDRESS_PLAIN", is_warning=True, value=address)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _note_counters(reading: Reading, path: Path, entity: dict[str, Any]) -> None:
    counters = list(mappings(entity, path, "counters"))
    principal = [where for where, counter in counters if counter.get("principal") is True]
    if not principal and isinstance(entity.get("counters"), list):
        reading.fault((*path, "counters"), "COUNTER_PRINCIPAL_MISSING")
    for where in principal[1:]:
        reading.fault((*where, "principal"), "COUNTER_PRINCIPAL_TWICE", first=reading.name_of(principal[0]))
    note_repeated(reading, counters, "code", "COUNTER_CODE_TWICE")
    for where, counter in counters:
        _note_hours(reading, where, counter)


def note_repeated(reading: Reading, found: list[Found], key: str, code: str) -> None:
    """Note each value of `key` that an earlier mapping already has."""
    first: dict[str, Path] = {}
    for path, value in found:
        word = text(value, key).strip().lower()
        if word and word in first:
            where = (*first[word], key)
            reading.fault((*path, key), code, value=value[key], first=reading.lines.get(where, 1))
        elif word:
            first[word] = path


def hours_of(counter: dict[str, Any]) -> Iterator[tuple[int, int, time, time]]:
    """Place in the file, weekday, opening and closing of each stretch that can be read."""
    for path, row in mappings(counter, (), "hours"):
        first, _, last = text(row, "days").partition("-")
        try:
            opens, closes = time.fromisoformat(text(row, "opens")), time.fromisoformat(text(row, "closes"))
            days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
        except ValueError:
            continue  # its shape is noted against the schema
        for weekday in days:
            yield int(path[-1]), weekday, opens, closes


def _note_hours(reading: Reading, path: Path, counter: dict[str, Any]) -> None:
    by_day: dict[int, list[tuple[time, time]]] = {}
    for place, row in mappings(counter, path, "hours"):
        first, _, last = text(row, "days").partition("-")
        if last in WEEKDAYS and first in WEEKDAYS and WEEKDAYS.index(last) < WEEKDAYS.index(first):
            reading.fault((*place, "days"), "DAYS_BACKWARDS", value=row["days"])
    backwards: set[int] = set()
    for row_place, weekday, opens, closes in hours_of(counter):
        if closes <= opens:
            backwards.add(row_place)
        elif any(opens < till and since < closes for since, till in by_day.get(weekday, [])):
            reading.fault((*path, "hours", row_place), "HOURS_OVERLAP", day=WEEKDAYS[weekday])
        else:
            by_day.setdefault(weekday, []).append((opens, closes))
    for row_place in sorted(backwards):
        reading.fault((*path, "hours", row_place, "closes"), "HOURS_BACKWARDS")
    if any(len(ranges) > 1 for ranges in by_day.values()):
        reading.fault((*path, "hours"), "HOURS_SPLIT", is_warning=True)
    elif any(_length(*ranges[0]) < _LAWFUL_HOURS for day, ranges in by_day.items() if day < 5):
        reading.fault((*path, "hours"), "HOURS_SHORT", is_warning=True, hours=_LAWFUL_HOURS)


def _length(opens: time, closes: time) -> float:
    return closes.hour - opens.hour + (closes.minute - opens.minute) / 60


def _note_limits(reading: Reading, path: Path, entity: dict[str, Any]) -> None:
    limits = mapping(entity, "limits")
    total = size(limits.get("total_bytes"))
    for key in ("main_bytes", "annex_bytes"):
        one = size(limits.get(key))
        if total is not None and one is not None and one > total > 0:
            values = {"value": limits[key], "total": limits["total_bytes"]}
            reading.fault((*path, "limits", key), "LIMIT_OVER_TOTAL", **values)
