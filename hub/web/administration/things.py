"""What of the declared file a page changes: one thing, where it stands, what is asked of it, and whose it is."""

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hub.core.errors import NotFound
from hub.proposals import pick
from hub.web.administration import tables
from hub.web.administration.shapes import Groups

Values = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """`value` is what the file says of it, empty for a new one; `place` writes it into a file's values."""

    title: str
    groups: Groups
    place: Callable[[Values, Values], None]
    prefix: Callable[[Values], str]
    """Its path as the check of the file writes it."""
    value: Values = field(default_factory=dict)
    entity_code: str = ""
    remove: Callable[[Values], None] | None = None
    is_new: bool = False

    @property
    def seen(self) -> str:
        """Of what the file says of it: told back by who edits it, since another may stand in its place by then."""
        said = json.dumps(self.value, sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def written(self, values: Values, new: Values | None) -> Values:
        """A file's values with the thing as it was typed; None: without it."""
        after = copy.deepcopy(values)
        if new is None and self.remove:
            self.remove(after)
        elif new is not None:
            self.place(after, copy.deepcopy(new))
        return after


def institution(values: Values, code: str) -> Thing:
    found = pick(values["entities"], code=code)

    def place(after: Values, new: Values) -> None:
        after["entities"][_index(after["entities"], code)] = new

    return Thing(f"Cambiar {found['acronym']}", tables.INSTITUTION, place, lambda _: f"entities[{code}]", found, code)


def new_institution(values: Values) -> Thing:
    blank = {"adapter": {"kind": "hosted"}}

    def place(after: Values, new: Values) -> None:
        seat = {"code": "principal", "name": "Sede central", "place": new.pop("place", ""),
                "ubigeo": new.pop("ubigeo", ""), "principal": True}  # fmt: skip
        first = {key: new.pop(key) for key in ("code", "ruc", "verified", "acronym", "name", "kind") if key in new}
        after["entities"].append({**first, "counters": [seat], **new})

    groups = tables.with_code(tables.INSTITUTION)
    seat = tables.Group("Su mesa de partes principal", tables.COUNTER[0].asked[1:3])
    groups = (groups[0], seat, *groups[1:])
    return Thing("Agregar una institución", groups, place, lambda new: f"entities[{new.get('code')}]", blank,
                 is_new=True)  # fmt: skip


def _of_list(values: Values, owner: str, key: str, code: str, title: str, groups: Groups) -> Thing:
    """One of the things with a code that an institution, or the sector (""), has a list of; a new one without code."""
    home = _home(values, owner)
    found = pick(home.get(key) or (), code=code) if code else {}
    prefix = f"entities[{owner}]" if owner else "sector"

    def place(after: Values, new: Values) -> None:
        listed = _home(after, owner).setdefault(key, [])
        if code:
            listed[_index(listed, code)] = new
        else:
            listed.append(new)

    def remove(after: Values) -> None:
        there = _home(after, owner)
        there[key] = [one for one in there[key] if one["code"] != code]
        if not there[key]:
            del there[key]

    where = code or ""
    return Thing(
        title.format(code=found.get("name", ""), body=home.get("acronym") or "el sector"),
        groups if code else tables.with_code(groups), place,
        lambda new: f"{prefix}.{key}[{where or new.get('code')}]", found, owner,
        remove if code and key == "procedures" else None, is_new=not code,
    )  # fmt: skip


def counter(values: Values, owner: str, code: str = "") -> Thing:
    title = "Cambiar {code} de {body}" if code else "Agregar una mesa de partes de {body}"
    return _of_list(values, owner, "counters", code, title, tables.COUNTER)


def procedure(values: Values, owner: str, code: str = "") -> Thing:
    title = "Cambiar el procedimiento «{code}»" if code else "Agregar un procedimiento de {body}"
    return _of_list(values, owner, "procedures", code, title, tables.PROCEDURE)


def agreement(values: Values, number: int | None = None) -> Thing:
    """The agreement that stands in this place of the file, from 1; a new one without a number."""
    listed = values.get("agreements") or []
    if number is not None and not 1 <= number <= len(listed):
        raise NotFound(str(number), code="NOT_DECLARED")
    found = listed[number - 1] if number else {}
    bodies = tuple((one["code"], one["acronym"]) for one in values["entities"])

    def place(after: Values, new: Values) -> None:
        there = after.setdefault("agreements", [])
        if number:
            there[number - 1] = new
        else:
            there.append(new)

    def prefix(_: Values) -> str:
        return f"agreements[{number - 1 if number else len(listed)}]"

    groups = tables.with_bodies(tables.AGREEMENT, bodies)
    title = "Cambiar un convenio" if number else "Agregar un convenio"
    return Thing(title, groups, place, prefix, found, is_new=not number)


def sector(values: Values) -> Thing:
    bodies = tuple((one["code"], one["acronym"]) for one in values["entities"])

    def place(after: Values, new: Values) -> None:
        after["sector"] = new

    groups = tables.with_bodies(tables.SECTOR, bodies)
    return Thing("Cambiar los datos del sector", groups, place, lambda _: "sector", values["sector"])


def _home(values: Values, owner: str) -> Values:
    """The mapping of an institution, or of the sector."""
    found: Values = pick(values["entities"], code=owner) if owner else values["sector"]
    return found


def _index(listed: list[Values], code: str) -> int:
    return next(place for place, one in enumerate(listed) if one.get("code") == code)
