"""Observations in days and words: until when a body may observe, until when its filer may correct, what it may repeat.

TUO Ley 27444 arts. 136 and 137. Days are business days of the observing body's place; instants are aware.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.core.calendar import Calendar, end_of_day, local_date

DAYS_TO_OBSERVE = DAYS_TO_CORRECT = 2
_LAST_SECOND = timedelta(seconds=1)


class Source(StrEnum):
    """Who observes: each is a stage, and observes once (TUO 136.1, 136.5)."""

    COUNTER = "counter"  # on reception, before there is a leg
    DESTINATION = "destination"  # the destination's mesa de partes
    OFFICE = "office"  # the office in charge, once it was registered (TUO 136.5)


class How(StrEnum):
    """How an observation was notified."""

    IN_PERSON = "in_person"
    OPENED = "opened"  # its page, or the casilla
    ACKNOWLEDGED = "acknowledged"  # a mail
    DEEMED = "deemed"  # Ley 31736


class Closed(StrEnum):
    """How an observation ended."""

    CORRECTED = "corrected"
    LAPSED = "lapsed"
    ACCEPTED = "accepted"  # registered all the same
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def observe_by(had_it_on: date, calendar: Calendar) -> date:
    """The last day on which it may be observed: two business days after the day that it counts from (TUO 136.6)."""
    return calendar.add_business_days(had_it_on, DAYS_TO_OBSERVE)


def correct_by(notified_at: datetime, calendar: Calendar) -> datetime:
    """The last second in which it may be corrected: two business days after its notification (TUO 136.1)."""
    return end_of_day(calendar.add_business_days(local_date(notified_at), DAYS_TO_CORRECT))


def is_in_time(at: datetime, limit: datetime) -> bool:
    """True within the last second too: 23:59:59 is in time to its end."""
    return at < limit + _LAST_SECOND


def only_raised_before(items: Iterable[str], raised: Iterable[str]) -> bool:
    """True where every item was raised before: a body may insist, and add nothing new (TUO 137.2).

    Blanks, capitals and a full stop make no difference.
    """
    known = {_plain(item) for item in raised}
    return all(_plain(item) in known for item in items)


def _plain(item: str) -> str:
    return " ".join(item.split()).rstrip(".;").casefold()
