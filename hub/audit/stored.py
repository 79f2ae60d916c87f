"""What is stored: documents and papers, as events name them and as their bytes are."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from hub.audit.findings import Finding, Tally, Terms, Touched
from hub.core.errors import DocumentMissing
from hub.storage import CHUNK, Store

_DOCUMENTS = text("""
    with chosen as (select distinct filing_id from ledger_leaves where batch_id >= :since), told as (
        select e.filing_id, one ->> 'sha256' as sha256, count(*) as times
        from events e join chosen using (filing_id), jsonb_array_elements(e.data -> 'documents') as one
        where jsonb_typeof(e.data -> 'documents') = 'array' and e.position is not null group by 1, 2
    ), kept as (
        select filing_id, sha256, count(*) as times from documents join chosen using (filing_id)
        where exists (
            select 1 from events e
            where e.filing_id = documents.filing_id and e.kind = 'presented' and e.data ? 'documents'
        ) group by 1, 2
    )
    select filing.filing_number, sha256, coalesce(told.times, 0) as told, coalesce(kept.times, 0) as kept
    from told full join kept using (filing_id, sha256) left join filings filing on filing.id = filing_id
    where told.times is distinct from kept.times order by filing.filing_number, sha256
""")
_PAPERS = text("""
    with chosen as (select distinct filing_id from ledger_leaves where batch_id >= :since), told as (
        select e.filing_id, e.data ->> 'sha256' as sha256, count(*) as times
        from events e join chosen using (filing_id)
        where e.kind = 'paper_made' and e.position is not null group by 1, 2
    ), kept as (
        select filing_id, sha256, count(*) as times from papers join chosen using (filing_id)
        where made_at >= coalesce((select min(at) from events where position is not null), 'infinity') group by 1, 2
    )
    select filing.filing_number, sha256, coalesce(told.times, 0) as told, coalesce(kept.times, 0) as kept
    from told full join kept using (filing_id, sha256) left join filings filing on filing.id = filing_id
    where told.times is distinct from kept.times order by filing.filing_number, sha256
""")
_STORED_DOCUMENTS = text("""
    with chosen as (select distinct filing_id from ledger_leaves where batch_id >= :since)
    select filing.filing_number, leg.cuo, one.sha256, one.object_key from documents one
    join filings filing on filing.id = one.filing_id left join deliveries leg on leg.id = one.delivery_id
    where :since <= 1 or one.filing_id in (select filing_id from chosen)
""")
_STORED_PAPERS = text("""
    with chosen as (select distinct filing_id from ledger_leaves where batch_id >= :since)
    select filing.filing_number, leg.cuo, one.sha256, one.object_key from papers one
    left join filings filing on filing.id = one.filing_id left join deliveries leg on leg.id = one.delivery_id
    where :since <= 1 or one.filing_id in (select filing_id from chosen)
""")


def check_named(session: Session, terms: Terms) -> Iterator[Finding]:
    """The rows of documents and papers are those that the events name, no fewer and no more."""
    for query, missing, added in (
        (_DOCUMENTS, Touched.DOCUMENT_MISSING, Touched.DOCUMENT_ADDED),
        (_PAPERS, Touched.PAPER_MISSING, Touched.PAPER_ADDED),
    ):
        for row in session.execute(query, {"since": terms.since}):
            touched = missing if row.told > row.kept else added
            yield Finding(touched, filing=row.filing_number or "", detail=row.sha256 or "")


def check_bytes(session: Session, store: Store, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """The bytes of every document and paper are those of its digest; streamed."""
    kinds = (
        (_STORED_DOCUMENTS, "documents", Touched.DOCUMENT_ALTERED, Touched.DOCUMENT_MISSING),
        (_STORED_PAPERS, "papers", Touched.PAPER_ALTERED, Touched.PAPER_MISSING),
    )
    for query, name, altered, missing in kinds:
        for row in _stream(session, query, terms):
            tally.counts[name] += 1
            digest = _digest(store, row.object_key)
            if digest != row.sha256:
                touched = missing if digest is None else altered
                yield Finding(touched, filing=row.filing_number or "", cuo=row.cuo or "", detail=row.sha256)


def _stream(session: Session, query: TextClause, terms: Terms) -> Any:
    return session.execute(query, {"since": terms.since}, execution_options={"yield_per": 500})


def _digest(store: Store, object_key: str) -> str | None:
    """SHA-256 of what is stored under a key; None where nothing is. Raises StorageFailure while the store is down."""
    try:
        with store.open(object_key) as stream:
            digest = hashlib.sha256()
            while piece := stream.read(CHUNK):
                digest.update(piece)
            return digest.hexdigest()
    except DocumentMissing:
        return None
