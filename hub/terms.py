"""Terms of legs: until when the competent body has to answer, and what its filer may do when that day is over."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.core.calendar import Calendar
from hub.core.directory import Directory
from hub.core.statuses import FilingStatus
from hub.core.terms import Standing, last_day, standing, term_of
from hub.core.tupa import ProcedureRecord, Silence, from_snapshot
from hub.models import Delivery, Filing

PAUSED = frozenset({FilingStatus.OBSERVED, FilingStatus.HELD})
OVER = frozenset(
    {FilingStatus.ANSWERED, FilingStatus.CLOSED, FilingStatus.WITHDRAWN, FilingStatus.LAPSED, FilingStatus.REFUSED}
)
"""Statuses in which no body's term runs any more."""


@dataclass(frozen=True)
class Due:
    """The term of a filing today.

    `standing` is None while nothing runs: no term, not yet with the competent body, paused by an observation, or over
    because it was answered. `approved_at`: automatic approval, effective at presentation (TUO 33.1).
    """

    procedure: ProcedureRecord
    standing: Standing | None
    is_paused: bool = False
    approved_at: datetime | None = None

    @property
    def silence(self) -> Silence:
        """What its body's silence means once the term is over."""
        return self.procedure.silence


def set_due(directory: Directory, filing: Filing, leg: Delivery) -> None:
    """Set the term and the last day of a leg from its filing's procedure, its clock and what observations left out.

    Both None where there is no term, and the last day None until the clock starts. To be called whenever
    `clock_start` or `left_out_days` was set (TUO 39, 143, 144.1, 145.1).
    """
    count_due(directory.calendar_of(leg.destination_id), filing, leg)


def count_due(calendar: Calendar, filing: Filing, leg: Delivery) -> None:
    """The same for who has the destination's calendar at hand."""
    leg.term_days = term_of(from_snapshot(filing.procedure or {}))
    leg.due_on = None
    if leg.term_days is not None and leg.clock_start is not None:
        leg.due_on = last_day(leg.clock_start, leg.term_days, leg.left_out_days or 0, calendar)


def leave_out(directory: Directory, leg: Delivery, notified_on: date, corrected_on: date) -> None:
    """Leave the business days after the notification of an observation, up to and with its correction, out of the term.

    TUO 136.3: while it is pending nothing is counted. Adds to what was left out before; sets the last day anew.
    """
    calendar = directory.calendar_of(leg.destination_id)
    leg.left_out_days = (leg.left_out_days or 0) + calendar.business_days_between(notified_on, corrected_on)
    count_due(calendar, leg.filing, leg)


@dataclass(frozen=True)
class Term:
    """What the term of a filing hangs on, whatever the day it is looked at."""

    procedure: ProcedureRecord
    status: FilingStatus
    presented_at: datetime
    due_on: date | None
    term_days: int | None
    calendar: Calendar

    def on(self, today: date) -> Due:
        """How it stands on a day in Peru."""
        is_paused = self.status in PAUSED
        if self.procedure.silence is Silence.AUTOMATIC:
            approved_at = None if is_paused else approved_since(self)
            return Due(self.procedure, None, is_paused, approved_at)
        if is_paused or self.status in OVER or self.due_on is None or self.term_days is None:
            return Due(self.procedure, None, is_paused)
        return Due(self.procedure, standing(self.due_on, self.term_days, today, self.calendar))


def approved_since(term: Term) -> datetime | None:
    """Automatic approval holds from the very presentation, unless it is held not presented (TUO 33.1, 136.3)."""
    return None if term.status in (FilingStatus.LAPSED, FilingStatus.WITHDRAWN) else term.presented_at


def term(directory: Directory, filing: Filing, leg: Delivery | None) -> Term | None:
    """The term of a filing on its newest leg; None for plain correspondence, which has none."""
    procedure = from_snapshot(filing.procedure or {})
    if procedure is None:
        return None
    return Term(
        procedure=procedure,
        status=filing.status,
        presented_at=filing.presented_at,
        due_on=leg.due_on if leg else None,
        term_days=leg.term_days if leg else None,
        calendar=directory.calendar_of(leg.destination_id if leg else filing.destination_id),
    )


def due(directory: Directory, filing: Filing, leg: Delivery | None, today: date) -> Due | None:
    """How the term of a filing stands that day; None for plain correspondence."""
    found = term(directory, filing, leg)
    return found.on(today) if found else None
