"""What is wrong against what operators know: opened once, told once, told again after a while, closed when mended."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hub.core.monitoring import LASTING, Condition, Kind
from hub.models import OperatorAlert

LOCK = 7_306_003
"""The advisory lock of who compares: one worker at a time, and nobody waits for it."""
LASTING_FACTOR = 7
CALM = timedelta(hours=1)
"""What comes back so soon after it was closed flaps: told as new once more, it is closed after as long without it."""
RECENT = 20
_MINE = text("select pg_try_advisory_xact_lock(:lock)")


class Told(StrEnum):
    """What an alert's letter says."""

    OPENED = "opened"
    AGAIN = "again"
    CLOSED = "closed"
    LOST = "lost"  # the machine that saw it is gone: nobody knows whether it was mended


@dataclass(frozen=True)
class Telling:
    """An alert that a person is to be told of now, and what of it."""

    alert: OperatorAlert
    what: Told


def is_my_turn(session: Session) -> bool:
    """True for the one process that compares; until its transaction ends."""
    return bool(session.scalar(_MINE, {"lock": LOCK}))


def settle(
    session: Session, found: Sequence[Condition], now: datetime, told_again: timedelta,
    seen: Container[str] | None = None,
) -> list[Telling]:  # fmt: skip
    """Open what is new, close what is mended, and give what is to be told; flushed.

    `seen`: the machines of which something is known, by default all of them.
    """
    standing = {(one.kind, one.subject): one for one in open_alerts(session)}
    told = []
    for condition in _each_once(found):
        alert = standing.pop((condition.kind.value, condition.subject), None)
        what = _due(alert, condition, now, told_again)
        alert = alert or _opened(session, condition, now)
        alert.details, alert.level = dict(condition.details), _level(alert, condition)
        if what is not None:
            alert.told_at, alert.times_told = now, alert.times_told + 1
            told.append(Telling(alert, what))
    for alert in standing.values():
        is_lost = seen is not None and bool(alert.details.get("host")) and alert.details["host"] not in seen
        if is_lost or _is_calm(session, alert, now):
            told.append(_closed(alert, Told.LOST if is_lost else Told.CLOSED, now))
    session.flush()
    return told


def _closed(alert: OperatorAlert, what: Told, now: datetime) -> Telling:
    alert.closed_at, alert.told_at, alert.times_told = now, now, alert.times_told + 1
    alert.details = {name: value for name, value in alert.details.items() if name != "gone_since"}
    if what is Told.LOST:
        alert.details |= {"ended": what.value}
    return Telling(alert, what)


def _is_calm(session: Session, alert: OperatorAlert, now: datetime) -> bool:
    """Gone for good: at once, but for what flaps. `gone_since` stands in its details meanwhile."""
    before = select(OperatorAlert.id).where(
        OperatorAlert.kind == alert.kind, OperatorAlert.subject == alert.subject,
        OperatorAlert.closed_at > alert.opened_at - CALM,
    )  # fmt: skip
    if session.scalar(before.limit(1)) is None:
        return True
    gone_since = alert.details.get("gone_since", now.isoformat())
    alert.details = {**alert.details, "gone_since": gone_since}
    return datetime.fromisoformat(gone_since) <= now - CALM


def _level(alert: OperatorAlert, condition: Condition) -> int:
    """What lasts may ease for good, as a certificate with a successor; of the rest the worst is kept, and told once."""
    is_lasting = condition.kind in LASTING or alert.level is None
    return condition.level if is_lasting else max(alert.level, condition.level)


def _each_once(found: Sequence[Condition]) -> list[Condition]:
    """Two sources may see the same thing; the first one says it."""
    firsts: dict[tuple[Kind, str], Condition] = {}
    for one in found:
        firsts.setdefault((one.kind, one.subject), one)
    return list(firsts.values())


def _due(alert: OperatorAlert | None, condition: Condition, now: datetime, told_again: timedelta) -> Told | None:
    if alert is None:
        return Told.OPENED
    pace = told_again * (LASTING_FACTOR if condition.kind in LASTING else 1)
    is_worse = condition.level > alert.level
    is_long_ago = alert.told_at is None or alert.told_at <= now - pace
    return Told.AGAIN if is_worse or is_long_ago else None


def _opened(session: Session, condition: Condition, now: datetime) -> OperatorAlert:
    alert = OperatorAlert(kind=condition.kind.value, subject=condition.subject, opened_at=now, times_told=0)
    session.add(alert)
    return alert


def open_alerts(session: Session) -> Sequence[OperatorAlert]:
    """What is wrong and told, oldest first."""
    query = select(OperatorAlert).where(OperatorAlert.closed_at.is_(None))
    return session.scalars(query.order_by(OperatorAlert.opened_at, OperatorAlert.id)).all()


def closed_alerts(session: Session) -> Sequence[OperatorAlert]:
    """What was mended last, at most 20."""
    query = select(OperatorAlert).where(OperatorAlert.closed_at.is_not(None))
    return session.scalars(query.order_by(OperatorAlert.closed_at.desc(), OperatorAlert.id.desc()).limit(RECENT)).all()
