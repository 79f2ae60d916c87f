"""Business days of Peru: when a filing counts as presented, when a term starts and when it is over.

TUO Ley 27444 arts. 144 and 145; Ley 31465 (mesa de partes digital, 24 hours); DL 713 art. 6 for the holidays.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

import holidays

LIMA = timezone(timedelta(hours=-5), "PET")
"""America/Lima: UTC-5 all year, no daylight saving."""
_BY_HAND = timedelta(days=366)


class Policy(StrEnum):
    """What a filing made on a non-business day counts as.

    No policy closes a day at an hour (Res. 0518-2024/SEL-INDECOPI).
    """

    SENT = "A"  # the day it was sent; the clock starts on the first business day after
    NEXT_BUSINESS_DAY = "B"  # the first business day that follows; the clock starts the business day after that


@lru_cache(maxsize=64)
def _law_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("PE", years=year))


@dataclass(frozen=True)
class Calendar:
    """The law's holidays plus the non-business days by decree that apply in one place."""

    decree_days: Collection[date] = field(default_factory=frozenset)

    def is_business_day(self, day: date) -> bool:
        """True for Monday to Friday that is neither a holiday by law nor a day by decree."""
        return day.weekday() < 5 and day not in _law_holidays(day.year) and day not in self.decree_days

    def next_business_day(self, day: date) -> date:
        """The first business day strictly after `day`."""
        day += timedelta(days=1)
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def add_business_days(self, day: date, days: int) -> date:
        """The n-th business day counted from the day after `day` (TUO 144.1, 145.1)."""
        for _ in range(days):
            day = self.next_business_day(day)
        return day

    def business_days_between(self, after: date, until: date) -> int:
        """Business days after `after` up to and including `until`."""
        count, day = 0, after
        while (day := self.next_business_day(day)) <= until:
            count += 1
        return count


def local_date(instant: datetime) -> date:
    """The day in Peru of an aware instant."""
    return instant.astimezone(LIMA).date()


def read_day(text: str, today: date) -> date | None:
    """A day that somebody typed as 2026-11-22, between the year 2000 and tomorrow; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= today + timedelta(days=1) else None


def read_month(text: str, today: date) -> date | None:
    """The first day of a month that somebody typed as 2026-11, between the year 2000 and now; None for the rest."""
    return read_day(f"{text}-01", today)


def read_instant(text: str, now: datetime) -> datetime | None:
    """An instant typed in the hour of Peru, as 2026-11-22T10:00, within a year of `now`; None for anything else.

    What somebody writes down by hand happened lately or is announced for soon: another year is a slip of the hand.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=LIMA)
    return at if now - _BY_HAND <= at <= now + _BY_HAND else None


def bounds(day: date) -> tuple[datetime, datetime]:
    """A day in Peru: its first instant, and the next day's."""
    start = datetime.combine(day, time(), LIMA)
    return start, start + timedelta(days=1)


def end_of_day(day: date) -> datetime:
    """23:59:59 of a day in Peru, in UTC: the last second in which something is in time."""
    return datetime.combine(day, time(23, 59, 59), LIMA).astimezone(timezone.utc)


def counted_from(presented_at: datetime, ticket_at: datetime | None) -> datetime:
    """The instant by which a filing is dated: that of its ticket where the person took a turn before (TUO 149.5).

    Attention ends with the last person who was there within the hours. `presented_at` itself stays what it was.
    """
    return min(presented_at, ticket_at) if ticket_at else presented_at


def is_late_today(now: datetime, calendar: Calendar) -> bool:
    """True in the last half hour of a business day: what is still on its way at midnight is of the next day."""
    local = now.astimezone(LIMA)
    return calendar.is_business_day(local.date()) and local.time() >= time(23, 30)


def considered_on(presented_at: datetime, policy: Policy, calendar: Calendar) -> date:
    """The day a filing counts from: the same day if it is a business day, else by the destination's policy."""
    day = local_date(presented_at)
    if policy is Policy.SENT or calendar.is_business_day(day):
        return day
    return calendar.next_business_day(day)


def clock_start(considered: date, calendar: Calendar) -> date:
    """Day 1 of the entity's term: the business day that follows (TUO 144.1)."""
    return calendar.next_business_day(considered)


def due_on(considered: date, term_days: int, calendar: Calendar) -> date:
    """The last day of a term of business days counted from the day after `considered`."""
    return calendar.add_business_days(considered, term_days)


def due_after_observation(
    considered: date, term_days: int, notified_on: date, corrected_on: date, calendar: Calendar
) -> date:
    """The term's last day when business days after the notification, up to and with the correction, do not count."""
    left_out = calendar.business_days_between(notified_on, corrected_on)
    return calendar.add_business_days(considered, term_days + left_out)
