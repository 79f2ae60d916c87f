"""How a queue stood and drained: its highest, its longest wait, what an outage made wait and in which order it left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Wait:
    """A leg that waited for its institution: since when, and until when; empty for one that waits still."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Peak:
    """How many waited at once at most, and when that was first so."""

    count: int = 0
    at: datetime | None = None


@dataclass(frozen=True)
class Drained:
    """What waited through an outage. `late`: the most places by which one left after its turn."""

    waited: int
    delivered: int
    longest: timedelta | None
    last_at: datetime | None
    late: int

    @property
    def all_delivered(self) -> bool:
        return self.waited == self.delivered


def peak(waits: Sequence[Wait], start: datetime, end: datetime) -> Peak:
    """The highest that a queue stood between two instants."""
    steps = []
    for one in waits:
        if one.since < end and (one.until is None or one.until > start):
            steps.append((max(one.since, start), 1))
            steps += [(one.until, -1)] if one.until is not None and one.until < end else []
    highest, now_waiting = Peak(), 0
    for at, step in sorted(steps, key=lambda step: (step[0], step[1])):
        now_waiting += step
        if now_waiting > highest.count:
            highest = Peak(now_waiting, at)
    return highest


def drained(waits: Sequence[Wait], since: datetime, until: datetime | None, told_until: datetime) -> Drained:
    """What became of the legs that waited while an institution did not answer.

    `told_until`: what left later is told as waiting still, of an outage that lasts or a report of an earlier day.
    """
    ended = until or told_until
    caught = [one for one in waits if one.since < ended and (one.until is None or one.until > since)]
    gone = sorted((one for one in caught if one.until is not None), key=lambda one: one.until or since)
    longest = max(((one.until or told_until) - one.since for one in caught), default=None)
    last_at = gone[-1].until if gone else None
    return Drained(len(caught), len(gone), longest, last_at, _late([one.since for one in gone]))


def _late(left: Sequence[datetime]) -> int:
    """The most places by which one that came earlier left after its turn, of those in the order in which they left."""
    turns = sorted(range(len(left)), key=lambda place: (left[place], place))
    return max((place - turn for turn, place in enumerate(turns)), default=0)
