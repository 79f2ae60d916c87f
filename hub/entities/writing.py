"""How a value is written in the sector's file: as short as its readers like it, quoted where it could be mistaken."""

import json
import re
from typing import Any

from hub.entities.reading import NOTHING

_FITS = 90
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBERS = re.compile(r"[-+\d.:_]+")
_PLAIN = re.compile(r"[^\W_$][^\n\t]*|\$\{[A-Z][^{}\n]*\}[^\n\t]*")


def scalar(value: Any, *, in_flow: bool = False, quoted: bool = False) -> str:
    """One value in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if quoted or _needs_quotes(text, in_flow) else text


def _needs_quotes(text: str, in_flow: bool) -> bool:
    if text in NOTHING or text in ("true", "false") or text != text.strip() or not _PLAIN.fullmatch(text):
        return True
    if _NUMBERS.fullmatch(text) and not _DAY.fullmatch(text):
        return True
    return ": " in text or " #" in text or text.endswith(":") or (in_flow and any(sign in text for sign in ",[]{}?"))


def flow(value: Any) -> str:
    """A value in one line, whatever it holds."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value, in_flow=True)


def after_key(value: Any, indent: int) -> str:
    """What follows `key:` in a block whose keys stand at `indent`."""
    if not isinstance(value, dict | list) or not value or _is_short(value):
        return f" {flow(value) if isinstance(value, dict | list) else scalar(value)}"
    return "\n" + block(value, indent + 2)


def block(value: Any, indent: int) -> str:
    """A mapping or a list over several lines, the first one with its own indent."""
    pad = " " * indent
    if isinstance(value, dict):
        return "\n".join(f"{pad}{key}:{after_key(one, indent)}" for key, one in value.items())
    return "\n".join(f"{pad}- {item(one, indent)}" for one in value)


def item(value: Any, indent: int) -> str:
    """What follows `- ` in a list whose dashes stand at `indent`."""
    if isinstance(value, dict) and not _is_short(value):
        return block(value, indent + 2).lstrip(" ")
    return flow(value) if isinstance(value, dict | list) else scalar(value)


def _is_short(value: Any) -> bool:
    """A few simple values, which stand well on one line."""
    inside = list(value.values()) if isinstance(value, dict) else value
    is_simple = not any(isinstance(one, dict | list) for one in inside)
    is_hours = isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict) and "opens" in value[0]
    return (is_simple or is_hours) and len(inside) <= 4 and len(flow(value)) <= _FITS
