"""Instants of the national contract: written one way, read in every form seen on the wire."""

import re
from datetime import datetime, timedelta, timezone
from typing import Final

from hub.core.calendar import LIMA

_TIME = r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?)?"
_OFFSET = r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?"
_FORMS: Final = (
    re.compile(r"0*(?P<year>[1-9]\d{3})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})" + _TIME + _OFFSET),
    re.compile(r"(?P<day>\d{1,2})[-/](?P<month>\d{1,2})[-/](?P<year>\d{4})" + _TIME + _OFFSET),
)


def write_instant(instant: datetime) -> str:
    """Local time of Peru to the second, with its offset: a reader that drops the offset still has the right hour."""
    return instant.astimezone(LIMA).isoformat(timespec="seconds")


def read_instant(text: str) -> datetime | None:
    """An instant in UTC, or None where there is none to read.

    Takes dates alone, slashes, years of five digits, fractions, spaces; what has no offset is local time of Peru.
    """
    match = next((found for form in _FORMS if (found := form.fullmatch(text.strip()))), None)
    if match is None:
        return None
    parts = {name: int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")}
    microsecond = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        local = datetime(**parts, microsecond=microsecond, tzinfo=_zone(match["offset"]))
        return local.astimezone(timezone.utc)
    except (ValueError, OverflowError):  # the 30th of February, an hour 25
        return None


def _zone(offset: str | None) -> timezone:
    if offset is None:
        return LIMA
    if offset == "Z":
        return timezone.utc
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    return timezone((-1 if offset[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))
