"""Windows of maintenance: an institution announces when it will not answer; its queue is held, and let go smoothly."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from hub import trail
from hub.core.directory import EntityRecord
from hub.core.errors import InvalidFiling, NeedsReason, Problem
from hub.delivery import held_row

LONGEST: Final = timedelta(days=2)
"""Whoever waits for longer than that should be told, and a person decide."""


def announce(
    session: Session, body: EntityRecord, since: datetime | None, until: datetime | None, reason: str, by: int,
    now: datetime,
) -> None:  # fmt: skip
    """Write down a window, in the place of the one before; flushed. Raises InvalidFiling, NeedsReason."""
    if since is None or until is None:
        raise InvalidFiling([Problem("since" if since is None else "until", "INSTANT_INVALID")])
    if not max(since, now) < until or until - since > LONGEST:
        raise InvalidFiling([Problem("until", "WINDOW_INVALID")])
    if not reason.strip():
        raise NeedsReason()
    state = held_row(session, body.id)
    state.open_seconds += state.window_seconds_until(now)  # of the one before, which is forgotten
    state.maintenance_from, state.maintenance_until, state.maintenance_reason = since, until, reason.strip()
    trail.note(session, "window_announced", now, actor_id=by, entity_code=body.code,
               since=since.isoformat(), until=until.isoformat(), reason=reason.strip())  # fmt: skip
    session.flush()


def end(session: Session, body: EntityRecord, by: int, now: datetime) -> None:
    """The window is over, or will not be; flushed. Its queue goes again, little at first. Again, it does nothing."""
    state = held_row(session, body.id)
    if state.maintenance_until is None or state.maintenance_until <= now:
        return
    if state.maintenance_from is not None and state.maintenance_from > now:
        state.maintenance_from = state.maintenance_until = None  # it never began: nothing to ease in
    else:
        state.maintenance_until = now
    trail.note(session, "window_ended", now, actor_id=by, entity_code=body.code, reason=state.maintenance_reason)
    session.flush()
