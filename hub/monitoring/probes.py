"""What each machine really tried, kept as rows: whoever asks later need not try again, and no two try at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.monitoring import Figures
from hub.models import Probe

FORGOTTEN_AFTER = timedelta(hours=1)
"""A machine that tried nothing for so long is gone, and what it last saw says nothing any more."""


@dataclass(frozen=True)
class Tried:
    """What came of trying something. `name` as in hub.models.Probe; no code where it went well."""

    name: str
    code: str = ""
    measured: Figures = field(default_factory=dict)

    @property
    def went_well(self) -> bool:
        return not self.code


def claim(session: Session, host: str, name: str, now: datetime, every: timedelta) -> bool:
    """True for the one process of this machine whose turn it is to try; the caller commits."""
    mine = insert(Probe).values(host=host, name=name, tried_at=now, failures_in_a_row=0, code="", measured={})
    mine = mine.on_conflict_do_update(
        index_elements=["host", "name"], set_={"tried_at": now}, where=Probe.tried_at <= now - every * 0.9
    )
    return session.execute(mine.returning(Probe.name)).first() is not None


def keep(session: Session, host: str, tried: Sequence[Tried], now: datetime) -> None:
    """Write down what came of it; flushed."""
    for one in tried:
        values = {"tried_at": now, "code": one.code, "measured": dict(one.measured)}
        failed = None if one.went_well else now
        new = insert(Probe).values(
            host=host, name=one.name, failing_since=failed, failures_in_a_row=int(bool(failed)), **values
        )
        in_a_row = 0 if one.went_well else Probe.failures_in_a_row + 1
        since = None if one.went_well else func.coalesce(Probe.failing_since, now)
        changes = {**values, "failing_since": since, "failures_in_a_row": in_a_row}
        session.execute(new.on_conflict_do_update(index_elements=["host", "name"], set_=changes))


def recent(session: Session, now: datetime) -> Sequence[Probe]:
    """What every machine that lives saw last, by machine and name."""
    alive = Probe.tried_at > now - FORGOTTEN_AFTER
    return session.scalars(select(Probe).where(alive).order_by(Probe.host, Probe.name)).all()


def forget(session: Session, host: str, tried: Sequence[str], now: datetime) -> None:
    """Drop what this machine tries no more, and what machines left that are gone."""
    session.execute(delete(Probe).where(Probe.host == host, Probe.name.not_in(tried)))
    session.execute(delete(Probe).where(Probe.tried_at <= now - FORGOTTEN_AFTER))
