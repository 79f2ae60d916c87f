"""When people come in a made-up history: more in the morning, few at the weekend, some online at night."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from hub.core.calendar import LIMA, Calendar, local_date

HOURS = (1, 1, 0.5, 0.5, 0.5, 1, 3, 8, 18, 26, 28, 24, 16, 12, 18, 20, 14, 8, 6, 5, 4, 4, 3, 2)
"""How busy each hour of a working day is."""
SLICE = timedelta(minutes=10)
OPENS, CLOSES = 8, 17


def days_before(now: datetime, days: int) -> list[datetime]:
    """The midnights of the last so many days, today's included, the oldest first."""
    today = datetime.combine(local_date(now), time(), LIMA)
    return [today - timedelta(days=back) for back in range(days - 1, -1, -1)]


def shares(days: list[datetime], filings: int, calendar: Calendar) -> list[int]:
    """How many filings each day has, of so many in all."""
    weights = [1.0 if calendar.is_business_day(day.date()) else 0.12 for day in days]
    total, counts, given = sum(weights), [], 0
    for place, _ in enumerate(days):
        upto = round(filings * sum(weights[: place + 1]) / total)
        counts.append(upto - given)
        given = upto
    return counts


def slices(
    day: datetime, count: int, until: datetime, chance: random.Random
) -> Iterator[tuple[datetime, list[datetime]]]:
    """(end of a slice, the instants of its arrivals in its last seconds) of a day, in order; nothing after `until`.

    What comes in together leaves together, as it does where a worker is told of each filing.
    """
    each = 3600 // int(SLICE.total_seconds())
    places = Counter(hour * each + chance.randrange(each) for hour in chance.choices(range(24), HOURS, k=count))
    for place in range(24 * each):
        end = day + (place + 1) * SLICE
        if end > until:
            return
        yield end, sorted(end - timedelta(seconds=chance.uniform(0.2, 12)) for _ in range(places[place]))


def working_hours_ago(now: datetime, hours: int, calendar: Calendar) -> datetime:
    """The instant since which so many hours of counters were open: on a Sunday, some time of Friday."""
    at = now.astimezone(LIMA)
    while hours > 0:
        at -= timedelta(hours=1)
        hours -= calendar.is_business_day(at.date()) and OPENS <= at.hour < CLOSES
    return at


def set_up_at(now: datetime) -> datetime:
    """When the sector of a history was set up: two years ago, on whatever day it is made."""
    return now - timedelta(days=731)
