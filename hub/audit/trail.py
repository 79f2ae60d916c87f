"""The trail: each line says what was sealed, and has its leaf; a leaf without its line tells of one that is gone."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import LargeBinary, Row, text
from sqlalchemy.orm import Session

from hub.audit.findings import Finding, Tally, Terms, Touched
from hub.core.chain import instant

_LINES = text("""
    select line.id, line.at, line.actor_id, line.entity_code, line.kind, line.about_user_id, line.number,
        line.data::text as data, leaf.batch_id, coalesce(leaf.hash, waits.hash) as sealed,
        coalesce(leaf.event_at, waits.event_at) as sealed_at, waits.event_at as waits_since
    from audit_entries line
    left join ledger_leaves leaf on leaf.event_id = -line.id
    left join unsealed waits on waits.event_id = -line.id
    where leaf.batch_id is null or leaf.batch_id >= :since order by line.id
""").columns(sealed=LargeBinary)
_ORPHANS = text("""
    select batch_id, event_id, event_at from ledger_leaves leaf
    where batch_id >= :since and event_id < 0 and not exists (select 1 from audit_entries where id = -leaf.event_id)
    union all
    select null, event_id, event_at from unsealed waits
    where event_id < 0 and not exists (select 1 from audit_entries where id = -waits.event_id)
    order by event_id desc
""")


def digest_of(row: Any) -> bytes:
    """SHA-256 of a line as it is sealed: the text of a JSON array, as PostgreSQL writes it (migration 0053).

    `row.data` is the text of its JSON, as the database gives it.
    """
    said = (row.id, instant(row.at), row.actor_id, row.entity_code, row.kind, row.about_user_id, row.number)
    parts = [json.dumps(one, ensure_ascii=False) for one in said]
    return hashlib.sha256(f"[{', '.join([*parts, row.data])}]".encode()).digest()


def check_trail(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """Go through the lines of the trail, oldest first."""
    for row in session.execute(_LINES, {"since": terms.since}, execution_options={"yield_per": 2000}):
        tally.counts["lines"] += 1
        yield from _check(row, terms)
    for row in session.execute(_ORPHANS, {"since": terms.since}):
        yield Finding(Touched.LINE_MISSING, batch=row.batch_id, line=-row.event_id, detail=instant(row.event_at))


def _check(row: Row[Any], terms: Terms) -> Iterator[Finding]:
    where = {"batch": row.batch_id, "line": row.id, "kind": row.kind}
    if row.sealed is None:
        yield Finding(Touched.LINE_ADDED, **where)
    elif bytes(row.sealed) != digest_of(row) or row.sealed_at != row.at:
        yield Finding(Touched.LINE_ALTERED, **where)
    elif row.batch_id is None and terms.now - row.waits_since > terms.delay:
        yield Finding(Touched.LINE_UNSEALED, **where)
