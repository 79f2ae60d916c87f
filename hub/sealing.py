"""Sealing: committed events that wait get their leaf, and each batch of leaves a signed root in the chain of roots.

What is taken is what stands in `unsealed`, never "ids above the last": an id that commits late is only sealed later.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from hub.core import merkle
from hub.core.chain import GENESIS
from hub.core.ports import Signer
from hub.core.roots import MAX_LEAVES, Root, root_from_json
from hub.core.services import TimeStamp
from hub.models import Batch, Stamp, StampTrouble, Unsealed
from hub.models.writing import table_of
from hub.wire.roots import payload_of, sign_root

LOCK = 7_306_002
"""The advisory lock of who seals: one at a time, and nobody waits for it."""
MAX_UNSTAMPED = 600
"""Batches between two stamps at most, so that the way from a leaf to a stamp stays short after a long silence."""
_TROUBLE = 1

_MINE = text("select pg_try_advisory_xact_lock(:lock)")
_LEAVES = text("""
    with taken as (delete from unsealed where event_id = any(:ids) returning event_id, event_at, filing_id, hash)
    insert into ledger_leaves (batch_id, position, event_id, event_at, filing_id, hash)
    select :batch, given.place - 1, taken.event_id, taken.event_at, taken.filing_id, taken.hash
    from taken join unnest(cast(:ids as bigint[])) with ordinality as given (id, place) on given.id = taken.event_id
""")


@dataclass(frozen=True)
class ToStamp:
    """A batch that wants a stamp: its id and the SHA-256 of its statement."""

    batch: int
    sha256: bytes


def seal_batch(session: Session, signer: Signer, hub: str, now: datetime, *, limit: int = MAX_LEAVES) -> int:
    """Seal the oldest waiting events, at most `limit`; the caller commits. Gives how many got their leaf.

    0 where nothing waits or another process is sealing. `hub` is the operator's RUC.
    """
    if not session.scalar(_MINE, {"lock": LOCK}):
        return 0
    waiting = table_of(Unsealed).c
    taken = session.execute(select(waiting.event_id, waiting.hash).order_by(waiting.event_id).limit(limit)).all()
    if not taken:
        return 0
    blocks = merkle.blocks([bytes(row.hash) for row in taken])
    statement = _statement(session, hub, len(taken), merkle.root_of_blocks(blocks), now)
    session.execute(table_of(Batch).insert(), _row(statement, sign_root(signer, statement), b"".join(blocks)))
    session.execute(_LEAVES, {"batch": statement.batch, "ids": [row.event_id for row in taken]})
    return len(taken)


def _statement(session: Session, hub: str, count: int, root: bytes, now: datetime) -> Root:
    before = session.scalar(select(Batch.jws).order_by(Batch.id.desc()).limit(1))
    last = root_from_json(payload_of(before)) if before else None
    return Root(
        hub=hub,
        batch=last.batch + 1 if last else 1,
        count=count,
        root=root,
        previous=last.digest if last else GENESIS,
        sealed_at=now,
    )


def _row(statement: Root, jws: str, blocks: bytes) -> dict[str, object]:
    return {
        "id": statement.batch,
        "sealed_at": statement.sealed_at,
        "count": statement.count,
        "root": statement.root,
        "previous": statement.previous,
        "blocks": blocks,
        "jws": jws,
    }


def batch_to_stamp(session: Session) -> ToStamp | None:
    """The newest batch, if no stamp covers it; after a long silence an older one first (MAX_UNSTAMPED)."""
    newest = session.scalar(select(func.max(Batch.id))) or 0
    stamped = session.scalar(select(func.max(Stamp.batch_id))) or 0
    if newest == stamped:
        return None
    wanted = min(newest, stamped + MAX_UNSTAMPED)
    jws = session.scalars(select(Batch.jws).where(Batch.id == wanted)).one()
    return ToStamp(wanted, root_from_json(payload_of(jws)).digest)


def keep_stamp(session: Session, wanted: ToStamp, stamp: TimeStamp, now: datetime) -> None:
    """Keep what the authority answered; it answers again. Flushed, not committed."""
    session.add(Stamp(batch_id=wanted.batch, stamped_at=stamp.at, authority=stamp.authority[:250], token=stamp.token))
    _trouble(session, None, "", now)


def keep_trouble(session: Session, code: str, now: datetime) -> None:
    """The authority did not answer a real request: since when stays what it was. Flushed, not committed."""
    _trouble(session, now, code, now)


def _trouble(session: Session, since: datetime | None, code: str, now: datetime) -> None:
    row = session.get(StampTrouble, _TROUBLE) or StampTrouble(id=_TROUBLE)
    row.failing_since = row.failing_since or since if since else None
    row.last_code, row.last_tried_at = code[:60], now
    session.add(row)
    session.flush()
