"""The picture: doors on the left, institutions on the right, between them what went, as thick as there was of it.

Geometry only: pixels from above, and hundredths of the width between the two sides. What waits long is marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.figures.live import Queue
from hub.figures.reading import Door

LEAST_ROW, LINE = 46, 18
"""Pixels of a name and its number, and of a line more for what waits."""
FLOW_HEIGHT = 300
LEAST_THICK = 1.5


@dataclass(frozen=True)
class Node:
    """A name at the left or right: its block from `top`, `height` high, in a row that is never too low to be read."""

    key: str
    name: str
    count: int
    waiting: int
    is_cut: bool
    is_red: bool
    is_chosen: bool
    top: float
    height: float
    href: str

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True)
class Ribbon:
    """What went from a door to an institution."""

    path: str
    href: str
    said: str
    is_red: bool
    is_quiet: bool


@dataclass(frozen=True)
class Cell:
    """The same in the table."""

    count: int
    waiting: int
    is_cut: bool
    is_red: bool
    href: str


@dataclass(frozen=True)
class Picture:
    """What is drawn, and the same as rows: `table` has for each door a cell for each institution. `total` is of all."""

    height: float
    doors: tuple[Node, ...]
    bodies: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    table: tuple[tuple[Cell, ...], ...]
    total: int
    other_doors: int = 0
    other_bodies: int = 0
    """Of how many nothing is drawn, since there are too many."""


Waiting = Mapping[tuple[Door, int], Queue]


def stacked(amounts: Sequence[float], waiting: Sequence[float]) -> tuple[list[tuple[float, float]], float]:
    """(top, height) of each block, the blocks to scale and their rows never too low, and the height of all.

    What waits takes a line of its own.
    """
    whole = sum(amounts) or 1
    places, y = [], 0.0
    for amount, waits in zip(amounts, waiting, strict=True):
        height = FLOW_HEIGHT * amount / whole
        row = max(height + 8, LEAST_ROW + (LINE if waits else 0))
        places.append((y + (row - height) / 2, height))
        y += row
    return places, y


def ribbon(left: float, right: float, thick: float) -> str:
    """The outline of a ribbon from `left` to `right` (pixels from above), over a width of 100."""
    low_left, low_right = left + thick, right + thick
    return (
        f"M0 {left:.1f}C50 {left:.1f} 50 {right:.1f} 100 {right:.1f}V{low_right:.1f}"
        f"C50 {low_right:.1f} 50 {low_left:.1f} 0 {low_left:.1f}Z"
    )


def is_red(queue: Queue | None, now: datetime) -> bool:
    """Something has waited there too long."""
    return queue is not None and queue.is_long(now)


def thickness(amount: int, whole: int) -> float:
    """Pixels of so many of all."""
    return max(FLOW_HEIGHT * amount / (whole or 1), LEAST_THICK)
