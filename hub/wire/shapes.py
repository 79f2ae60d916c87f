"""How a frozen dataclass and an XML element of our namespace stand for each other: one table for both directions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

from lxml import etree

from hub.wire.codes import Refusal
from hub.wire.xml import NS


@dataclass(frozen=True)
class Codec:
    """A value as the text of an element, and back."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def words(pairs: dict[Any, str]) -> Codec:
    """A closed list: each value of ours with its word on the wire."""
    values = {word: value for value, word in pairs.items()}
    return Codec(pairs.__getitem__, values.__getitem__)


def same(values: type[StrEnum]) -> Codec:
    """A closed list whose words are the values themselves."""
    return words({value: value.value for value in values})


def _write_instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant without offset")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


TEXT: Final = Codec(str, str)
NUMBER: Final = Codec(str, int)
IDENTITY: Final = Codec(str, UUID)
DAY: Final = Codec(date.isoformat, date.fromisoformat)
INSTANT: Final = Codec(_write_instant, _read_instant)


@dataclass(frozen=True)
class Part:
    """One child element and the field it stands for. Without a value the element is left out.

    `absent` is the field's value when the element is not there; `shape` is the dataclass of a child with children.
    """

    tag: str
    field: str
    codec: Codec = TEXT
    absent: Any = ""
    shape: type | None = None
    is_many: bool = False


Shapes = dict[type, tuple[Part, ...]]


@cache
def qualified(tag: str) -> str:
    """An element's name in our namespace, as lxml writes it."""
    return f"{{{NS}}}{tag}"


def write(parent: etree._Element, value: object, parts: Iterable[Part], shapes: Shapes) -> None:
    """Append to `parent` the children that `parts` name. Raises ContractError for a text that XML cannot carry."""
    for part in parts:
        current = getattr(value, part.field)
        present = current if part.is_many else () if current is None or current == "" else (current,)
        for item in present:
            child = etree.SubElement(parent, qualified(part.tag))
            if part.shape is not None:
                write(child, item, shapes[part.shape], shapes)
                continue
            try:
                child.text = part.codec.write(item)
            except (ValueError, KeyError) as error:
                raise Refusal.SCHEMA_INVALID.error(f"{part.tag}: cannot be written") from error


def read(element: etree._Element, parts: Iterable[Part], shapes: Shapes) -> dict[str, Any]:
    """The fields that `parts` name, from an element that already passed its schema."""
    children: dict[Any, list[etree._Element]] = {}
    for child in element:
        children.setdefault(child.tag, []).append(child)
    fields: dict[str, Any] = {}
    for part in parts:
        found = children.get(qualified(part.tag), ())
        if part.is_many:
            fields[part.field] = tuple(_read_one(child, part, shapes) for child in found)
        else:
            fields[part.field] = _read_one(found[0], part, shapes) if found else part.absent
    return fields


def _read_one(child: etree._Element, part: Part, shapes: Shapes) -> Any:
    if part.shape is not None:
        return part.shape(**read(child, shapes[part.shape], shapes))
    try:
        return part.codec.read(child.text or "")
    except (ValueError, KeyError, OverflowError) as error:
        raise Refusal.SCHEMA_INVALID.error(f"{part.tag}: no such value") from error
