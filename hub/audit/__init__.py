"""The audit of the ledger: everything that was sealed, computed again and compared; what was touched is named.

Everything is read in one snapshot of the database, so that who files meanwhile changes nothing of it.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from sqlalchemy.orm import Session

from hub.audit.batches import check_batches, check_stamps
from hub.audit.events import check_events
from hub.audit.findings import CheckToken, Finding, Tally, Terms, Touched
from hub.audit.observed import check_observations
from hub.audit.said import check_filings, check_messages, check_sent
from hub.audit.seen import Seen, balance, check_seen, read_seen
from hub.audit.stored import check_bytes, check_named
from hub.audit.trail import check_trail
from hub.storage import Store

__all__ = ["SNAPSHOT", "CheckToken", "Finding", "Seen", "Tally", "Terms", "Touched", "audit", "balance", "read_seen"]

SNAPSHOT = {"isolation_level": "REPEATABLE READ"}
"""Execution options of the engine that an audit reads with."""

_Check = Callable[[Session, Terms, Tally], Iterator[Finding]]
_CHECKS: tuple[_Check, ...] = (
    check_batches, check_stamps, check_events, check_messages, check_sent, check_filings, check_observations,
    check_trail,
)  # fmt: skip


def audit(
    session: Session, terms: Terms, tally: Tally, *, store: Store | None, seen: Sequence[Seen] = ()
) -> Iterator[Finding]:
    """Go through everything, naming what was touched; `tally` fills as it goes. Without `store` no file is read.

    Reads only. The session's transactions are to be REPEATABLE READ (`SNAPSHOT`), so that all is of one instant.
    """
    yield from chain.from_iterable(check(session, terms, tally) for check in _CHECKS)
    yield from check_named(session, terms)
    if store is not None:
        yield from check_bytes(session, store, terms, tally)
    yield from check_seen(session, terms, seen)
