"""What is wrong with a declared sector: where, what, with which values. The sentences live at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Way to a value from the root of the file: keys and positions."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong. A warning stops no import. `line` counts from 1; `path` is written for a person."""

    line: int
    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_warning: bool = False


def closest(word: str, known: "list[str] | set[str] | Mapping[str, Any]") -> str:
    """What the person may have meant, or an empty text."""
    by_folded = {str(one).lower(): str(one) for one in known}
    found = get_close_matches(word.lower(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else ""
