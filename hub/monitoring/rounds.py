"""The rounds of `mesa backup` as each wrote its end down: until when there is a copy, and why there is none since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.models import BackupRound

KEPT: Final = 100
"""Rounds; whichever was whole last is kept besides."""
_NEWEST = select(BackupRound).order_by(BackupRound.id.desc()).limit(1)
_WHOLE = _NEWEST.where(BackupRound.code == "")


@dataclass(frozen=True)
class Rounds:
    """The last round, and the last one that is whole; None where there was none."""

    last: BackupRound | None
    whole: BackupRound | None

    @property
    def copied_until(self) -> datetime | None:
        """What was confirmed before this is in a copy."""
        return self.whole.until if self.whole else None

    @property
    def failed(self) -> int:
        """How many failed in a row, up to the last one."""
        return self.last.failures_in_a_row if self.last else 0


def note(session: Session, ended: BackupRound) -> None:
    """Write down how a round ended, count it with those before, and drop what is too old; flushed."""
    before = session.scalar(_NEWEST)
    if ended.code:
        ended.failures_in_a_row = 1 + (before.failures_in_a_row if before else 0)
        ended.failing_since = (before.failing_since if before else None) or ended.ended_at
    session.add(ended)
    session.flush()
    kept = select(BackupRound.id).order_by(BackupRound.id.desc()).limit(KEPT)
    whole = select(func.max(BackupRound.id)).where(BackupRound.code == "").scalar_subquery()
    too_old = delete(BackupRound).where(BackupRound.id.not_in(kept), BackupRound.id.is_distinct_from(whole))
    session.execute(too_old.execution_options(synchronize_session=False))


def rounds(session: Session) -> Rounds:
    """What is known of them."""
    return Rounds(session.scalar(_NEWEST), session.scalar(_WHOLE))
