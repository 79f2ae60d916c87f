"""The stream that tells an open dashboard that something changed: the page then asks for itself again.

Few at a time and not for long: a thread of the web serves each. Who finds no room asks again later.
"""

import hashlib
import threading
import time

from flask import Response, request
from sqlalchemy import text

from hub.extensions import db, services
from hub.guards import roles
from hub.web.dashboard.asking import bp
from hub.web.people import OVER_SECTOR

AT_ONCE = 2
"""Streams of one process; it has eight threads."""
EVERY = 5.0
"""Seconds between two looks."""
_room = threading.BoundedSemaphore(AT_ONCE)
# The figures themselves and not when they were counted: they are counted again every few seconds, mostly the same.
_PULSE = text("""
    select concat_ws('/',
        (select count(*) from board_spans where start > now() - interval '90 days'),
        (select concat_ws(' ', sum(filings), sum(handed_over), sum(within_day), sum(registered), max(last_cargo_at))
            from board_flows where start > now() - interval '2 hours'),
        (select count(*) from (select from deliveries where status in ('queued', 'sending', 'failed') limit 50000) a),
        (select count(*) from (select from deliveries where status = 'refused' limit 50000) b),
        (select max(note_id) from attended_needs),
        (select count(*) from outbound_messages where status = 'dead'),
        (select count(*) from differences where closed_at is null and explained_at is null),
        (select string_agg(
            concat_ws(' ', entity_id, failures_in_a_row > 1, opened_at, open_until > now(), paused_at,
                maintenance_until, maintenance_from <= now() and maintenance_until > now()), ','
            order by entity_id) from institution_states))
""")


@bp.get("/vivo")
@roles(*OVER_SECTOR)
def stream():
    if not _room.acquire(blocking=False):
        return Response(status=503, headers={"Retry-After": "30"})
    known = request.headers.get("Last-Event-ID", "")
    answer = Response(_beats(db.engine, services().settings.board_stream, known), mimetype="text/event-stream")
    answer.call_on_close(_room.release)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _beats(engine, life, known):
    """An event whenever something changed since `known`, the mark of the last one that the browser had of any stream.

    A comment meanwhile, so that a line that was cut is noticed.
    """
    yield f"retry: {int(1000 * min(EVERY, life))}\n\n"
    until = time.monotonic() + life
    while time.monotonic() < until:
        mark = _mark(engine)
        kind = "cambio" if known else "estado"
        yield f"id: {mark}\nevent: {kind}\ndata: {mark}\n\n" if mark != known else ": sigue\n\n"
        known = mark
        time.sleep(min(EVERY, max(0.0, until - time.monotonic())))


def _mark(engine):
    """What changes when the screen would; on a connection that is given back at once."""
    with engine.connect() as connection:
        pulse = connection.execute(_PULSE).scalar() or ""
    return hashlib.sha256(pulse.encode()).hexdigest()[:16]
