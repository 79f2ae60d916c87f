"""Write a change into the sector's file where it belongs: comments, order and the lines of everything else stay.

The file is not loaded and dumped: what differs between two values is found, and only its lines are written.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hub.entities import writing
from hub.entities.nodes import compose, end_of, entry, is_flow, plain
from hub.entities.shapes import SCHEMA


@dataclass
class _Hand:
    """Edits of one text, gathered and made from its end to its beginning: (from, to, what stands there then)."""

    text: str
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def put(self, start: int, end: int, new: str) -> None:
        self.edits.append((start, end, new))

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """The end of the line in which `at` stands, after what is remarked there."""
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found

    def result(self) -> str:
        text = self.text
        ordered = sorted(enumerate(self.edits), key=lambda one: (one[1][0], one[0]), reverse=True)
        for _, (start, end, new) in ordered:
            text = text[:start] + new + text[end:]
        return text


def values_in(text: str) -> Any:
    """What a file holds, as it is written. Raises ValueError for a text that is no YAML."""
    return plain(compose(text))


def rewrite(text: str, after: Any) -> str:
    """The same text with these values in it. Raises ValueError where it cannot be written so that it reads back."""
    root, hand = compose(text), _Hand(text)
    _change(hand, root, plain(root), after)
    written = hand.result()
    if values_in(written) != after:
        raise ValueError("the change does not read back")
    return written


def _change(hand: _Hand, node: Any, before: Any, after: Any, in_flow: bool = False) -> None:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and before:
        _change_mapping(hand, node, before, after)
    elif isinstance(before, list) and isinstance(after, list) and before and _is_like(before, after):
        _change_list(hand, node, before, after)
    else:
        _replace(hand, node, after, in_flow)


def _replace(hand: _Hand, node: Any, after: Any, in_flow: bool) -> None:
    start, end = node.start_mark.index, end_of(node)
    if not isinstance(after, dict | list):
        was_quoted = getattr(node, "style", None) == '"' and isinstance(after, str)
        new = writing.scalar(after, in_flow=in_flow, quoted=was_quoted)
    elif in_flow or is_flow(node):
        new = writing.flow(after)
    else:
        new = writing.block(after, node.start_mark.column).lstrip(" ")
    hand.put(start, end, new if end > start else f" {new}")


def _change_mapping(hand: _Hand, node: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
    for key, value in before.items():
        if key in after:
            found = entry(node, key)
            _change(hand, found[1] if found else node, value, after[key], is_flow(node))
    gone = [place for place, (key, _) in enumerate(node.value) if key.value not in after]
    _take_out(hand, node, [(key.start_mark.index, end_of(value)) for key, value in node.value], gone)
    for key in (key for key in after if key not in before):
        _put_in(hand, node, key, after[key], _place_of(key, list(before)))


def _put_in(hand: _Hand, node: Any, key: str, value: Any, after_key: str) -> None:
    """A new key, behind another one."""
    found = entry(node, after_key)
    end = end_of(found[1] if found else node)
    if is_flow(node):
        hand.put(end, end, f", {key}: {writing.flow(value)}")
        return
    indent = node.value[0][0].start_mark.column
    end = hand.line_end(end)
    hand.put(end, end, f"\n{' ' * indent}{key}:{writing.after_key(value, indent)}")


def _change_list(hand: _Hand, node: Any, before: list[Any], after: list[Any]) -> None:
    names = [_name_of(one) for one in after]
    gone = []
    for place, (value, one) in enumerate(zip(before, node.value, strict=True)):
        if _name_of(value) in names:
            _change(hand, one, value, after[names.index(_name_of(value))], is_flow(node))
        else:
            gone.append(place)
    _take_out(hand, node, [(one.start_mark.index, end_of(one)) for one in node.value], gone)
    known = [_name_of(one) for one in before]
    for value in (one for one in after if _name_of(one) not in known):
        _append(hand, node, value)


def _append(hand: _Hand, node: Any, value: Any) -> None:
    end = end_of(node.value[-1])
    if is_flow(node):
        hand.put(end, end, f", {writing.flow(value)}")
        return
    indent, end = node.start_mark.column, hand.line_end(end)
    has_gaps = len(node.value) > 1 and "\n\n" in hand.text[end_of(node.value[-2]) : node.value[-1].start_mark.index]
    hand.put(end, end, f"{chr(10) * (1 + has_gaps)}{' ' * indent}- {writing.item(value, indent)}")


def _take_out(hand: _Hand, node: Any, spans: list[tuple[int, int]], gone: list[int]) -> None:
    for place in gone:
        start, end = spans[place]
        if not is_flow(node):
            hand.put(hand.line_start(start), min(hand.line_end(end) + 1, len(hand.text)), "")
        elif place:
            hand.put(spans[place - 1][1], end, "")
        else:
            hand.put(start, spans[1][0] if len(spans) > 1 else end, "")


def _name_of(value: Any) -> str:
    """By what an item of a list is the same one in another list."""
    if not isinstance(value, dict):
        return json.dumps(value)
    known = value.get("code") or [value.get(key) for key in ("from", "to", "valid_from", "days", "opens", "text")]
    return json.dumps(known)


def _is_like(before: list[Any], after: list[Any]) -> bool:
    """True where the lists differ in whole items, in the same order, the new ones at the end, none twice."""
    old, new = [_name_of(one) for one in before], [_name_of(one) for one in after]
    kept = [one for one in old if one in new]
    return bool(kept) and len({*old}) == len(old) and len({*new}) == len(new) and new[: len(kept)] == kept


def _place_of(key: str, here: list[str]) -> str:
    """The key behind which a new one goes: by the order of the published schema, else the last."""
    for order in _orders():
        if key in order and {*here} <= {*order}:
            earlier = [one for one in here if order.index(one) < order.index(key)]
            return max(earlier, key=order.index) if earlier else here[-1]
    return here[-1]


@lru_cache(maxsize=1)
def _orders() -> tuple[list[str], ...]:
    return tuple(_listed(json.loads(SCHEMA.read_text("utf-8"))))


def _listed(schema: dict[str, Any]) -> Iterator[list[str]]:
    yield list(schema["properties"])
    yield from (list(one["properties"]) for one in schema["$defs"].values() if "properties" in one)
