"""When to try again, or never: values, apart from what is tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class RetryPolicy:
    """Delays grow from `first` by `factor` to `cap`, with jitter, until `give_up_after` of closed-breaker time."""

    first: timedelta = timedelta(seconds=20)
    factor: float = 3.0
    cap: timedelta = timedelta(hours=1)
    give_up_after: timedelta = timedelta(hours=72)
    cannot_tell_for: timedelta = timedelta(hours=24)
    jitter: float = 0.2

    def delay(self, attempt: int, chance: float) -> timedelta:
        """How long to wait after the `attempt`-th try (1 is the first); `chance` is in [0, 1) and makes the jitter."""
        exponent = min(attempt - 1, 30)
        seconds = min(self.first.total_seconds() * self.factor**exponent, self.cap.total_seconds())
        return timedelta(seconds=seconds * (1 + self.jitter * (2 * chance - 1)))

    def next_try(
        self, attempt: int, now: datetime, tried_for: timedelta, chance: float, *, cannot_tell: bool = False
    ) -> datetime | None:
        """The instant of the next try, or None: a person must look.

        `tried_for` is how long this message has been tried while the institution's breaker was closed.
        """
        limit = self.cannot_tell_for if cannot_tell else self.give_up_after
        return None if tried_for >= limit else now + self.delay(attempt, chance)


@dataclass(frozen=True)
class BreakerPolicy:
    """Open after `failures` in a row for `open_for`, doubling to `open_at_most`; then one probe."""

    failures: int = 5
    open_for: timedelta = timedelta(minutes=1)
    open_at_most: timedelta = timedelta(minutes=30)

    def opens_until(self, failures_in_a_row: int, times_opened: int, now: datetime) -> datetime | None:
        """When the breaker may be probed, or None where it stays closed.

        `times_opened` counts earlier openings in a row.
        """
        if failures_in_a_row < self.failures and times_opened == 0:
            return None
        doubled: timedelta = self.open_for * (1 << min(times_opened, 16))
        return now + min(doubled, self.open_at_most)
