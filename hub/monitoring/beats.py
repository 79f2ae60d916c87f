"""Heartbeats: each worker says that it lives. Who is told to stop takes its row away; who is killed leaves it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def beat(session: Session, worker: str, now: datetime) -> None:
    """This worker lives; flushed."""
    row = insert(Heartbeat).values(worker=worker, started_at=now, beat_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["worker"], set_={"beat_at": now}))
    session.execute(delete(Heartbeat).where(Heartbeat.beat_at <= now - FORGOTTEN_AFTER))


def leave(session: Session, worker: str) -> None:
    """This worker stops; flushed."""
    session.execute(delete(Heartbeat).where(Heartbeat.worker == worker))


def last_beat(session: Session) -> datetime | None:
    """When a worker last said that it lives; None where none ever did."""
    return session.scalar(select(func.max(Heartbeat.beat_at)))


def beats(session: Session) -> Sequence[Heartbeat]:
    """Every worker that was not told to stop, the one heard of last first."""
    return session.scalars(select(Heartbeat).order_by(Heartbeat.beat_at.desc(), Heartbeat.worker)).all()
