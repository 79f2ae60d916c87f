"""The antivirus of the settings, or none."""

from adapters.antivirus import Clamd
from hub.core.services import Scanner
from hub.settings import Settings

LONGEST = 600.0
"""Seconds that a worker gives one large file; a page gives no more than one call's time."""


def scanner_from(settings: Settings, within: float = 0.0) -> Scanner | None:
    """`within`: seconds for one file, by default those of one call to a neighbour."""
    if not settings.clamav:
        return None
    return Clamd(settings.clamav, settings.call_timeout, within or settings.call_timeout)
