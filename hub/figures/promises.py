"""What was promised to the sector, as figures of a period: time, distribution, money and paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hub.core.waits import Waits
from hub.figures.reading import Flow, total
from hub.figures.standing import Speed, speed

BEFORE: Final = timedelta(hours=34)
"""How long filing took before the counters were joined."""
WANTED: Final = timedelta(minutes=10)
DAYS_SAVED: Final = 1


@dataclass(frozen=True)
class Promises:
    """`saved` is an estimate in soles: people from outside times `trip`, for one day each."""

    filings: int
    filed_online: Speed
    filed_counter: Speed
    distributed: Speed
    within_day_share: float | None
    same_day_share: float | None
    """From 0 to 1, of what was or should have been handed over; empty where nothing was due."""
    from_outside: int
    trip: float
    pages: int
    """Of what was filed without paper: each a sheet that nobody printed, in one copy."""

    @property
    def saved(self) -> float:
        return self.from_outside * self.trip * DAYS_SAVED


def promises(flows: Sequence[Flow], waits: dict[tuple[str, int], Waits], trip: float, body_id: int = 0) -> Promises:
    """The promises over some flows; how long things took is known by institution, 0 being all of them."""
    together = total(flows)
    digital = sum(one.pages for one in flows if one.door.channel != "counter")
    return Promises(
        filings=together.filings,
        filed_online=speed(waits, "filed_online", body_id),
        filed_counter=speed(waits, "filed_counter", body_id),
        distributed=speed(waits, "distributed", body_id),
        within_day_share=together.within_day_share,
        same_day_share=together.same_day_share,
        from_outside=together.from_outside,
        trip=trip,
        pages=digital,
    )
