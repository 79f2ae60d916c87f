"""Where conformance is run in tests: a stand-in, an institution whose hub it is, and what the cases work with."""

from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

from adapters.conformance.ground import Ground
from adapters.conformance.hub_standin import StandIn
from adapters.conformance.strangers import a_stranger
from adapters.conformance.ways import WAYS
from tests.adapters.parcels import partner
from tests.fixtures.sandbox import HUB_RUC, Sandbox

CODES = {"rest": "igp", "soap": "senace"}
PACE = {"register_after": 0.05, "process_after": 0.05, "answer_after": -1, "retry_first": 0.1, "max_bytes": 300_000}


def clock():
    return datetime.now(UTC)


@contextmanager
def a_standin(keys):
    standin = StandIn(("127.0.0.1", 0), HUB_RUC, keys.trust, clock)
    try:
        yield standin
    finally:
        standin.close()


def ground_of(keys, standin, kind, url, **changes):
    """The ground for an institution of that kind at that address."""
    values = {
        "who": partner(CODES[kind], kind, url), "own_ruc": HUB_RUC, "signer": keys.hub_signer(),
        "token_signer": keys.hub_signer("token"), "stranger": a_stranger(clock()), "trust": keys.trust,
        "way": WAYS[kind](url, 3.0), "standin": standin, "clock": clock, "address": standin.url,
        "patience": 8.0, "timeout": 3.0, "max_bytes": PACE["max_bytes"],
    }  # fmt: skip
    return Ground(**values | changes)


@contextmanager
def a_sandbox(keys, kind, folder, **options):
    """A sandbox institution as a process, whose hub is a stand-in: (its ground)."""
    with a_standin(keys) as standin:
        institution = Sandbox(kind, CODES[kind], folder, keys, standin.url, options=PACE | options)
        try:
            yield ground_of(keys, standin, kind, institution.start().url)
        finally:
            institution.stop()


def said(report):
    """What a report says, for a failing test."""
    return SimpleNamespace(
        failed=report.failed, lines=[f"{one.case.number} {one.result}: {one.said}" for one in report.judged]
    )
