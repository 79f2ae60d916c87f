"""Hours of a counter as a person writes them: a stretch a line, "lunes a viernes 08:30 16:30"."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_DAYS = {
    "mon": "lunes", "tue": "martes", "wed": "miércoles", "thu": "jueves", "fri": "viernes", "sat": "sábado",
    "sun": "domingo",
}  # fmt: skip
_LINE = re.compile(r"(\w+)(?:\s*(?:-|–|a|al)\s*(\w+))?,?\s+(?:de\s+)?([\d:.]+)\s*(?:-|–|a|hasta)?\s*([\d:.]+)")


def shown(rows: Iterable[Mapping[str, str]]) -> str:
    """As it stands in the file, in Spanish."""
    return "\n".join(f"{_days(row['days'])} {row['opens']} {row['closes']}" for row in rows)


def _days(days: str) -> str:
    first, _, last = days.partition("-")
    return f"{_DAYS.get(first, first)} a {_DAYS.get(last, last)}" if last else _DAYS.get(first, first)


def read(typed: str) -> list[dict[str, Any]]:
    """As the file writes it. A line that is none goes in as it was typed, and the file's check names it."""
    return [_row(line) for line in typed.splitlines() if line.strip()]


def _row(line: str) -> dict[str, str]:
    found = _LINE.fullmatch(line.strip().lower())
    if found is None:
        return {"days": line.strip(), "opens": "", "closes": ""}
    first, last, opens, closes = found.groups()
    days = _code(first) + (f"-{_code(last)}" if last else "")
    return {"days": days, "opens": _hour(opens), "closes": _hour(closes)}


def _code(word: str) -> str:
    """A day by its beginning, with or without its accent."""
    plain = word.replace("é", "e").replace("á", "a")
    names = {code: name.replace("é", "e").replace("á", "a") for code, name in _DAYS.items()}
    return next((code for code, name in names.items() if plain == code or (len(plain) > 1 and name.startswith(plain))),
                word)  # fmt: skip


def _hour(text: str) -> str:
    hours, _, minutes = text.replace(".", ":").partition(":")
    return f"{hours:0>2}:{minutes or '00'}"
