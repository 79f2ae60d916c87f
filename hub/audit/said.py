"""What events name by digest: the messages of partners, the sealed messages of ours, who filed and what it was."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from hub.audit.findings import Finding, Tally, Terms, Touched
from hub.core.chain import commitment
from hub.models import FilerRow, Filing
from hub.registry import CONTENT_FIELDS, FILER_FIELDS

_NAMED = text("""
    select e.id, e.kind, e.position, filing.filing_number, leg.cuo from events e
    left join filings filing on filing.id = e.filing_id left join deliveries leg on leg.id = e.delivery_id
    where e.raw_digest = :digest order by e.id
""")
_UNKEPT = text("""
    select e.id, e.kind, e.position, e.raw_digest, filing.filing_number, leg.cuo from events e
    left join filings filing on filing.id = e.filing_id left join deliveries leg on leg.id = e.delivery_id
    where e.raw_digest <> '' and not exists (select 1 from raw_messages where digest = e.raw_digest) and (
        :since <= 1 or exists (select 1 from ledger_leaves where event_id = e.id and batch_id >= :since)
    )
    order by e.id
""")
_SENT = text("""
    select e.id, e.kind, e.position, e.data ->> 'message_digest' as digest, filing.filing_number, leg.cuo,
        message.sealed
    from events e left join filings filing on filing.id = e.filing_id
    left join deliveries leg on leg.id = e.delivery_id
    left join outbound_messages message on message.once = 'sobre:' || leg.cuo
    where e.kind = 'handed_out' and (
        :since <= 1 or exists (select 1 from ledger_leaves where event_id = e.id and batch_id >= :since)
    )
    order by e.id
""")
_PRESENTED = text("""
    select e.id, e.kind, e.position, e.filing_id, e.data, e.at from events e
    where e.kind = 'presented' and e.data ? 'filer_commitment' and (
        :since <= 1 or exists (select 1 from ledger_leaves where event_id = e.id and batch_id >= :since)
    ) order by e.id
""").columns(data=JSONB)
_RAW = text("""
    select digest, body from raw_messages
    where :since <= 1 or kept_at >= (select sealed_at - interval '1 day' from ledger_batches where id = :since)
""")
CHUNK = 500
_WHAT = select(
    Filing.id, Filing.filing_number, Filing.salt, Filing.presented_at, Filing.considered_on, Filing.rule_applied,
    *(getattr(Filing, name).label(f"filing_{name}") for name in CONTENT_FIELDS),
    *(getattr(FilerRow, name).label(f"filer_{name}") for name in FILER_FIELDS),
).join(FilerRow, FilerRow.id == Filing.filer_id)  # fmt: skip


def check_messages(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """Every message of a partner still has its digest, and every event that names one still has it."""
    since = {"since": terms.since}
    for row in session.execute(_RAW, since, execution_options={"yield_per": 200}):
        tally.counts["messages"] += 1
        if hashlib.sha256(row.body).hexdigest() != row.digest:
            named = session.execute(_NAMED, {"digest": row.digest}).all()
            yield from (_of(Touched.MESSAGE_ALTERED, one, row.digest) for one in named)
            if not named:
                yield Finding(Touched.MESSAGE_ALTERED, detail=row.digest)
    for row in session.execute(_UNKEPT, since):
        yield _of(Touched.MESSAGE_MISSING, row, row.raw_digest)


def check_sent(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """Every signed message that left the house is kept as it left."""
    for row in session.execute(_SENT, {"since": terms.since}, execution_options={"yield_per": 200}):
        tally.counts["sent"] += 1
        if row.sealed is None:
            yield _of(Touched.SENT_MISSING, row, row.digest)
        elif hashlib.sha256(row.sealed).hexdigest() != row.digest:
            yield _of(Touched.SENT_ALTERED, row, row.digest)


def check_filings(session: Session, terms: Terms, tally: Tally) -> Iterator[Finding]:
    """Who filed, what it was and when still stand as the event of the presentation commits to."""
    rows = session.execute(_PRESENTED, {"since": terms.since}, execution_options={"yield_per": CHUNK})
    for chunk in rows.partitions():
        ids = [row.filing_id for row in chunk]
        known = {filing.id: filing for filing in session.execute(_WHAT.where(Filing.id.in_(ids)))}
        for row in chunk:
            tally.counts["filings"] += 1
            if row.filing_id in known:  # one that is gone is told by its events
                yield from _check_filing(known[row.filing_id], row)


def _check_filing(filing: Any, row: Any) -> Iterator[Finding]:
    content = {name: getattr(filing, f"filing_{name}") for name in CONTENT_FIELDS}
    person = {name: getattr(filing, f"filer_{name}") for name in FILER_FIELDS}
    checks = (
        ("filer", commitment(filing.salt, person) == row.data["filer_commitment"]),
        ("content", commitment(filing.salt, content) == row.data["content_commitment"]),
        ("presented_at", filing.presented_at == row.at),
        ("considered_on", filing.considered_on.isoformat() == row.data.get("considered_on")),  # never counted anew
        ("rule_applied", filing.rule_applied == row.data.get("rule")),
    )
    for part, is_same in checks:
        if not is_same:
            yield Finding(
                Touched.FILING_ALTERED, filing=filing.filing_number, position=row.position, event=row.id,
                kind=row.kind, detail=part,
            )  # fmt: skip


def _of(touched: Touched, row: Any, digest: str) -> Finding:
    return Finding(
        touched, filing=row.filing_number or "", cuo=row.cuo or "", position=row.position, event=row.id,
        kind=row.kind, detail=digest or "",
    )  # fmt: skip
