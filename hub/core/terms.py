"""Terms: how long an act may take at most, the last day of a term, and how a running term stands today.

TUO Ley 27444 arts. 39, 143, 144, 145 and 153. Days are business days of one place; dates are days in Peru.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hub.core.calendar import Calendar
from hub.core.tupa import ProcedureRecord, Silence

GENERAL_DAYS = 30
"""The most that a procedure of evaluation takes, unless a law or a supreme decree says more (TUO 39, 153)."""
AMBER_DAYS = 2


class Act(StrEnum):
    """What has a maximum of its own where no norm sets another (TUO 143)."""

    MERE_PROCEDURE = "mere_procedure"
    REPORT = "report"
    REPORT_WITH_TRAVEL = "report_with_travel"  # or where third parties must take part
    CITIZENS_ACT = "citizens_act"  # what the citizen owes when it is asked of them


class Light(StrEnum):
    """How a running term stands."""

    GREEN = "green"  # more than half of it is left
    RUNNING = "running"  # half or less is left, and more than two business days
    AMBER = "amber"  # two business days or fewer are left
    RED = "red"  # it is over


@dataclass(frozen=True)
class Standing:
    """A running term today. `days_left` are business days after today up to the last; 0 is "today"."""

    due_on: date
    days_left: int
    light: Light

    @property
    def is_over(self) -> bool:
        return self.light is Light.RED


def maximum_days(act: Act) -> int:
    """Business days that an act may take at most: 3, 7, 7 + 3 and 10 (TUO 143.2, 143.3, 143.4)."""
    return {Act.MERE_PROCEDURE: 3, Act.REPORT: 7, Act.REPORT_WITH_TRAVEL: 10, Act.CITIZENS_ACT: 10}[act]


def term_of(procedure: ProcedureRecord | None) -> int | None:
    """Business days of a procedure; None for plain correspondence and for automatic approval (TUO 33.1, 39)."""
    if procedure is None or procedure.silence is Silence.AUTOMATIC:
        return None
    return procedure.days


def last_day(clock_start: date, days: int, left_out: int, calendar: Calendar) -> date:
    """The last of `days` consecutive business days of which `clock_start` is the first (TUO 144.1, 145.1).

    `left_out` are business days that an observation took: they lengthen the term (TUO 136.3). At least one day.
    """
    return calendar.add_business_days(clock_start, days + left_out - 1)


def first_open_day(day: date, closed: Container[date], calendar: Calendar) -> date:
    """The day to which a last day moves: itself, or the first business day after it that is not closed (TUO 145.2)."""
    while day in closed or not calendar.is_business_day(day):
        day = calendar.next_business_day(day)
    return day


def standing(due_on: date, term_days: int, today: date, calendar: Calendar) -> Standing:
    """How a term that ends on `due_on` stands: red when over, amber in its last two days, green in its first half."""
    if today > due_on:
        return Standing(due_on, -calendar.business_days_between(due_on, today), Light.RED)
    left = calendar.business_days_between(today, due_on)
    if left <= AMBER_DAYS:
        return Standing(due_on, left, Light.AMBER)
    return Standing(due_on, left, Light.GREEN if 2 * left > term_days else Light.RUNNING)
