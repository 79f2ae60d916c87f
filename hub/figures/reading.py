"""Reading what was added up: the flow from each door to each institution, and how long things took."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from hub.core.waits import Waits
from hub.figures.counting import midnight
from hub.models import BoardFlow, BoardShare, BoardSpan, BoardWait

PERIODS: Final = (1, 7, 30, 90)
"""Days that may be chosen, today included."""
ONLINE: Final = "online"


@dataclass(frozen=True)
class Door:
    """Where filings come in: a counter of a body; everything online is one door, and what institutions send another.

    `origin_id` and `counter_code` are empty for those two.
    """

    channel: str
    origin_id: int = 0
    counter_code: str = ""


def door_of(channel: str, origin_id: int, counter_code: str) -> Door:
    """The door of a filing."""
    return Door(channel, origin_id, counter_code) if channel == "counter" else Door(channel)


@dataclass(frozen=True)
class Narrow:
    """What everything is narrowed to: a door, an institution, both or neither."""

    door: Door | None = None
    destination_id: int = 0

    def holds(self, door: Door, destination_id: int) -> bool:
        """True for what belongs to it."""
        return self.door in (None, door) and self.destination_id in (0, destination_id)


@dataclass(frozen=True)
class Flow:
    """What went from a door to an institution in a period."""

    door: Door
    destination_id: int
    filings: int = 0
    from_outside: int = 0
    pages: int = 0
    handed_over: int = 0
    same_day: int = 0
    within_day: int = 0
    registered: int = 0
    last_cargo_at: datetime | None = None
    not_same_day: int = 0
    not_within_day: int = 0
    """Legs whose day, or whose 24 hours, ended in the period and which nobody holds yet (hub.figures.live)."""

    @property
    def same_day_share(self) -> float | None:
        """Of what was or should have been handed over, from 0 to 1; empty where nothing was due."""
        return _share(self.same_day, self.handed_over + self.not_same_day)

    @property
    def within_day_share(self) -> float | None:
        """Of what was or should have been handed over, from 0 to 1; empty where nothing was due (TUO 132)."""
        return _share(self.within_day, self.handed_over + self.not_within_day)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


_SUMMED = (
    BoardFlow.filings, BoardFlow.from_outside, BoardFlow.pages, BoardFlow.handed_over, BoardFlow.same_day,
    BoardFlow.within_day, BoardFlow.registered,
)  # fmt: skip
_NOTHING = (0,) * (len(_SUMMED) + 2)
_LEG = (BoardFlow.channel, BoardFlow.origin_id, BoardFlow.counter_code, BoardFlow.destination_id)


_FLOWS = (
    select(*_LEG, *map(func.sum, _SUMMED), func.max(BoardFlow.last_cargo_at))
    .where(BoardFlow.start >= bindparam("since"))
    .group_by(*_LEG)
)
_WAITS = (
    select(BoardWait.what, BoardWait.destination_id, BoardWait.bucket, func.sum(BoardWait.times))
    .where(BoardWait.start >= bindparam("since"))
    .group_by(BoardWait.what, BoardWait.destination_id, BoardWait.bucket)
)


def since(now: datetime, days: int) -> datetime:
    """The beginning of a period of so many days, today included."""
    return midnight(now) - timedelta(days=days - 1)


def counted_at(session: Session) -> datetime | None:
    """When the newest figures were counted; None before the first time."""
    return session.scalar(select(BoardSpan.counted_at).order_by(BoardSpan.start.desc()).limit(1))


def flows(session: Session, start: datetime) -> list[Flow]:
    """Every flow since an instant, as far as it was counted."""
    rows = session.execute(_FLOWS, {"since": start}).all()
    return merged(_read(tuple(row)) for row in rows)


def _read(row: tuple[Any, ...]) -> Flow:
    """A row of _FLOWS."""
    channel, origin, counter, destination, *sums, last = row
    return _flow(door_of(channel, origin, counter), destination, [int(one) for one in sums], last)


def _flow(door: Door, destination_id: int, sums: Sequence[int], last: datetime | None) -> Flow:
    """`sums` in the order of _SUMMED, and what nobody holds yet where that is known."""
    filings, from_outside, pages, handed_over, same_day, within_day, registered, *unheld = sums
    not_same_day, not_within_day = unheld or (0, 0)
    return Flow(
        door, destination_id, filings, from_outside, pages, handed_over, same_day, within_day, registered, last,
        not_same_day, not_within_day,
    )  # fmt: skip


def merged(found: Iterable[Flow]) -> list[Flow]:
    """One flow for each door and institution: what is online came in under many bodies."""
    together: dict[tuple[Door, int], list[Flow]] = defaultdict(list)
    for one in found:
        together[one.door, one.destination_id].append(one)
    return [total(parts, *key) for key, parts in together.items()]


def total(parts: Sequence[Flow], door: Door | None = None, destination_id: int = 0) -> Flow:
    """Several flows as one."""
    sums = [sum(values) for values in zip(_NOTHING, *(_numbers(one) for one in parts), strict=True)]
    cargos = [one.last_cargo_at for one in parts if one.last_cargo_at]
    return _flow(door or Door(""), destination_id, sums, max(cargos, default=None))


def _numbers(one: Flow) -> tuple[int, ...]:
    return (one.filings, one.from_outside, one.pages, one.handed_over, one.same_day, one.within_day, one.registered,
            one.not_same_day, one.not_within_day)  # fmt: skip


def waits(session: Session, start: datetime, destination_id: int = 0) -> dict[tuple[str, int], Waits]:
    """How long things took since an instant, by (what, institution); institution 0 is all of them together."""
    query = _WAITS.where(BoardWait.destination_id == destination_id) if destination_id else _WAITS
    counted: dict[tuple[str, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for what, body, bucket, times in session.execute(query, {"since": start}):
        counted[what, body][bucket] += int(times)
        counted[what, 0][bucket] += int(times)
    return {key: Waits(dict(times)) for key, times in counted.items()}


def by_day(session: Session, start: datetime, narrow: Narrow) -> list[tuple[datetime, int]]:
    """Filings of each day since an instant: (its midnight, how many); a day without any is left out."""
    query = select(BoardFlow.start, *_LEG, BoardFlow.filings).where(BoardFlow.start >= start)
    days: dict[datetime, int] = defaultdict(int)
    for at, channel, origin, counter, destination, filings in session.execute(query):
        if narrow.holds(door_of(channel, origin, counter), destination):
            days[midnight(at)] += filings
    return sorted((day, filings) for day, filings in days.items() if filings)


def shares(session: Session, start: datetime, what: str, narrow: Narrow) -> list[tuple[str, int]]:
    """Filings since an instant by kind of document or by hour of the day: (value, how many)."""
    leg = (BoardShare.channel, BoardShare.origin_id, BoardShare.counter_code, BoardShare.destination_id)
    query = select(BoardShare.value, *leg, func.sum(BoardShare.filings)).group_by(BoardShare.value, *leg)
    found: dict[str, int] = defaultdict(int)
    for value, channel, origin, counter, destination, filings in session.execute(
        query.where(BoardShare.start >= start, BoardShare.what == what)
    ):
        if narrow.holds(door_of(channel, origin, counter), destination):
            found[value] += int(filings)
    return sorted(found.items())
