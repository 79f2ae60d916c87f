"""What is asked of each thing that the file declares: a table a thing. A question's path is its place in the file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.core.numbers import whole_or
from hub.entities_changes import LABELS
from hub.web.administration import hours
from hub.web.forms import Choice, Field, Form


@dataclass(frozen=True)
class Asked:
    """One question. `kind`: text, area, lines, flag, whole, choice, hours, requirements."""

    path: tuple[str, ...]
    kind: str = "text"
    hint: str = ""
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    most: int = 250

    @property
    def name(self) -> str:
        return "-".join(self.path)

    @property
    def field(self) -> Field:
        label = self.label or LABELS[self.path[-1]]
        label = label[:1].upper() + label[1:]
        return Field(
            self.name, label, self.hint, choices=tuple(Choice(*one) for one in self.choices), type=self.kind,
            max_length=self.most if self.kind in ("text", "area") else None, is_optional=not self.is_required,
        )  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Questions under a heading."""

    heading: str
    asked: tuple[Asked, ...]


Groups = tuple[Group, ...]


def form_of(groups: Groups, value: Mapping[str, Any]) -> Form:
    """The questions with what the file says of a thing."""
    found = (replace(one.field, value=_shown(one, _at(value, one.path))) for one in _all(groups))
    return Form(tuple(found))


def changed(groups: Groups, form: Form, value: Mapping[str, Any]) -> dict[str, Any]:
    """The thing with what was typed; what nobody asked about stays. What is left empty is not declared."""
    after: dict[str, Any] = _copy(value)
    before = form_of(groups, value).values()
    for one in _all(groups):
        typed = form[one.name].value
        if typed != before[one.name]:
            _put(after, one.path, _read(one, typed, _at(value, one.path)))
    return after


def _all(groups: Groups) -> list[Asked]:
    return [one for group in groups for one in group.asked]


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy(one) for key, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _put(value: dict[str, Any], path: tuple[str, ...], new: Any) -> None:
    """Write a value into its block; a block in which nothing is left but a mark of a demonstration goes too."""
    if len(path) == 1:
        if new in ("", None, [], {}):
            value.pop(path[0], None)
        else:
            value[path[0]] = new
        return
    inside = value.setdefault(path[0], {})
    _put(inside, path[1:], new)
    if not {*inside} - {"demo"}:
        del value[path[0]]


def _shown(one: Asked, value: Any) -> str:
    if value is None:
        return ""
    if one.kind == "flag":
        return "si" if value else ""
    if one.kind == "hours":
        return hours.shown(value)
    if one.kind == "requirements":
        return "\n".join(line["text"] if isinstance(line, dict) else line for line in value)
    return "\n".join(value) if one.kind == "lines" else str(value)


def _read(one: Asked, typed: str, before: Any) -> Any:
    """What was typed as the file writes it. What cannot be read stays a text: the file's own check says what it is."""
    if one.kind == "flag":
        return True if typed else (False if before is not None and one.path[-1] == "verified" else None)
    if one.kind == "whole":
        return whole_or(typed, typed)
    if one.kind == "hours":
        return hours.read(typed)
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if one.kind == "requirements":
        known = {line["text"]: line for line in before or () if isinstance(line, dict)}
        return [known.get(line, line) for line in lines]
    return lines if one.kind == "lines" else " ".join(typed.split()) if one.kind == "text" else typed
