"""An institution set aside by a person: nothing goes to it until somebody says so. And a silent one, tried at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from hub import breaker, trail
from hub.core.directory import EntityRecord
from hub.core.errors import NeedsReason
from hub.delivery import held_row


def pause(session: Session, body: EntityRecord, reason: str, by: int, now: datetime) -> None:
    """Hold its queue from now on; flushed. A pause that lasts stays as it is. Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason()
    state = held_row(session, body.id)
    if state.paused_at is not None:
        return
    state.paused_at, state.paused_reason = now, reason.strip()
    trail.note(session, "institution_paused", now, actor_id=by, entity_code=body.code, reason=reason.strip())
    session.flush()


def resume(session: Session, body: EntityRecord, by: int, now: datetime) -> None:
    """Let its queue go, little at first; flushed. The time of the pause counts against no message. Again, nothing."""
    state = held_row(session, body.id)
    if state.paused_at is None:
        return
    state.open_seconds += (now - state.paused_at).total_seconds()
    if state.maintenance_until is None or state.maintenance_until <= now:
        state.open_seconds += state.window_seconds_until(now)
        state.maintenance_from = state.maintenance_until = now  # as after a window that ends now: it eases in
    trail.note(session, "institution_resumed", now, actor_id=by, entity_code=body.code, reason=state.paused_reason)
    state.paused_at, state.paused_reason = None, ""
    session.flush()


def try_now(session: Session, body: EntityRecord, by: int, now: datetime) -> None:
    """Where its breaker is open: let one message through at once, its oldest; flushed.

    Where it is not, nothing; nor while a pause or a window holds its queue, since nothing would go.
    """
    state = held_row(session, body.id)
    if state.open_until is None or state.open_until <= now or state.is_held(now):
        return
    state.open_until = now
    breaker.put_forward(session, body.id, now)
    trail.note(session, "institution_tried", now, actor_id=by, entity_code=body.code)
    session.flush()
