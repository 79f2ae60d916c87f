"""What an audit finds: the thing that was touched, by the numbers that a person knows it by."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from hub.core.services import TimeStamp

CheckToken = Callable[[bytes, bytes], TimeStamp]
"""(token, SHA-256 of the statement) -> what it says. Raises ContractError."""


class Touched(StrEnum):
    """What is not as it was sealed."""

    # the chain of roots
    BATCH_MISSING = "batch_missing"
    BATCH_ALTERED = "batch_altered"  # its columns say other than what is signed
    ROOT_SIGNATURE = "root_signature"
    CHAIN_BROKEN = "chain_broken"
    LEAVES_MISSING = "leaves_missing"
    ROOT_DIFFERS = "root_differs"  # its leaves do not lead to the signed root
    STAMP_ALTERED = "stamp_altered"
    # events
    EVENT_ALTERED = "event_altered"
    EVENT_MISSING = "event_missing"
    EVENT_ADDED = "event_added"  # neither sealed nor waiting
    EVENT_MOVED = "event_moved"  # not tied to the one before
    EVENTS_CUT = "events_cut"  # the last of a filing
    EVENT_UNSEALED = "event_unsealed"  # waits for longer than the sealer takes
    LEAF_ALTERED = "leaf_altered"
    # lines of the trail
    LINE_ALTERED = "line_altered"
    LINE_MISSING = "line_missing"
    LINE_ADDED = "line_added"
    LINE_UNSEALED = "line_unsealed"
    # filings
    FILING_MISSING = "filing_missing"
    FILING_ALTERED = "filing_altered"
    OBSERVATION_ALTERED = "observation_altered"
    # what events name by digest
    MESSAGE_ALTERED = "message_altered"
    MESSAGE_MISSING = "message_missing"
    SENT_ALTERED = "sent_altered"
    SENT_MISSING = "sent_missing"
    DOCUMENT_ALTERED = "document_altered"
    DOCUMENT_MISSING = "document_missing"
    DOCUMENT_ADDED = "document_added"
    PAPER_ALTERED = "paper_altered"
    PAPER_MISSING = "paper_missing"
    PAPER_ADDED = "paper_added"
    # against what was given out before
    TAIL_CUT = "tail_cut"
    PAST_REWRITTEN = "past_rewritten"
    OLD_EVENTS_CHANGED = "old_events_changed"
    SEEN_UNREADABLE = "seen_unreadable"


@dataclass(frozen=True)
class Finding:
    """One thing that was touched. What does not apply is empty; `detail` is a code, a digest or a column."""

    touched: Touched
    batch: int | None = None
    filing: str = ""
    cuo: str = ""
    position: int | None = None
    """Of the event in its filing, from 1."""
    event: int | None = None
    line: int | None = None
    """Of the trail, by its number."""
    kind: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Terms:
    """By what an audit judges. `authorities`: certificates (PEM) of which one issued the hub's; `hub`: its RUC."""

    hub: str
    authorities: Sequence[bytes]
    now: datetime
    check_token: CheckToken
    since: int = 1
    """The first batch to look at."""
    delay: timedelta = timedelta(minutes=10)
    """An event that waits for its leaf longer than this is told."""


@dataclass
class Tally:
    """What an audit has gone through."""

    counts: Counter[str] = field(default_factory=Counter)
    bad_batches: set[int] = field(default_factory=set)
    """Those whose leaves do not lead to their signed root."""
