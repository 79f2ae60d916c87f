"""From flows and what waits to the picture: who stands where, and the words of each ribbon."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from hub.core.directory import Directory
from hub.figures.live import Queue
from hub.figures.reading import Door, Flow, Narrow
from hub.web.dashboard.asking import Asked, key_of, name_of
from hub.web.dashboard.drawing import Cell, Node, Picture, Ribbon, Waiting, is_red, quiet, ribbon, stacked, thickness
from hub.web.sentences import say


def picture(
    directory: Directory, asked: Asked, narrow: Narrow, flows: Sequence[Flow], waiting: Waiting, now: datetime
) -> Picture:
    """The picture of a period, the busiest first on both sides."""
    legs = {(one.door, one.destination_id): one.filings for one in flows}
    for leg in waiting:
        legs.setdefault(leg, 0)
    whole = sum(legs.values())
    doors = _ranked({leg: count for leg, count in legs.items()}, 0)
    bodies = _ranked(legs, 1)
    left = _nodes(directory, asked, doors, _sums(legs, 0), waiting, now, is_left=True)
    right = _nodes(directory, asked, bodies, _sums(legs, 1), waiting, now, is_left=False)
    height = max((stacked([_sums(legs, side)[one] for one in of])[1] for side, of in ((0, doors), (1, bodies))), default=0)
    return Picture(
        height=height,
        doors=tuple(left.values()),
        bodies=tuple(right.values()),
        ribbons=tuple(_ribbons(asked, narrow, legs, left, right, waiting, whole, now)),
        table=tuple(
            tuple(_cell(asked, directory, door, body, legs, waiting, now) for body in bodies) for door in doors
        ),
        total=whole,
    )


def _sums(legs: dict[tuple[Door, int], int], side: int) -> dict[object, int]:
    found: dict[object, int] = defaultdict(int)
    for leg, count in legs.items():
        found[leg[side]] += count
    return found


def _ranked(legs: dict[tuple[Door, int], int], side: int) -> list:
    sums = _sums(legs, side)
    return sorted(sums, key=lambda one: (-sums[one], str(one)))


def _nodes(directory, asked, keys, sums, waiting: Waiting, now: datetime, *, is_left: bool) -> dict[object, Node]:
    places, _ = stacked([sums[key] for key in keys])
    nodes = {}
    for key, (top, height) in zip(keys, places, strict=True):
        queues = [queue for leg, queue in waiting.items() if leg[0 if is_left else 1] == key]
        named = key_of(directory, key) if is_left else directory.by_id(key).code
        chosen = named == (asked.door if is_left else asked.body)
        to = {"door" if is_left else "body": "" if chosen else named}
        nodes[key] = Node(
            key=named,
            name=name_of(directory, key) if is_left else directory.by_id(key).acronym,
            count=sums[key],
            waiting=sum(queue.count for queue in queues),
            is_red=any(is_red(queue, now) for queue in queues),
            is_chosen=chosen,
            top=top,
            height=max(height, 2),
            href=asked.address(**to),
        )
    return nodes


def _ribbons(asked, narrow, legs, left, right, waiting: Waiting, whole, now):
    """Each from the place that is free in its door's block to the one that is free in its institution's."""
    used_left = {key: node.top for key, node in left.items()}
    used_right = {key: node.top for key, node in right.items()}
    for door in left:
        for body in right:
            count, queue = legs.get((door, body)), waiting.get((door, body))
            if count is None:
                continue
            thick = thickness(count, whole)
            yield Ribbon(
                path=ribbon(used_left[door], used_right[body], thick),
                href=asked.address(door=left[door].key, body=right[body].key),
                said=_said(left[door].name, right[body].name, count, queue),
                is_red=is_red(queue, now),
                is_quiet=quiet(narrow, Flow(door, body)),
            )
            share = thick if count else 0
            used_left[door] += share
            used_right[body] += share


def _said(door: str, body: str, count: int, queue: Queue | None) -> str:
    told = say("%(door)s → %(body)s: %(count)s", door=door, body=body, count=count)
    return str(say("%(told)s, esperan %(waiting)s", told=told, waiting=queue.count)) if queue else str(told)


def _cell(asked, directory, door, body, legs, waiting: Waiting, now) -> Cell:
    queue = waiting.get((door, body))
    href = asked.address(door=key_of(directory, door), body=directory.by_id(body).code)
    return Cell(legs.get((door, body), 0), queue.count if queue else 0, is_red(queue, now), href)
