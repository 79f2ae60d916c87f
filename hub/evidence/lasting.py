"""Messages whose signer's certificate is over by now: what proves that they were signed while it was good."""

from collections.abc import Sequence
from datetime import datetime

from hub.evidence.findings import Findings, Given
from hub.evidence.happened import Happened
from hub.evidence.layout import MESSAGES
from hub.evidence.rooted import Ledger
from hub.evidence.said import Kept, Pair, Route
from hub.wire.trusted import leaf_of


def check_lasting(
    messages: Sequence[Pair], events: Sequence[Happened], route: Route, ledger: Ledger, given: Given, found: Findings
) -> None:
    """A stamp over the event that names a message, older than the certificate's end, is such a proof."""
    ended = []
    for one, opened in messages:
        until = _until(opened.message.header.sender_ruc, opened.signer_fingerprint, route)
        if until is None or given.now <= until:
            continue
        at = _stamped_at(one, events, ledger)
        if at and at <= until:
            ended.append((until, at))
        else:
            found.missing("MESSAGE_SIGNER_EXPIRED", one.file, until=until)
    if ended:
        found.proven("MESSAGE_SIGNERS_WERE_VALID", MESSAGES, count=len(ended), until=min(ended)[0])


def _until(ruc: str, fingerprint: str, route: Route) -> datetime | None:
    leaves = (leaf_of(known.pem) for known in route.trust(ruc))
    return next((leaf.valid_until for leaf in leaves if leaf.fingerprint.hex() == fingerprint), None)


def _stamped_at(one: Kept, events: Sequence[Happened], ledger: Ledger) -> datetime | None:
    """Of the first event that names the message."""
    for event in events:
        is_named = one.sha256 in (event.raw, event.sent)
        stamp = ledger.covered.get(event.proof.batch) if is_named and event.proof else None
        if stamp:
            return stamp.at
    return None
