"""Comparisons with institutions as rows: planned once for each night, asked for by people, claimed by one worker."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session, aliased

from hub import trail
from hub.models import Comparison, Delivery, EntityRow
from hub.models.writing import table_of

OVERLAP: Final = timedelta(hours=1)
"""How far a comparison reaches back into the one before: what moved while that one ran is compared again."""
_ADD = insert(table_of(Comparison)).on_conflict_do_nothing().returning(table_of(Comparison).c.id)


def plan_night(session: Session, bodies: Sequence[int], day: date, now: datetime) -> int:
    """Write down that institutions are to be compared for a day, each once, however many processes do this.

    Those to which nothing was ever filed are left out. Gives how many are new.
    """
    planned = set(session.scalars(select(Comparison.entity_id).where(Comparison.day == day)))
    missing = _with_legs(session, [one for one in bodies if one not in planned])
    return len(session.execute(_ADD, [_row(one, now) | {"day": day} for one in missing]).all()) if missing else 0


def _with_legs(session: Session, bodies: Sequence[int]) -> Sequence[int]:
    """In one question: those without any are asked about again in every round of every worker until midnight."""
    has_any = exists().where(Delivery.destination_id == EntityRow.id)
    return session.scalars(select(EntityRow.id).where(EntityRow.id.in_(bodies), has_any).order_by(EntityRow.id)).all()


def _row(entity_id: int, now: datetime) -> dict[str, Any]:
    return {"entity_id": entity_id, "asked_at": now, "asked_by": "", "claimed_by": "", "code": "", "tries": 0,
            "equal": 0, "differing": 0, "cannot_tell": 0, "left_out": 0}  # fmt: skip


def ask(session: Session, entity_id: int, entity_code: str, by: str, now: datetime) -> Comparison:
    """Ask for a comparison now; flushed. One that waits already is the answer to the second who asks."""
    waiting = select(Comparison).where(
        Comparison.entity_id == entity_id, Comparison.finished_at.is_(None), Comparison.started_at.is_(None)
    )
    row = session.scalar(waiting.order_by(Comparison.id).limit(1))
    if row is None:
        row = Comparison(**_row(entity_id, now) | {"asked_by": by})
        session.add(row)
    trail.note(session, "comparison_asked", now, actor_id=trail.who(session, by), entity_code=entity_code)
    session.flush()
    return row


def claim(
    session: Session, worker: str, now: datetime, lease: timedelta, limit: int, only: Sequence[int] | None = None
) -> list[Comparison]:
    """Take comparisons that nobody works at, those that people wait for first; the caller commits.

    An institution is compared once at a time: who claims waits for who claims just now.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("comparisons", 0))))
    query = select(Comparison).where(Comparison.id.in_(_free(now, only)))
    query = query.order_by(Comparison.day.is_not(None), Comparison.id).limit(limit)
    rows = session.scalars(query.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.claimed_by, row.lease_until, row.started_at, row.tries = worker, now + lease, now, row.tries + 1
    return list(rows)


def _free(now: datetime, only: Sequence[int] | None) -> Select[int]:
    """One of each institution that nobody compares: what was begun and left comes first, then what people wait for."""
    held = aliased(Comparison)
    is_held = exists().where(
        held.entity_id == Comparison.entity_id, held.finished_at.is_(None), held.lease_until >= now
    )
    query = select(Comparison.id).ext(distinct_on(Comparison.entity_id))
    query = query.where(Comparison.finished_at.is_(None), ~is_held)
    if only is not None:
        query = query.where(Comparison.id.in_(only))
    was_begun = Comparison.started_at.is_not(None)
    return query.order_by(Comparison.entity_id, was_begun.desc(), Comparison.day.is_not(None), Comparison.id)


def reach(session: Session, run: Comparison, farthest: timedelta) -> datetime:
    """From when on what moved is compared: where the last comparison got to, and not farther back than `farthest`."""
    got_to = session.scalar(
        select(func.max(Comparison.until)).where(Comparison.entity_id == run.entity_id, Comparison.id != run.id)
    )
    now = run.started_at or run.asked_at
    return max(got_to - OVERLAP, now - farthest) if got_to else now - farthest


def keep(session: Session, run_id: int, worker: str, until: datetime) -> bool:
    """Go on holding a comparison; False where another worker took it over meanwhile. The caller commits."""
    row = session.get(Comparison, run_id, with_for_update=True, populate_existing=True)
    if row is None or row.finished_at is not None or row.claimed_by != worker:
        return False
    row.lease_until = until
    return True


def put_back(session: Session, run_id: int, worker: str) -> None:
    """Leave a comparison that was begun to whoever works next; it counts as no try. The caller commits."""
    row = session.get(Comparison, run_id, with_for_update=True, populate_existing=True)
    if row is not None and row.finished_at is None and row.claimed_by == worker:
        row.claimed_by, row.lease_until, row.started_at, row.tries = "", None, None, row.tries - 1


def newest(session: Session, entity_id: int) -> Comparison | None:
    """The last comparison with an institution that came to an end."""
    query = select(Comparison).where(Comparison.entity_id == entity_id, Comparison.finished_at.is_not(None))
    return session.scalar(query.order_by(Comparison.id.desc()).limit(1))


def waiting(session: Session, entity_id: int) -> bool:
    """True while one is asked for or under way."""
    query = select(Comparison.id).where(Comparison.entity_id == entity_id, Comparison.finished_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def newest_of_each(session: Session) -> dict[int, Comparison]:
    """The last comparison of every institution that came to an end, by its row."""
    query = select(Comparison).ext(distinct_on(Comparison.entity_id)).where(Comparison.finished_at.is_not(None))
    found = session.scalars(query.order_by(Comparison.entity_id, Comparison.id.desc()))
    return {row.entity_id: row for row in found}


def under_way(session: Session) -> frozenset[int]:
    """The rows of the institutions of which one is asked for or under way."""
    return frozenset(session.scalars(select(Comparison.entity_id).where(Comparison.finished_at.is_(None))))


def of_day(session: Session, start: datetime, end: datetime, body_id: int = 0) -> Sequence[Comparison]:
    """The comparisons that came to an end between two instants, the oldest first."""
    query = select(Comparison).where(Comparison.finished_at >= start, Comparison.finished_at < end)
    query = query.where(Comparison.entity_id == body_id) if body_id else query
    return session.scalars(query.order_by(Comparison.id)).all()
