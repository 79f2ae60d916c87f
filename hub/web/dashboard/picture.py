"""From flows and what waits to the picture: who stands where, and the words of each ribbon."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.core.directory import Directory
from hub.figures.live import Queue
from hub.figures.reading import Door, Flow, Narrow
from hub.web.dashboard.asking import Asked, key_of, name_of
from hub.web.dashboard.drawing import Cell, Node, Picture, Ribbon, Waiting, is_red, ribbon, stacked, thickness
from hub.web.sentences import say

DOORS, BODIES = 0, 1
"""The two sides of a leg."""


@dataclass(frozen=True)
class Seen:
    """What is drawn: filings of each (door, institution), and what waits there now."""

    directory: Directory
    asked: Asked
    legs: dict[tuple[Door, int], int]
    waiting: Waiting
    now: datetime

    def sums(self, side: int) -> dict:
        """Filings of each door, or of each institution; the busiest first."""
        found: dict = defaultdict(int)
        for leg, count in self.legs.items():
            found[leg[side]] += count
        return dict(sorted(found.items(), key=lambda one: (-one[1], str(one[0]))))

    def queues(self, side: int, key: object) -> list[Queue]:
        """What waits at a door, or for an institution."""
        return [queue for leg, queue in self.waiting.items() if leg[side] == key]

    def code(self, side: int, key) -> str:
        """How an address names it."""
        return key_of(self.directory, key) if side == DOORS else self.directory.by_id(key).code

    def name(self, side: int, key) -> str:
        """How the page names it."""
        return name_of(self.directory, key) if side == DOORS else self.directory.by_id(key).acronym


def picture(
    directory: Directory, asked: Asked, narrow: Narrow, flows: Sequence[Flow], waiting: Waiting, now: datetime
) -> Picture:
    """The picture of a period, the busiest first on both sides."""
    legs = dict.fromkeys(waiting, 0) | {(one.door, one.destination_id): one.filings for one in flows}
    seen = Seen(directory, asked, legs, waiting, now)
    (left, left_height), (right, right_height) = _nodes(seen, DOORS), _nodes(seen, BODIES)
    return Picture(
        height=max(left_height, right_height),
        doors=tuple(left.values()),
        bodies=tuple(right.values()),
        ribbons=tuple(_ribbons(seen, narrow, left, right)),
        table=tuple(tuple(_cell(seen, (door, body), left[door], right[body]) for body in right) for door in left),
        total=sum(legs.values()),
    )


def _nodes(seen: Seen, side: int) -> tuple[dict, float]:
    """The nodes of a side by their keys, and how high they stand together."""
    sums = seen.sums(side)
    places, height = stacked(list(sums.values()), [len(seen.queues(side, key)) for key in sums])
    placed = zip(sums, places, strict=True)
    return {key: _node(seen, side, key, sums[key], *place) for key, place in placed}, height


def _node(seen: Seen, side: int, key, count: int, top: float, height: float) -> Node:
    code, queues = seen.code(side, key), seen.queues(side, key)
    field = "door" if side == DOORS else "body"
    is_chosen = code == getattr(seen.asked, field)
    return Node(
        key=code,
        name=seen.name(side, key),
        count=count,
        waiting=sum(queue.count for queue in queues),
        is_cut=any(queue.is_cut for queue in queues),
        is_red=any(is_red(queue, seen.now) for queue in queues),
        is_chosen=is_chosen,
        top=top,
        height=max(height, 2),
        href=seen.asked.address(**{field: "" if is_chosen else code}),
    )


def _ribbons(seen: Seen, narrow: Narrow, left: dict, right: dict) -> Iterator[Ribbon]:
    """Each from the place that is free in its door's block to the one that is free in its institution's."""
    whole = sum(seen.legs.values())
    free = {key: node.top for key, node in (*left.items(), *right.items())}
    for leg in ((door, body) for door in left for body in right):
        if leg not in seen.legs:
            continue
        door, body = leg
        count, queue = seen.legs[leg], seen.waiting.get(leg)
        thick = thickness(count, whole)
        yield Ribbon(
            path=ribbon(free[door], free[body], thick),
            href=seen.asked.address(door=left[door].key, body=right[body].key),
            said=_said(left[door].name, right[body].name, count, queue),
            is_red=is_red(queue, seen.now),
            is_quiet=not narrow.holds(door, body),
        )
        if count:
            free[door] += thick
            free[body] += thick


def _said(door: str, body: str, count: int, queue: Queue | None) -> str:
    told = say("%(door)s → %(body)s: %(count)s", door=door, body=body, count=count)
    if queue is None:
        return str(told)
    return str(say("%(told)s, esperan %(waiting)s", told=told, waiting=f"{queue.count}{'+' * queue.is_cut}"))


def _cell(seen: Seen, leg: tuple[Door, int], door: Node, body: Node) -> Cell:
    queue = seen.waiting.get(leg)
    href = seen.asked.address(door=door.key, body=body.key)
    waiting, is_cut = (queue.count, queue.is_cut) if queue else (0, False)
    return Cell(seen.legs.get(leg, 0), waiting, is_cut, is_red(queue, seen.now), href)
