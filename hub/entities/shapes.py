"""Compare a declared sector with the published schema: which keys, which types, which words."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from hub.entities.faults import Path, closest
from hub.entities.reading import VARIABLE_FAULTS, Reading

SCHEMA = FilePath(__file__).resolve().parents[2] / "schemas" / "entities.schema.json"

_CODES = {
    "type": "WRONG_TYPE",
    "required": "KEY_MISSING",
    "additionalProperties": "KEY_UNKNOWN",
    "enum": "VALUE_UNKNOWN",
    "const": "VALUE_UNKNOWN",
    "pattern": "WRONG_FORM",
    "minLength": "TEXT_EMPTY",
    "maxLength": "TEXT_TOO_LONG",
    "minItems": "LIST_EMPTY",
    "maxItems": "LIST_TOO_LONG",
    "minimum": "NUMBER_TOO_SMALL",
    "maximum": "NUMBER_TOO_LARGE",
}


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker(["date"]))


def note_shapes(reading: Reading) -> None:
    """Note in `reading` everything that does not have the published shape."""
    said = reading.paths_with(*VARIABLE_FAULTS)
    for error in _validator().iter_errors(reading.value):
        for path, code, params in _faults_of(error):
            if path not in said:
                reading.fault(path, code, **params)
            said.add(path)


def _faults_of(error: ValidationError) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """One or more faults of an error: where, which code, with what values. `x-fault` names the finer code."""
    path: Path = tuple(error.absolute_path)
    given: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    word, named = str(error.validator), schema.get("x-fault", {})
    if given is None and word in ("type", "enum"):
        yield path, "VALUE_EMPTY", {}
        return
    code = named.get(f"{word}:{given}") or named.get(word) or _CODES.get(word, "WRONG_FORM")
    if word == "required":
        for key in (key for key in wanted if key not in given):
            yield (*path, key), named.get(f"required:{key}", code), {"key": key}
    elif word == "additionalProperties":
        known = schema["properties"]
        for key in (key for key in given if key not in known):
            yield (*path, key), code, {"key": key, "meant": closest(key, known), "known": list(known)}
    elif word in ("enum", "const"):
        known = wanted if word == "enum" else [wanted]
        meant = closest(str(given), [str(one) for one in known])
        yield path, code, {"value": given, "known": known, "meant": meant}
    else:
        yield path, code, {"value": given, "wanted": wanted}
