"""What an import of a file would change in the directory that runs: nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from hub.entities.checking import Checked
from hub.entities.declared import ENTITY, Declared
from hub.entities.loading import FILE, SCREEN, WITHDRAWN, newest
from hub.entities.versions import withdrawals


@dataclass(frozen=True)
class Foreseen:
    """One value of one thing that would be another. `name` is empty where the whole thing comes or goes."""

    kind: str
    key: str
    name: str
    before: Any
    after: Any
    is_overlaid: bool = False
    """A screen published this value: what the screen says goes on holding."""

    @property
    def place(self) -> tuple[str, str, str]:
        return (self.kind, self.key, self.name)

    def to_json(self) -> dict[str, Any]:
        """What the tables hold once it was imported."""
        return {"kind": self.kind, "key": self.key, "name": self.name, "value": self.after}


def foresee(session: Session, checked: Checked) -> tuple[Foreseen, ...]:
    """What importing a file without faults would change, in its order."""
    held = newest(session, now=None)
    before = {(kind, key): row.declared for (kind, key, origin), row in held.items() if origin == FILE}
    shown = {(kind, key): row.declared for (kind, key, origin), row in held.items() if origin == SCREEN}
    return differences(before, (*checked.declared, *withdrawals(held, checked.declared)), shown)


def between(old: Checked, new: Checked) -> tuple[Foreseen, ...]:
    """How two files without faults differ in what they declare."""
    before = {(one.kind, one.key): one.json for one in old.declared}
    named = {(one.kind, one.key) for one in new.declared}
    gone = [Declared(one.kind, one.key, WITHDRAWN) for one in old.declared if (one.kind, one.key) not in named]
    return differences(before, (*new.declared, *gone), {})


def differences(
    before: Mapping[tuple[str, str], Mapping[str, Any]],
    after: Iterable[Declared],
    shown: Mapping[tuple[str, str], Mapping[str, Any]],
) -> tuple[Foreseen, ...]:
    """Value by value. `shown` is what screens published."""
    found: list[Foreseen] = []
    for one in after:
        place, new = (one.kind, one.key), None if one.json == WITHDRAWN else one.json
        old = before.get(place)
        old = None if old == WITHDRAWN else old
        if old is None or new is None:
            found += [Foreseen(*place, "", old, new)] if old != new else []
            continue
        names = [*new, *(name for name in old if name not in new)]
        found += [
            Foreseen(*place, name, old.get(name), new.get(name), name in shown.get(place, {}))
            for name in names
            if old.get(name) != new.get(name)
        ]
    return tuple(found)


def told_as_written(change: Foreseen, before: Any, after: Any) -> Foreseen:
    """The same change with each address that a variable gives as the two files write it (their values)."""
    if change.kind != ENTITY or change.name not in ("", "adapter"):
        return change
    sides = ((change.before, before), (change.after, after))
    return replace(change, **dict(zip(("before", "after"), (_unexpanded(change, *one) for one in sides), strict=True)))


def _unexpanded(change: Foreseen, value: Any, values: Any) -> Any:
    address = variable_address(values, change.key)
    if not address or not isinstance(value, Mapping):
        return value
    if change.name:
        return {**value, "address": address}
    return {**value, "adapter": {**value["adapter"], "address": address}}


def variable_address(values: Any, code: str) -> str:
    """An institution's address as a file's values write it, where a variable gives it; otherwise empty."""
    found: dict[str, Any] = next((one for one in values["entities"] if one.get("code") == code), {})
    address = (found.get("adapter") or {}).get("address")
    return address if isinstance(address, str) and "${" in address else ""


def holds(session: Session, wanted: Iterable[Mapping[str, Any]], values: Any) -> bool:
    """Whether the newest import of the file says all of this (`Foreseen.to_json`). `values`: the file's, as written."""
    held = newest(session, now=None)
    return all(_holds(held.get((one["kind"], one["key"], FILE)), one, values) for one in wanted)


def _holds(row: Any, one: Mapping[str, Any], values: Any) -> bool:
    declared = row.declared if row is not None and row.declared != WITHDRAWN else None
    address = variable_address(values, one["key"]) if one["kind"] == ENTITY else ""
    if not one["name"]:
        return _is_said(one["value"], declared, address)
    return declared is not None and _is_said(one["value"], declared.get(one["name"]), address)


def _is_said(wanted: Any, held: Any, address: str) -> bool:
    """Whether both are the same; of what a variable gives, whether the file writes it so, whatever is held of it."""
    if isinstance(wanted, Mapping) and isinstance(held, Mapping):
        return {*wanted} == {*held} and all(_is_said(wanted[key], held[key], address) for key in wanted)
    return bool(wanted == held) or (isinstance(wanted, str) and "${" in wanted and wanted == address)
