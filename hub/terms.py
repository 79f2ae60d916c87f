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


def due(directory: Directory, filing: Filing, leg: Delivery | None, today: date) -> Due | None:
    """How the term of a filing stands on its newest leg; None for plain correspondence, which has none."""
    procedure = from_snapshot(filing.procedure or {})
    if procedure is None:
        return None
    is_paused = filing.status in PAUSED
    if procedure.silence is Silence.AUTOMATIC:
        is_approved = not is_paused and filing.status not in (FilingStatus.LAPSED, FilingStatus.WITHDRAWN)
        return Due(procedure, None, is_paused, filing.presented_at if is_approved else None)
    if is_paused or filing.status in OVER or leg is None or leg.due_on is None or leg.term_days is None:
        return Due(procedure, None, is_paused)
    return Due(procedure, standing(leg.due_on, leg.term_days, today, directory.calendar_of(leg.destination_id)))
