"""Instants and days as a person in Peru reads them: official time, in words."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime, format_timedelta

from hub.core.calendar import LIMA

LOCALE = "es_PE"


def instant(at: datetime) -> str:
    """`at` (aware) as "viernes 20 de noviembre de 2026, 16:20:05 (hora oficial del Perú, UTC-5)" (TUO 149.7)."""
    return _in_lima(at, "EEEE d 'de' MMMM 'de' y, HH:mm:ss") + " (hora oficial del Perú, UTC-5)"


def instant_short(at: datetime) -> str:
    """`at` (aware) as "20/11/2026, 16:20", for tables."""
    return _in_lima(at, "dd/MM/y, HH:mm")


def instant_exact(at: datetime) -> str:
    """`at` (aware) as "20/11/2026, 16:20:05", where seconds matter."""
    return _in_lima(at, "dd/MM/y, HH:mm:ss")


def time_tag(at: datetime) -> str:
    """`at` as the machine-readable value of a <time> element, with Peru's offset."""
    return at.astimezone(LIMA).isoformat(timespec="seconds")


def day(on: date) -> str:
    """A day as "viernes 20 de noviembre de 2026"."""
    return format_date(on, "EEEE d 'de' MMMM 'de' y", locale=LOCALE)


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
            return format_timedelta(timedelta(seconds=whole * seconds), granularity=unit, threshold=10**6, locale="es")
    return format_timedelta(length, granularity="second", threshold=10**6, locale="es")


def _in_lima(at: datetime, pattern: str) -> str:
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone cannot be shown as official time")
    return format_datetime(at.astimezone(LIMA).replace(tzinfo=None), pattern, locale=LOCALE)
