"""From flows and what waits to the picture: who stands where, and the words of each ribbon."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from hub.core.directory import Directory
from hub.figures.live import Queue
from hub.figures.reading import Door, Flow, Narrow
from hub.web.dashboard.asking import Asked, key_of, name_of
from hub.web.dashboard.drawing import Cell, Node, Picture, Ribbon, Waiting, is_red, ribbon, stacked, thickness
from hub.web.sentences import say

DOORS, BODIES = 0, 1
"""The two sides of a leg."""
MOST = 30
"""Nodes of a side: more are no picture any more, and its table grows with their square."""


@dataclass(frozen=True)
class Seen:
    """What is drawn: filings of each (door, institution), and what waits there now."""

    directory: Directory
    asked: Asked
    narrow: Narrow
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
        return self._queued[side].get(key, [])

    @cached_property
    def _queued(self) -> tuple[dict, dict]:
        found: tuple[dict, dict] = (defaultdict(list), defaultdict(list))
        for leg, queue in self.waiting.items():
            for side in (DOORS, BODIES):
                found[side][leg[side]].append(queue)
        return found

    def is_chosen(self, side: int, key: object) -> bool:
        """True for what everything is narrowed to."""
        return key == (self.narrow.door if side == DOORS else self.narrow.destination_id)

    def is_red(self, side: int, key: object) -> bool:
        """True where something waits too long."""
        return any(is_red(queue, self.now) for queue in self.queues(side, key))

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
    seen = Seen(directory, asked, narrow, legs, waiting, now)
    (left, left_height, doors), (right, right_height, bodies) = _nodes(seen, DOORS), _nodes(seen, BODIES)
    return Picture(
        height=max(left_height, right_height),
        doors=tuple(left.values()),
        bodies=tuple(right.values()),
        ribbons=tuple(_ribbons(seen, left, right)),
        table=tuple(tuple(_cell(seen, (door, body), left[door], right[body]) for body in right) for door in left),
        total=sum(legs.values()),
        other_doors=doors,
        other_bodies=bodies,
    )


def _nodes(seen: Seen, side: int) -> tuple[dict, float, int]:
    """The nodes of a side by their keys, how high they stand together, and how many are left out."""
    every = seen.sums(side)
    sums = _foremost(seen, side, every)
    places, height = stacked(list(sums.values()), [len(seen.queues(side, key)) for key in sums])
    placed = zip(sums, places, strict=True)
    return {key: _node(seen, side, key, sums[key], *place) for key, place in placed}, height, len(every) - len(sums)


def _foremost(seen: Seen, side: int, sums: dict) -> dict:
    """The busiest of a side; what was chosen and what waits too long goes before them."""
    if len(sums) <= MOST:
        return sums

    def rank(key: object) -> int:
        return 0 if seen.is_chosen(side, key) else 1 if seen.is_red(side, key) else 2

    kept = set(sorted(sums, key=rank)[:MOST])  # of a rank, the busiest: in the order that they come in
    return {key: count for key, count in sums.items() if key in kept}


def _node(seen: Seen, side: int, key, count: int, top: float, height: float) -> Node:
    code, queues = seen.code(side, key), seen.queues(side, key)
    field = "door" if side == DOORS else "body"
    is_chosen = seen.is_chosen(side, key)
    return Node(
        key=code,
        name=seen.name(side, key),
        count=count,
        waiting=sum(queue.count for queue in queues),
        is_cut=any(queue.is_cut for queue in queues),
        is_red=seen.is_red(side, key),
        is_chosen=is_chosen,
        top=top,
        height=max(height, 2),
        href=seen.asked.address(**{field: "" if is_chosen else code}),
    )


def _ribbons(seen: Seen, left: dict, right: dict) -> Iterator[Ribbon]:
    """Each from the place that is free in its door's block to the one that is free in its institution's."""
    whole = sum(seen.legs.values())
    free = {key: node.top for key, node in (*left.items(), *right.items())}
    rows = ({key: row for row, key in enumerate(side)} for side in (left, right))
    of_left, of_right = rows
    drawn = [leg for leg in seen.legs if leg[DOORS] in left and leg[BODIES] in right]
    for leg in sorted(drawn, key=lambda leg: (of_left[leg[DOORS]], of_right[leg[BODIES]])):
        door, body = leg
        count, queue = seen.legs[leg], seen.waiting.get(leg)
        thick = thickness(count, whole)
        yield Ribbon(
            path=ribbon(free[door], free[body], thick),
            href=seen.asked.address(door=left[door].key, body=right[body].key),
            said=_said(left[door].name, right[body].name, count, queue),
            is_red=is_red(queue, seen.now),
            is_quiet=not seen.narrow.holds(door, body),
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
