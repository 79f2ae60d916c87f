"""Destinations: finding the body one writes to, and what sending to it now would mean."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from hub.core.bodies import EntityRecord
from hub.core.calendar import LIMA, clock_start, considered_on, local_date
from hub.core.directory import Directory

MOST_LEGS = 4
"""Legs by re-routing; one more is a loop, and a person looks."""
LATE_FROM = time(23, 30)
"""On a business day from this hour the form warns that the day is ending (R-TIME-3)."""


@dataclass(frozen=True)
class Meaning:
    """What sending at one instant means for one destination. Days are Peru's; `minutes_left` only near midnight."""

    today: date
    considered_on: date
    clock_start: date
    is_business_day: bool
    minutes_left: int | None

    @property
    def is_same_day(self) -> bool:
        return self.considered_on == self.today


def meaning_now(directory: Directory, destination: EntityRecord, now: datetime) -> Meaning:
    """What sending now means, by the destination's policy and the calendar of its place (TUO 144.1; Ley 31465)."""
    calendar, today = directory.calendar(destination.code), local_date(now)
    day, local = considered_on(now, destination.policy, calendar), now.astimezone(LIMA)
    is_business_day = calendar.is_business_day(today)
    is_late = is_business_day and local.time() >= LATE_FROM
    return Meaning(
        today=today,
        considered_on=day,
        clock_start=clock_start(day, calendar),
        is_business_day=is_business_day,
        minutes_left=60 - local.minute if is_late else None,
    )


def find_destinations(directory: Directory, text: str, on: date) -> tuple[EntityRecord, ...]:
    """The bodies one can file to that day, by acronym; all of `text`'s words in name, acronym or a procedure's name."""
    words = _folded(text).split()
    found = (body for body in directory.active(on) if all(word in _described(body) for word in words))
    return tuple(sorted(found, key=lambda body: body.acronym))


def _described(body: EntityRecord) -> str:
    return _folded(" ".join((body.acronym, body.name, *(one.name for one in body.procedures))))


def _folded(text: str) -> str:
    """Lower case without accents: "Geofísico" is found by "geofisico"."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
