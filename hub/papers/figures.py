"""What the SGTD is told of a body, as values: counted by hub.reports, drawn by the report."""

from dataclasses import dataclass
from datetime import date

from hub.core.bodies import EntityRecord


@dataclass(frozen=True)
class Times:
    """How long something took, in hours with decimals; None where nothing happened."""

    median: float | None = None
    p95: float | None = None


@dataclass(frozen=True)
class MonthFigures:
    """One month of a body. `availability` is 0 to 1; None for a month that has not begun."""

    month: date
    presented: int
    presented_online: int
    received: int
    observed: int
    not_presented: int
    attended: int
    to_register: Times
    to_answer: Times
    availability: float | None


@dataclass(frozen=True)
class SgtdReport:
    """What is told of one body: the months of a year up to the one asked for."""

    entity: EntityRecord
    month: date
    made_on: date
    months: tuple[MonthFigures, ...]

    @property
    def asked(self) -> MonthFigures:
        return self.months[-1]
