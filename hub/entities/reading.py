"""Read a YAML file and remember on which line each thing stands.

Only plain words that cannot be taken for something else become numbers: RUCs and ubigeos with a leading zero,
hours such as 16:30 and dates stay texts, as they were written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from hub.entities.faults import Fault, Path

_ALIAS = "alias"
NOTHING = ("", "~", "null")
WHOLE = re.compile(r"0|-?[1-9][0-9]*")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::-([^{}]*))?\}")
VARIABLES = "MESA_ADDRESS_"
"""How the names of variables begin that a file may take: everything else in the environment may be a secret."""
TAKES_VARIABLES = ("adapter", "address")
"""The end of the one path where they are taken; what stands anywhere else is published."""
VARIABLE_FAULTS = ("VARIABLE_UNSET", "VARIABLE_FORM", "VARIABLE_FOREIGN")


@dataclass(frozen=True)
class _Note:
    """A fault whose place is not yet written for a person: the whole file may still be unread."""

    line: int
    path: Path
    code: str
    params: dict[str, Any]
    is_warning: bool


@dataclass
class Reading:
    """A file as values, with the line of every key and item."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    _notes: list[_Note] = field(default_factory=list)

    def fault(self, path: Path, code: str, *, line: int | None = None, is_warning: bool = False, **params: Any) -> None:
        """Note a fault at a path; if nothing stands there, at what should hold it."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        where = line or self.lines.get(known, 1)
        self._notes.append(_Note(where, path, code, params, is_warning))

    def paths_with(self, *codes: str) -> set[Path]:
        """Where faults of those codes stand."""
        return {note.path for note in self._notes if note.code in codes}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything found so far, in the order of the file."""
        notes = sorted(self._notes, key=lambda note: note.line)
        return tuple(Fault(n.line, self.name_of(n.path), n.code, n.params, n.is_warning) for n in notes)

    def name_of(self, path: Path) -> str:
        """`entities[igp].limits.main_bytes`: items are called by their code where they have one."""
        text, value = "", self.value
        for step in path:
            value = _inside(value, step)
            if isinstance(step, int):
                code = value.get("code") if isinstance(value, dict) else None
                text += f"[{code if isinstance(code, str) else step}]"
            else:
                text += f".{step}" if text else str(step)
        return text


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def without_default(text: str) -> set[str]:
    """The variables that a file takes from the environment and says nothing in the place of."""
    return {found[1] for found in _VARIABLE.finditer(text) if found[2] is None}


class Loader(yaml.BaseLoader):
    """Composes nodes; refuses aliases, which a directory does not need and which can grow without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, _ALIAS, event.start_mark)
        return super().compose_node(parent, index)


def read(text: str, environ: Mapping[str, str]) -> Reading:
    """Read a YAML text. Syntax faults are in the answer.

    Where an adapter's address stands, `${MESA_ADDRESS_X:-default}` is taken from `environ`, and nowhere else.
    """
    reading = Reading()
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        code = "YAML_ALIAS" if error.problem == _ALIAS else "YAML_SYNTAX"
        reading.fault((), code, line=line, column=column, detail=error.problem)
    except RecursionError:
        reading.fault((), "YAML_TOO_DEEP")
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reading.fault((), "YAML_CHARACTER", line=line, character=f"U+{error.character:04X}")
    else:
        if node is None:
            reading.fault((), "FILE_EMPTY")
        else:
            reading.value = _value(node, (), reading, environ)
    return reading


def _value(node: Any, path: Path, reading: Reading, environ: Mapping[str, str]) -> Any:
    reading.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, reading, environ)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, place), reading, environ) for place, item in enumerate(node.value)]
    return _scalar(node, path, reading, environ)


def _mapping(node: yaml.MappingNode, path: Path, reading: Reading, environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            reading.fault(path, "KEY_NOT_TEXT", line=line)
            continue
        key = _written(key_node, path, reading)
        here = (*path, key)
        if key in values:
            reading.fault(here, "KEY_TWICE", line=line, key=key, first=reading.lines[here])
            continue
        reading.lines[here] = line
        values[key] = _value(value_node, here, reading, environ)
    return values


def _scalar(node: yaml.ScalarNode, path: Path, reading: Reading, environ: Mapping[str, str]) -> Any:
    text = _written(node, path, reading)
    if node.style is not None:  # quoted or a block: a text whatever it says
        return _expand(text, path, reading, environ)
    if text in NOTHING:
        return None
    if text in ("true", "false"):
        return text == "true"
    if WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return _expand(text, path, reading, environ)


def _written(node: yaml.ScalarNode, path: Path, reading: Reading) -> str:
    """The text of a scalar. What an escape can name and no database or file system keeps is a fault."""
    # JSON writes a character beyond U+FFFF as two escapes: those are one; half of such a pair is none.
    whole: str = node.value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    strange = [one for one in whole if one == "\0" or "\ud800" <= one <= "\udfff"]
    if strange:
        line = node.start_mark.line + 1
        reading.fault(path, "YAML_CHARACTER", line=line, character=f"U+{ord(strange[0]):04X}")
    return "".join(one for one in whole if one not in strange)


def _expand(text: str, path: Path, reading: Reading, environ: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        value = environ.get(match[1]) or match[2]
        if value is None:
            reading.fault(path, "VARIABLE_UNSET", name=match[1])
            return ""
        return value

    if "${" in _VARIABLE.sub("", text):
        reading.fault(path, "VARIABLE_FORM", value=text)
        return text
    for found in _VARIABLE.finditer(text):
        if path[-2:] != TAKES_VARIABLES or not found[1].startswith(VARIABLES):
            reading.fault(path, "VARIABLE_FOREIGN", name=found[1])
            return text
    return _VARIABLE.sub(value_of, text)
