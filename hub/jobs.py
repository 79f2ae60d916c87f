"""The rounds of the clock: what a worker does besides dispatching. Each is safe in several workers at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hub.adding_up import add_up
from hub.collecting import collect_annexes
from hub.deeming import deem_notices
from hub.dispatch import Tools
from hub.issuing import issue_directory
from hub.knocking import knock
from hub.leftovers import drop_expired, drop_unfinished
from hub.months import make_months
from hub.outgoing import sign_waiting
from hub.overseeing import beat, compare, try_neighbours
from hub.reconciling import reconcile
from hub.scanning import scan_unchecked
from hub.sealer import seal_events, stamp_roots
from hub.settings import Settings
from hub.settling import settle_days
from hub.telling import tell_institutions
from hub.watch import lapse_observations, write_alarms

Job = Callable[[Tools], int]
"""Takes the worker's tools, commits for itself, gives how many things it did."""


@dataclass(frozen=True)
class Round:
    """A job and how often it is done: always the same, or in seconds by a setting; neither is every sweep."""

    job: Job
    every: timedelta | None = None
    seconds: Callable[[Settings], float] | None = None

    def interval(self, settings: Settings) -> float:
        """Seconds between two of its runs."""
        if self.seconds:
            return self.seconds(settings)
        return self.every.total_seconds() if self.every else settings.sweep


ROUNDS: tuple[Round, ...] = (
    Round(settle_days),
    Round(collect_annexes),
    Round(deem_notices),
    Round(issue_directory),
    Round(sign_waiting, seconds=lambda settings: min(settings.sweep, 1.0)),
    Round(drop_expired, every=timedelta(minutes=10)),
    Round(drop_unfinished, every=timedelta(hours=6)),
    Round(seal_events, seconds=lambda settings: settings.seal_every),
    Round(stamp_roots, seconds=lambda settings: settings.stamp_every),
    Round(tell_institutions),
    Round(knock),
    Round(lapse_observations),
    Round(write_alarms, every=timedelta(minutes=1)),
    Round(scan_unchecked),
    Round(beat, seconds=lambda settings: min(max(settings.sweep, 1.0), 15.0)),
    Round(try_neighbours, seconds=lambda settings: settings.watch_every),
    Round(compare, seconds=lambda settings: settings.watch_every),
    Round(add_up, seconds=lambda settings: settings.board_every),
    Round(reconcile),
    Round(make_months, every=timedelta(minutes=10)),
)
