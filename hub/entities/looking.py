"""Ways into a declared sector that may still be malformed: whatever has the wrong type is passed over."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hub.entities.faults import Path

Found = tuple[Path, dict[str, Any]]
"""A mapping of the file and where it stands."""


def mappings(value: Any, path: Path, key: str) -> Iterator[Found]:
    """The mappings of the list under `key`, each with its path."""
    inside = value.get(key) if isinstance(value, dict) else None
    for place, item in enumerate(inside if isinstance(inside, list) else []):
        if isinstance(item, dict):
            yield (*path, key, place), item


def mapping(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The mapping under `key`, or an empty one."""
    inside = value.get(key)
    return inside if isinstance(inside, dict) else {}


def text(value: dict[str, Any], key: str) -> str:
    """The text under `key`, or an empty one."""
    inside = value.get(key)
    return inside if isinstance(inside, str) else ""


def day(value: dict[str, Any], key: str) -> date | None:
    """The date under `key`, or None where there is none that can be read."""
    try:
        return date.fromisoformat(text(value, key))
    except ValueError:
        return None


_UNITS = {"KB": 1024, "MB": 1024**2, "GB": 1024**3}


def size(value: Any) -> int | None:
    """The bytes of `10 MB` or of a number; None where the shape is wrong."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    digits = value.rstrip("KMGB ") if isinstance(value, str) else ""
    if not digits.isascii() or not digits.isdigit():
        return None
    return int(digits) * _UNITS.get(value[len(digits) :].strip(), 1)
