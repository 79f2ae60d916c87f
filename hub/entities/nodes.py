"""The sector's file as it is written: its nodes with their places in the text, and their values with no variable
expanded, so that a change can be written back where it belongs.
"""

from functools import lru_cache
from typing import Any

import yaml

from hub.entities.reading import NOTHING, WHOLE, Loader

Node = yaml.nodes.Node


@lru_cache(maxsize=4)
def compose(text: str) -> Any:
    """The root node of a YAML text; one for the same text, so nobody may change it. Raises ValueError for none."""
    try:
        return yaml.compose(text, Loader=Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error)) from error


def plain(node: Any) -> Any:
    """The value of a node as it was written: `${NAME:-default}` stays what it is."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(one) for one in node.value]
    text: str = node.value
    if node.style is not None:
        return text
    if text in NOTHING:
        return None
    if text in ("true", "false"):
        return text == "true"
    return int(text) if WHOLE.fullmatch(text) else text


def is_flow(node: Any) -> bool:
    """True for what is written between braces or brackets."""
    return bool(getattr(node, "flow_style", False))


def end_of(node: Any) -> int:
    """Where its last sign stands; a block's own mark lies behind the blank lines and comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or is_flow(node) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(last[1] if isinstance(last, tuple) else last)


def entry(node: Any, key: str) -> tuple[Any, Any] | None:
    """The nodes of a key and its value in a mapping; None where it has no such key."""
    return next(((one, value) for one, value in node.value if one.value == key), None)
