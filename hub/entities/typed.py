"""What somebody typed into a change of the file: no variable may come in that way, only those that stand there stay.

What such a variable gives where the machine does not set it, its default, is text like any other.
"""

import re
from collections.abc import Iterator
from typing import Any

from hub.entities.faults import Fault

_OPENS = re.compile(r"\$[\0\ud800-\udfff]*\{")
"""The beginning of a variable, also with signs between that the reader of the file drops."""
_PLACE = re.compile(r"\[[0-9]+\]")
_DEFAULT = re.compile(r"(\$\{[A-Z][A-Z0-9_]*):-[^{}]*\}")


def typed_variables(before: Any, after: Any) -> tuple[Fault, ...]:
    """A fault for each text of `after` with a variable that the same place of `before` does not write just so.

    Its default may be another one.
    """
    held = {_known_by(path, text) for path, text in _variables(before, "")}
    new = (path for path, text in _variables(after, "") if _known_by(path, text) not in held)
    return tuple(Fault(0, path, "VARIABLE_TYPED") for path in new)


def _known_by(path: str, text: str) -> tuple[str, str]:
    return _PLACE.sub("[]", path), _DEFAULT.sub(r"\1}", text)


def _variables(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """(path as a fault writes it, text) of each text in which a variable begins."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _variables(one, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            code = one.get("code") if isinstance(one, dict) else None
            yield from _variables(one, f"{path}[{code if isinstance(code, str) else place}]")
    elif isinstance(value, str) and _OPENS.search(value):
        yield path, value
