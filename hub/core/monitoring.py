"""What can go wrong with a deployment and be told to who operates it: the kinds, and one thing that is wrong now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Each is a page of docs/operate/, named after it with hyphens."""

    STUCK_DELIVERY = "stuck_delivery"  # a leg that only a person can move
    QUEUE_AGE = "queue_age"  # something waits too long for an institution that answers
    INSTITUTION_DOWN = "institution_down"  # its breaker is open
    CERTIFICATE_EXPIRING = "certificate_expiring"  # one of ours or of an institution
    TIME_STAMPS_FAILING = "time_stamps_failing"  # a real stamp was asked for and did not come
    LEDGER_NOT_SEALING = "ledger_not_sealing"  # events wait for their leaf
    MAIL_FAILING = "mail_failing"  # the mail server takes nothing of ours, or letters wait and no one sends them
    DISK_FILLING = "disk_filling"
    STORE_FAILING = "store_failing"  # a document could not be written, read and dropped
    PROBE_FAILING = "probe_failing"  # a certificate or a disk of ours cannot even be looked at
    MACHINE_SILENT = "machine_silent"  # every worker of a machine died
    WEBHOOK_FAILING = "webhook_failing"  # the operators' webhook takes no alerts
    PAPERS_NOT_MADE = "papers_not_made"  # constancias and cargos wait; of subject READINGS: readings of signatures do
    ANTIVIRUS_ABSENT = "antivirus_absent"  # none is set, or it does not answer
    RECONCILIATION_DIFFERENCE = "reconciliation_difference"  # an institution and we hold different things
    PARKED_NEWS = "parked_news"  # what an institution said does not fit, and a person must say what becomes of it
    BACKUP_LATE = "backup_late"  # no round of the copies was whole for long, they fail, or nobody comes for the log

    @property
    def page(self) -> str:
        """Its page in the runbook, as a path within the repository."""
        return f"docs/operate/{self.value.replace('_', '-')}.md"


READINGS: Final = "firmas"
"""The subject of PAPERS_NOT_MADE where every paper is made and signatures that came in are not read."""
Figures = Mapping[str, str | int | float]
"""Counts, codes and instants (ISO 8601) of a condition."""
LASTING: Final = frozenset({Kind.CERTIFICATE_EXPIRING, Kind.ANTIVIRUS_ABSENT})
"""What is mended in days, not in minutes: told again a seventh as often."""
DAYS_LEFT: Final = (60, 30, 14, 7)
"""Days that a certificate has left when it is told of; each is told once, and so is its end."""


@dataclass(frozen=True)
class Condition:
    """One thing that is wrong now. `subject` says which: an institution's code, a machine, a certificate; empty where
    there is but one. A `level` that rises is told again. `details` are figures and codes, never of a citizen."""

    kind: Kind
    subject: str = ""
    level: int = 0
    details: Figures = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """How long, or how much, before something is told."""

    queue_age: timedelta = timedelta(minutes=30)
    down_for: timedelta = timedelta(minutes=1)
    ledger_late: timedelta = timedelta(minutes=5)
    mail_late: timedelta = timedelta(minutes=30)
    papers_late: timedelta = timedelta(minutes=15)
    parked_for: timedelta = timedelta(hours=1)
    backup_log: int = 10 * 1024**3
    """Bytes of log on the database's disk for a copy that does not come for it."""
    backup_late: timedelta = timedelta(hours=26)
    """Since the last round of `mesa backup` that was whole: a day between two, and its own length. Zero: copies are
    taken by something else now, and no round is awaited."""
    backup_failing: timedelta = timedelta(minutes=15)
    """For so long its rounds must have failed: a machine that is started anew takes less."""
    disk_free: float = 0.10
    """Share of a disk that must be free."""
    failures: int = 2
    """Tries in a row that must fail: one alone is a hiccup."""
    told_again: timedelta = timedelta(days=1)


def certificate_level(ends_at: datetime, now: datetime) -> int:
    """0 for a certificate that has more than 60 days left; 1 to 4 as it comes nearer; 5 once it has ended."""
    if ends_at <= now:
        return len(DAYS_LEFT) + 1
    return sum(ends_at - now <= timedelta(days=days) for days in DAYS_LEFT)
