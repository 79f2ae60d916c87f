"""The events: each says what was hashed, is tied to the one before in its filing, and has its leaf."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import LargeBinary, Row, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from hub.audit.findings import Finding, Tally, Terms, Touched
from hub.core.chain import GENESIS, Told, link
from hub.models import Event

_EVENTS = text("""
    select e.id, e.at, e.happened_at, e.filing_id, e.delivery_id, e.kind, e.author, e.said_by, e.data, e.raw_digest,
        e.content_digest, e.position, e.previous, e.hash,
        filing.filing_number, leg.cuo, leg.filing_id as leg_filing_id,
        leaf.batch_id, leaf.hash as leaf_hash, leaf.event_at as leaf_at, leaf.filing_id as leaf_filing_id,
        waits.event_at as waits_since, waits.hash as waits_hash
    from events e
    left join filings filing on filing.id = e.filing_id
    left join deliveries leg on leg.id = e.delivery_id
    left join ledger_leaves leaf on leaf.event_id = e.id
    left join unsealed waits on waits.event_id = e.id
    where leaf.batch_id is null or leaf.batch_id >= :since
    order by e.filing_id, e.position nulls first, e.id
""").columns(
    data=JSONB, content_digest=LargeBinary, previous=LargeBinary, hash=LargeBinary, leaf_hash=LargeBinary,
    waits_hash=LargeBinary,
)  # fmt: skip
_HEADS = text("""
    select head.filing_id, head.count as events, head.hash, last.position, last.hash as last_hash, filing.filing_number
    from event_heads head
    left join filings filing on filing.id = head.filing_id
    left join lateral (
        select position, hash from events where filing_id = head.filing_id and position is not null
        order by position desc limit 1
    ) last on true
    where last.position is distinct from head.count or last.hash is distinct from head.hash
""")
_ORPHANS = text("""
    select leaf.batch_id, leaf.position, leaf.event_id, filing.filing_number from ledger_leaves leaf
    left join filings filing on filing.id = leaf.filing_id
    where leaf.batch_id >= :since and leaf.event_id > 0
        and not exists (select 1 from events where events.id = leaf.event_id)
    order by leaf.event_id
""")


@dataclass
class _Walk:
    """Where the walk over the events of one filing stands."""

    filing_id: int = 0
    position: int = 0
    hashes: tuple[bytes, ...] = (GENESIS,)
    """Of the event before: as its row and as its leaf say. Empty where it was not seen (only the newest batches)."""

    def enter(self, filing_id: int, *, is_whole: bool) -> None:
        self.filing_id, self.position, self.hashes = filing_id, 0, (GENESIS,) if is_whole else ()


def check_events(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """Go through the events, filing by filing in the order in which they were told."""
    first_chained = session.scalar(select(func.min(Event.id)).where(Event.position.is_not(None)))
    walk, is_whole = _Walk(), terms.since <= 1
    for row in session.execute(_EVENTS, {"since": terms.since}, execution_options={"yield_per": 2000}):
        if row.position is None and row.content_digest == b"" and row.hash is None and row.batch_id is None:
            tally.counts["old_events"] += 1
            if first_chained is not None and row.id > first_chained:
                yield _of(Touched.EVENT_ADDED, row)
            continue
        tally.counts["events"] += 1
        if row.filing_id != walk.filing_id:
            walk.enter(row.filing_id, is_whole=is_whole)
        yield from _check_event(row, walk, terms, tally)
    for row in session.execute(_ORPHANS, {"since": terms.since}):
        yield Finding(
            Touched.EVENT_MISSING, batch=row.batch_id, filing=row.filing_number or "", event=row.event_id, detail="leaf"
        )
    for row in session.execute(_HEADS) if is_whole else ():
        yield Finding(Touched.EVENTS_CUT, filing=row.filing_number or "", position=row.events)


def _check_event(row: Row[Any], walk: _Walk, terms: Terms, tally: Tally) -> Iterator[Finding]:
    if row.filing_number is None:
        yield _of(Touched.FILING_MISSING, row, detail=str(row.filing_id))
    elif column := _altered(row):
        yield _of(Touched.EVENT_ALTERED, row, detail=column)
    yield from _check_place(row, walk)
    yield from _check_leaf(row, terms, tally)


def _altered(row: Row[Any]) -> str:
    """Which of its hashes does not follow from what stands in the row; empty for an event as it was told."""
    if row.delivery_id is not None and row.leg_filing_id != row.filing_id:
        return "delivery_id"
    told = Told(
        row.at, row.happened_at, row.filing_number, row.cuo or "", row.kind, row.author, row.said_by, row.data,
        row.raw_digest,
    )  # fmt: skip
    if told.digest != row.content_digest:
        return "content"
    if row.position is None or row.previous is None or row.hash is None or not 1 <= row.position < 2**31:
        return "position"
    return "" if link(bytes(row.previous), row.position, bytes(row.content_digest)) == row.hash else "hash"


def _check_place(row: Row[Any], walk: _Walk) -> Iterator[Finding]:
    """Its place among the events of its filing: the next one, and tied to the one before."""
    position = row.position or 0
    if not walk.hashes:  # the first one seen of a filing whose beginning is not looked at
        walk.position = position - 1
    for missing in range(walk.position + 1, min(position, walk.position + 1000)):
        yield _of(Touched.EVENT_MISSING, row, position=missing, event=None, kind="", batch=None)
    is_next = position == walk.position + 1
    if position <= walk.position or (is_next and walk.hashes and row.previous not in walk.hashes):
        yield _of(Touched.EVENT_MOVED, row)
    walk.position = max(position, walk.position)
    walk.hashes = tuple(bytes(one) for one in (row.hash, row.leaf_hash) if one) or (b"",)


def _check_leaf(row: Row[Any], terms: Terms, tally: Tally) -> Iterator[Finding]:
    if row.batch_id is not None:
        if (row.leaf_hash, row.leaf_at, row.leaf_filing_id) != (row.hash, row.at, row.filing_id):
            is_leaf = (row.batch_id in tally.bad_batches or row.leaf_hash == row.hash) and not _altered(row)
            yield _of(Touched.LEAF_ALTERED if is_leaf else Touched.EVENT_ALTERED, row, detail="leaf")
    elif row.waits_since is None or row.waits_hash != row.hash:
        yield _of(Touched.EVENT_ADDED, row)
    elif _age(row, terms) > terms.delay:
        yield _of(Touched.EVENT_UNSEALED, row)


def _age(row: Row[Any], terms: Terms) -> timedelta:
    age: timedelta = terms.now - row.waits_since
    return age


def _of(touched: Touched, row: Row[Any], **changes: Any) -> Finding:
    said = {
        "batch": row.batch_id,
        "filing": row.filing_number or "",
        "cuo": row.cuo or "",
        "position": row.position,
        "event": row.id,
        "kind": row.kind,
    }
    return Finding(touched, **{**said, **changes})
