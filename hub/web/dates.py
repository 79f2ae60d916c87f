"""Instants and days as a person in Peru reads them: official time, in words.

A list prints hundreds: the names come from the CLDR once, and the rest is put together here.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_timedelta

from hub.core.calendar import LIMA

LOCALE = "es_PE"


@lru_cache(maxsize=1)
def _names() -> tuple[dict[int, str], dict[int, str]]:
    """Names of the days, Monday being 0, and of the months, January being 1."""
    found = Locale.parse(LOCALE)
    return dict(found.days["format"]["wide"]), dict(found.months["format"]["wide"])


def instant(at: datetime) -> str:
    """`at` (aware) as "viernes 20 de noviembre de 2026, 16:20:05 (hora oficial del Perú, UTC-5)" (TUO 149.7)."""
    there = _in_lima(at)
    return f"{day(there)}, {there:%H:%M:%S} (hora oficial del Perú, UTC-5)"


def instant_short(at: datetime) -> str:
    """`at` (aware) as "20/11/2026, 16:20", for tables."""
    return f"{_in_lima(at):%d/%m/%Y, %H:%M}"


def instant_exact(at: datetime) -> str:
    """`at` (aware) as "20/11/2026, 16:20:05", where seconds matter."""
    return f"{_in_lima(at):%d/%m/%Y, %H:%M:%S}"


def time_tag(at: datetime) -> str:
    """`at` as the machine-readable value of a <time> element, with Peru's offset."""
    return at.astimezone(LIMA).isoformat(timespec="seconds")


def day(on: date) -> str:
    """A day as "viernes 20 de noviembre de 2026"."""
    days, months = _names()
    return f"{days[on.weekday()]} {on.day} de {months[on.month]} de {on.year}"


def ago(at: datetime, now: datetime) -> str:
    """How long before `now` (both aware): "hace un momento", "hace 5 minutos", "hace 3 días"."""
    gone = now - at
    if gone < timedelta(minutes=1):
        return "hace un momento"
    return f"hace {span(gone)}"


def span(length: timedelta) -> str:
    """A length of time by its largest unit, rounded down: "5 minutos", "2 horas", "3 días"."""
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
        whole = int(length.total_seconds()) // seconds
        if whole:
            return _length(whole * seconds, unit)
    return _length(int(length.total_seconds()), "second")


@lru_cache(maxsize=1024)
def _length(seconds: int, unit: str) -> str:
    return format_timedelta(timedelta(seconds=seconds), granularity=unit, threshold=10**6, locale="es")


def _in_lima(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be shown as official time")
    return at.astimezone(LIMA)
