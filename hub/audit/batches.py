"""The chain of roots: every batch there, signed by the hub, tied to the one before, its leaves leading to its root."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import LargeBinary, Row, select, text
from sqlalchemy.orm import Session

from hub.audit.findings import Finding, Tally, Terms, Touched
from hub.core import merkle
from hub.core.chain import GENESIS
from hub.core.errors import ContractError
from hub.core.roots import Root, root_from_json
from hub.models import Batch, Stamp
from hub.models.writing import table_of
from hub.wire.roots import open_root, payload_of

_BATCHES = text("""
    select batch.id, batch.sealed_at, batch.count as size, batch.root, batch.previous, batch.blocks, batch.jws,
        held.places, held.hashes
    from ledger_batches batch left join lateral (
        select array_agg(position order by position) as places, string_agg(hash, ''::bytea order by position) as hashes
        from ledger_leaves where batch_id = batch.id
    ) held on true
    where batch.id >= :since order by batch.id
""").columns(root=LargeBinary, previous=LargeBinary, blocks=LargeBinary, hashes=LargeBinary)


def check_batches(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """Go through the batches from `terms.since` on, oldest first."""
    expected, before = terms.since, _digest_before(session, terms.since)
    for row in session.execute(_BATCHES, {"since": terms.since}, execution_options={"yield_per": 50}):
        tally.counts["batches"] += 1
        for missing in range(expected, row.id):
            yield Finding(Touched.BATCH_MISSING, batch=missing)
        is_first_after_gap = row.id != expected
        expected = row.id + 1
        signed = _signed(row, terms)
        statement = signed if isinstance(signed, Root) else None
        if isinstance(signed, Finding):
            tally.bad_batches.add(row.id)
            yield signed
        elif not is_first_after_gap and before is not None and signed.previous != before:
            yield Finding(Touched.CHAIN_BROKEN, batch=row.id)
        before = statement.digest if statement else _digest_of(row.jws)
        yield from _check_row(row, statement, tally)


def _digest_before(session: Session, since: int) -> bytes | None:
    """SHA-256 of the statement before batch `since`; None where there is none to compare with."""
    if since <= 1:
        return GENESIS
    jws = session.scalar(select(Batch.jws).where(Batch.id == since - 1))
    return _digest_of(jws) if jws else None


def _digest_of(jws: str) -> bytes | None:
    try:
        return root_from_json(payload_of(jws)).digest
    except (ContractError, ValueError):
        return None  # told where it stands


def _signed(row: Row[Any], terms: Terms) -> Root | Finding:
    try:
        statement = open_root(row.jws, terms.authorities, hub=terms.hub)
    except ContractError as error:
        return Finding(Touched.ROOT_SIGNATURE, batch=row.id, detail=error.code)
    if statement.batch != row.id:
        return Finding(Touched.BATCH_ALTERED, batch=row.id, detail="id")
    return statement


def _check_row(row: Row[Any], statement: Root | None, tally: Tally) -> Iterator[Finding]:
    """The columns and the leaves of a batch against what is signed; against its columns where nothing signed holds."""
    if statement is not None:
        kept = {"sealed_at": row.sealed_at, "count": row.size, "root": row.root, "previous": row.previous}
        for column, value in kept.items():
            if value != getattr(statement, column):
                yield Finding(Touched.BATCH_ALTERED, batch=row.id, detail=column)
    count = statement.count if statement else int(row.size)
    root = statement.root if statement else bytes(row.root)
    places, hashes = row.places or [], bytes(row.hashes or b"")
    tally.counts["leaves"] += len(places)
    if places != list(range(count)):
        missing = sorted(set(range(count)) ^ set(places))
        tally.bad_batches.add(row.id)
        yield Finding(Touched.LEAVES_MISSING, batch=row.id, detail=", ".join(str(one + 1) for one in missing[:20]))
        return
    blocks = merkle.blocks([hashes[at : at + 32] for at in range(0, len(hashes), 32)])
    if not blocks or merkle.root_of_blocks(blocks) != root:
        tally.bad_batches.add(row.id)
        yield Finding(Touched.ROOT_DIFFERS, batch=row.id)
    elif b"".join(blocks) != row.blocks:
        yield Finding(Touched.BATCH_ALTERED, batch=row.id, detail="blocks")


def check_stamps(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """Every stamp is over the statement of its batch, by the authority, and says what its row says."""
    stamp = table_of(Stamp).c
    query = select(stamp.batch_id, stamp.stamped_at, stamp.authority, stamp.token, Batch.jws)
    query = query.outerjoin(Batch, Batch.id == stamp.batch_id).where(stamp.batch_id >= terms.since).order_by(stamp.id)
    for row in session.execute(query, execution_options={"yield_per": 200}):
        tally.counts["stamps"] += 1
        digest = _digest_of(row.jws) if row.jws else None
        if digest is None:
            continue  # its batch is told
        try:
            said = terms.check_token(bytes(row.token), digest)
        except ContractError as error:
            yield Finding(Touched.STAMP_ALTERED, batch=row.batch_id, detail=error.code)
            continue
        if (said.at, said.authority[:250]) != (row.stamped_at, row.authority):
            yield Finding(Touched.STAMP_ALTERED, batch=row.batch_id, detail="stamped_at")
