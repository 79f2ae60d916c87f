"""Checking again, there and then, the signatures of everything that a leg sent and was told."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from hub import published
from hub.board import RouteStory
from hub.core.directory import Directory
from hub.core.errors import ContractError
from hub.core.ports import Trust, TrustedCertificate
from hub.models import InboundMessage
from hub.wire.seal import issued_at, open_sealed

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


def recheck(
    session: Session, story: RouteStory, directory: Directory, own_certificate: bytes
) -> tuple[Checked, ...]:
    """Check the kept bytes of a leg as they were checked when they came: by the certificates of that instant.

    Besides those of today, the certificates of the signed directory of that day hold: a key may have been changed
    since. `own_certificate`: PEM of the key with which the hub seals now.
    """
    trusted = _Trusted(session, directory, own_certificate)
    found = [_inbound(trusted, row, raw) for row, raw in story.inbound if row.channel in SIGNED]
    if story.message is not None and story.message.sealed is not None:
        found.insert(0, _sobre(trusted, story, story.message.sealed))
    return tuple(found)


@dataclass
class _Trusted:
    """Whose certificates hold: today's, and those that the directory of an instant gave."""

    session: Session
    directory: Directory
    own_certificate: bytes

    def own(self, *instants: datetime) -> tuple[TrustedCertificate, ...]:
        """The hub's own, of these instants and of today; it used them then, whatever their dates say."""
        then = [one["pem"].encode() for at in instants for one in self._said(at)["mesa"] if one["uso"] == "sobres"]
        pems = dict.fromkeys([self.own_certificate, *then])
        return tuple(TrustedCertificate(pem, _LONG_AGO, _FAR) for pem in pems)

    def of(self, at: datetime) -> Trust:
        """Everybody's at an instant; what is known today of a certificate (a revocation) counts before what was."""
        then = self._said(at)["entidades"]

        def trust(ruc: str) -> tuple[TrustedCertificate, ...]:
            known = self.directory.trust(ruc)
            pems = {one.pem for one in known}
            former = (_certificate(one) for one in then.get(ruc, ()))
            return *known, *(one for one in former if one.pem not in pems)

        return trust

    def _said(self, at: datetime) -> dict[str, Any]:
        """{"mesa": certificates, "entidades": {ruc: certificates}} of the directory that was in force."""
        version = published.in_force(self.session, at)
        if version is None:
            return {"mesa": [], "entidades": {}}
        told = published.content_in(version)
        return {
            "mesa": told["mesa"]["certificados"],
            "entidades": {one["ruc"]: one["certificados"] for one in told["entidades"]},
        }


def _certificate(told: dict[str, Any]) -> TrustedCertificate:
    since, until = (datetime.fromisoformat(told[name]) for name in ("desde", "hasta"))
    revoked = datetime.fromisoformat(told["revocado"]) if told["revocado"] else None
    return TrustedCertificate(told["pem"].encode(), since, until, revoked)


def _sobre(trusted: _Trusted, story: RouteStory, sealed: bytes) -> Checked:
    """Our own. It may have been signed long after it was queued, and nobody may have come for it yet."""
    handed_out = story.row.delivery.handed_out_at
    try:
        signed = issued_at(sealed)
    except ContractError as error:
        return Checked("sobre", handed_out or story.row.delivery.created_at, code=error.code)
    at = max(signed, handed_out or signed)
    own = trusted.own(signed, at)
    return _checked("sobre", at, sealed, lambda _: own, story.row.destination.ruc)


def _inbound(trusted: _Trusted, row: InboundMessage, raw: bytes) -> Checked:
    return _checked(row.kind, row.received_at, raw, trusted.of(row.received_at), trusted.directory.operator.ruc)


def _checked(kind: str, at: datetime, raw: bytes, trust: Trust, receiver: str) -> Checked:
    try:
        opened = open_sealed(raw, trust, receiver_ruc=receiver, now=at)
    except ContractError as error:
        return Checked(kind, at, code=error.code)
    return Checked(kind, at, opened.signer_fingerprint)
