"""How long things took, kept as counts in buckets: four to each doubling, so that a percentile is within a fifth."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

LEAST = 0.05
"""Seconds: whatever was faster counts as this."""
PER_DOUBLING = 4


def bucket_of(seconds: float) -> int:
    """The bucket of a duration; the database counts them by the same formula."""
    return math.floor(PER_DOUBLING * math.log2(max(seconds, LEAST)))


@dataclass(frozen=True)
class Waits:
    """How often each bucket was met."""

    times: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.times.values())

    def percentile(self, share: float) -> timedelta | None:
        """The duration that `share` (0 to 1) of them did not exceed, to a fifth; None where nothing was measured."""
        wanted = share * self.total
        passed = 0
        for bucket, times in sorted(self.times.items()):
            if passed + times >= wanted and times:
                within = (wanted - passed) / times
                return timedelta(seconds=2 ** ((bucket + within) / PER_DOUBLING))
            passed += times
        return None
