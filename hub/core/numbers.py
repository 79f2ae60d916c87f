"""Whole numbers as somebody typed them or wrote them into an address."""

from typing import Final, TypeVar

DIGITS: Final = 9
"""As many as every whole number that the database keeps can have."""
Other = TypeVar("Other")


def whole(text: str) -> int:
    """The number of a text of one to nine plain digits. Raises ValueError for any other text."""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise ValueError("no whole number")
    return int(text)


def whole_or(text: str, other: Other) -> int | Other:
    """The same; `other` for any other text."""
    try:
        return whole(text)
    except ValueError:
        return other
