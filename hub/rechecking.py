"""Checking again, there and then, the signatures of everything that a leg sent and was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hub.board import RouteStory
from hub.core.directory import Directory
from hub.core.errors import ContractError
from hub.core.ports import Trust, TrustedCertificate
from hub.models import InboundMessage
from hub.wire.seal import open_sealed

SIGNED = ("rest", "soap", "pull", "asked")
"""Ways whose messages are signed; the national contract's are not."""
_LONG_AGO, _FAR = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Checked:
    """One signed message: which, when it came or left, by whose certificate; `code` says why it does not hold."""

    kind: str
    at: datetime
    fingerprint: str = ""
    code: str = ""


def recheck(story: RouteStory, directory: Directory, own_certificate: bytes) -> tuple[Checked, ...]:
    """Check the kept bytes of a leg as they were checked when they came: by the certificates of that instant.

    `own_certificate`: PEM of the key with which the hub seals.
    """
    found = [_inbound(directory, row, raw) for row, raw in story.inbound if row.channel in SIGNED]
    message, leg = story.message, story.row.delivery
    if message is not None and message.sealed is not None:
        own = (TrustedCertificate(own_certificate, _LONG_AGO, _FAR),)
        at = leg.handed_out_at or message.created_at
        ruc = story.row.destination.ruc
        found.insert(0, _checked("sobre", at, message.sealed, lambda _: own, ruc))
    return tuple(found)


def _inbound(directory: Directory, row: InboundMessage, raw: bytes) -> Checked:
    return _checked(row.kind, row.received_at, raw, directory.trust, directory.operator.ruc)


def _checked(kind: str, at: datetime, raw: bytes, trust: Trust, receiver: str) -> Checked:
    try:
        opened = open_sealed(raw, trust, receiver_ruc=receiver, now=at)
    except ContractError as error:
        return Checked(kind, at, code=error.code)
    return Checked(kind, at, opened.signer_fingerprint)


def all_hold(checked: Sequence[Checked]) -> bool:
    """True where every signature holds, and there is one."""
    return bool(checked) and not any(one.code for one in checked)
