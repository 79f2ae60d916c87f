"""Where conformance is run in tests: a stand-in, an institution whose hub it is, and what the cases work with."""

from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.conformance.ground import Ground
from adapters.conformance.hub_standin import StandIn
from adapters.conformance.ways import WAYS
from hub.wire.authority import issue, make_authority
from hub.wire.keys import FileSigner
from tests.adapters.parcels import partner
from tests.fixtures.sandbox import HUB_RUC, RUCS, Sandbox

CODES = {"rest": "igp", "soap": "senace"}
PACE = {"register_after": 0.05, "process_after": 0.05, "answer_after": -1, "retry_first": 0.1, "max_bytes": 300_000}


def clock():
    return datetime.now(UTC)


def a_stranger():
    """A signer whose certificate is good, of a body that is not the hub."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = make_authority(ec.generate_private_key(ec.SECP256R1()), clock())
    certificate = issue(authority, key.public_key(), RUCS["oefa"], "Otra entidad", clock())
    return FileSigner(key, certificate.public_bytes(Encoding.PEM))


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
        "who": partner(CODES[kind], kind, url), "hub_ruc": HUB_RUC, "signer": keys.hub_signer(),
        "token_signer": keys.hub_signer("token"), "stranger": a_stranger(), "trust": keys.trust,
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
