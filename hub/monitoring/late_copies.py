"""Copies that nobody takes any more: judged by the rounds that `mesa backup` wrote down, and by the log kept for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from hub.core.directory import Directory
from hub.core.monitoring import Condition, Figures, Kind, Limits
from hub.monitoring.replicas import Standing, standing
from hub.monitoring.rounds import Rounds, rounds

CUT: Final = "LOG_CUT"
KEPT: Final = "LOG_KEPT"
GONE: Final = "SLOT_GONE"
STOPPED: Final = "ROUNDS_STOPPED"
SLOT_PATIENCE: Final = timedelta(minutes=10)
"""A replica that takes over has no slot, and a folder that is begun anew none for a moment: the next round makes it."""


def trouble(found: Standing, known: Rounds, limits: Limits, now: datetime) -> str:
    """The code of what is wrong with the copies; "" where nothing is, and where nobody ever took one.

    Of rounds that fail it is the code of the last one. Without `limits.backup_late` the rounds are not looked at.
    """
    if found.is_cut:
        return CUT
    if limits.backup_late and known.last is not None:
        if is_failing(known, limits, now):
            return known.last.code
        if known.whole and not found.is_backed_up and known.last.ended_at <= now - SLOT_PATIENCE:
            return GONE
    if found.kept_for_backup > limits.backup_log:
        return KEPT
    until = known.copied_until
    is_late = limits.backup_late and until is not None and until <= now - limits.backup_late
    return STOPPED if is_late else ""


def is_failing(known: Rounds, limits: Limits, now: datetime) -> bool:
    """The last rounds failed, and not only while something was started anew."""
    since = known.last.failing_since if known.last else None
    return known.failed >= limits.failures and since is not None and since <= now - limits.backup_failing


def copied(session: Session, _: Directory, limits: Limits, now: datetime) -> Iterator[Condition]:
    """What is wrong with the copies, if anything."""
    found, known = standing(session), rounds(session)
    if code := trouble(found, known, limits, now):
        details: Figures = {"code": code, "bytes": found.kept_for_backup, "failed": known.failed}
        if known.copied_until:
            details = {**details, "since": known.copied_until.isoformat()}
        yield Condition(Kind.BACKUP_LATE, details=details)
