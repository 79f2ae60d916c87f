"""Verifying a bundle, offline: what it proves, by whom, when, and what is missing. Core and wire only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from hub.core.errors import ContractError
from hub.evidence.chained import check_events, check_waiting
from hub.evidence.container import MAX_TOTAL, Container, ContainerFault, open_container
from hub.evidence.filed import check_documents, check_filing, check_papers, check_sobres
from hub.evidence.findings import Finding, Findings, Given, Report
from hub.evidence.happened import MAX_EVENTS, Happened, read_events
from hub.evidence.known import route_of
from hub.evidence.lasting import check_lasting
from hub.evidence.layout import EVENTS, FILING, FORMAT, MESSAGES
from hub.evidence.rooted import Ledger, check_ledger, check_seen, check_whole
from hub.evidence.said import check_messages
from hub.evidence.sealed import Trusted, check_seal

MAX_SEGMENTS = 10_000
_ODD = (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, ContractError)


def verify(stream: BinaryIO, given: Given, *, max_total: int = MAX_TOTAL) -> Report:
    """Check a bundle in a seekable binary file; nothing is written anywhere. Never raises for what a file holds.

    `max_total`: bytes that its files may hold unpacked. Opening costs memory for its lists, not for its documents.
    """
    found = Findings()
    try:
        bundle = open_container(stream, max_total=max_total)
    except ContainerFault as error:
        found.false(error.code, error.detail)
        return Report("", tuple(found.every), is_open=False)
    number = _Verification(bundle, given, found).run()
    return Report(number, _once(found.every))


class _Verification:
    """One bundle being checked. A part that cannot be read is named, and the others are checked all the same."""

    def __init__(self, bundle: Container, given: Given, found: Findings) -> None:
        self.bundle, self.given, self.found = bundle, given, found
        self.trusted = Trusted(given.ca or b"", "")
        self.ledger = Ledger()
        self.events: Sequence[Happened] | None = None
        self.filing: dict[str, Any] = {}

    def run(self) -> str:
        self._step("", self._seal)
        self._step(FILING, self._read_filing)
        self._step("", self._ledger)
        self._step(EVENTS, self._events)
        if self.filing and self.events is not None:
            self._step(MESSAGES, partial(self._messages, self.events))
            self._step(FILING, partial(self._filed, self.events))
        number = self.filing.get("numero", "")
        return number if isinstance(number, str) else ""

    def _step(self, about: str, step: Callable[[], None]) -> None:
        try:
            step()
        except ContainerFault as error:
            self.found.false(error.code, error.detail)
        except _ODD as error:
            self.found.false("JSON_MALFORMED", about, detail=type(error).__name__)

    def _seal(self) -> None:
        self.trusted = check_seal(self.bundle, self.given, self.found)

    def _read_filing(self) -> None:
        filing = self.bundle.json(FILING)
        if filing["formato"] != FORMAT or not isinstance(filing["eventos"], int) or filing["eventos"] > MAX_EVENTS:
            raise ContainerFault(FILING, code="FORMAT_UNKNOWN")
        self.filing = filing

    def _ledger(self) -> None:
        self.ledger = check_ledger(self.bundle, self.trusted, self.given, self.found)
        if not self.filing:
            return
        segments = [(int(first), int(last)) for first, last in self.filing["libro"][:MAX_SEGMENTS]]
        check_whole(segments, self.ledger, self.found)
        made_at = datetime.fromisoformat(self.filing["hecho"])
        check_seen(self.ledger, made_at, self.trusted, self.given, self.found)

    def _events(self) -> None:
        events = read_events(self.bundle)
        count, number = self.filing.get("eventos", len(events)), self.filing.get("numero")
        check_events(events, self.ledger, count, number or str(events[0].told["filing"]), self.found)
        self.events = events

    def _messages(self, events: Sequence[Happened]) -> None:
        route = route_of(self.bundle, self.filing, self.trusted, self.found)
        messages = check_messages(self.bundle, events, route, self.found)
        check_sobres(self.filing, messages, self.found)
        check_lasting(messages, events, route, self.ledger, self.given, self.found)

    def _filed(self, events: Sequence[Happened]) -> None:
        check_filing(self.filing, events, self.found)
        check_documents(self.bundle, self.filing["documentos"], events, self.found)
        check_papers(self.bundle, self.filing["papeles"], events, self.found)
        check_waiting(events, datetime.fromisoformat(self.filing["hecho"]), self.found)
        before = self.filing.get("eventos_anteriores", 0)
        if before:
            self.found.missing("EVENTS_BEFORE_LEDGER", EVENTS, count=before)


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once: two checks may stumble over the same file."""
    kept: dict[tuple[str, str], Finding] = {}
    for one in findings:
        kept.setdefault((one.code, one.about + str(one.values.get("batch", one.values.get("position", "")))), one)
    return tuple(kept.values())
