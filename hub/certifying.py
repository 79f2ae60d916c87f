"""The certificates of an institution, changed at once: a new one beside the old one, and one that no longer counts.

Both are operational and act without an import: whoever lost a key waits for no file. An export writes them out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import trail
from hub.core.bodies import AdapterKind, CertificateRecord
from hub.core.directory import EntityRecord
from hub.core.errors import Forbidden, MesaError, NeedsConfirmation, NeedsReason, NotFound
from hub.entities import CHANNEL, Fault, load
from hub.entities.certificates import read_certificates
from hub.entities.reading import Reading
from hub.entities.screen import publish
from hub.entities.versions import lock_soon
from hub.models import Revocation

MOST = 2
"""In force at a time: the one that goes, and the one that comes."""
LONGEST_REASON = 300
REVOKING = 7_306_008
"""The advisory lock, with a body's row, of who revokes."""
SIGNING = (AdapterKind.REST, AdapterKind.SOAP, AdapterKind.PULL)
"""Ways on which nothing of an institution is believed without its certificate."""


@dataclass(frozen=True)
class Standing:
    """A certificate as it stands at an instant."""

    certificate: CertificateRecord
    is_in_force: bool
    is_coming: bool
    days_left: int

    @property
    def is_live(self) -> bool:
        """In force, or not yet."""
        return self.is_in_force or self.is_coming


class CertificateRefused(MesaError):
    """A certificate that the file's own check does not take."""

    code = "CERTIFICATE_REFUSED"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(", ".join(one.code for one in faults))
        self.faults = faults


def standings(body: EntityRecord, now: datetime) -> tuple[Standing, ...]:
    """Of every certificate of a body, the one that ends last first."""
    found = sorted(body.certificates, key=lambda one: one.valid_until, reverse=True)
    return tuple(
        Standing(
            one,
            one.revoked_at is None and one.valid_from <= now < one.valid_until,
            one.revoked_at is None and now < one.valid_from,
            max((one.valid_until - now).days, 0),
        )
        for one in found
    )


def standing_of(body: EntityRecord, fingerprint: str, now: datetime) -> Standing:
    """Of one certificate of a body. Raises NotFound."""
    found = next((one for one in standings(body, now) if one.certificate.fingerprint == fingerprint), None)
    if found is None:
        raise NotFound(fingerprint, code="CERTIFICATE_NOT_FOUND")
    return found


def add(session: Session, code: str, pem: str, by_user_id: int, now: datetime) -> str:
    """Accept a further certificate of a body beside those in force, from now on; flushed. Gives its fingerprint.

    What is in force is read in its turn: two that are added at once do not take each other's place. Raises NotFound,
    CertificateRefused, and Forbidden: DIRECTORY_BUSY, CERTIFICATES_TOO_MANY, CERTIFICATE_KNOWN.
    """
    lock_soon(session)
    directory = load(session, now)
    body = directory.entity(code)
    declared = _read(body, pem, now)
    known = {one.fingerprint for other in directory.entities for one in other.certificates}
    if declared["fingerprint"] in known or _is_revoked(session, declared["fingerprint"]):
        raise Forbidden(body.code, code="CERTIFICATE_KNOWN")
    live = [one.certificate for one in standings(body, now) if one.is_live]
    if len(live) >= MOST:
        raise Forbidden(body.code, code="CERTIFICATES_TOO_MANY")
    publish(session, body.code, {"certificates": [*map(_to_json, live), declared]}, now)
    _note(session, "certificate_added", body, declared["fingerprint"], by_user_id, now)
    return declared["fingerprint"]


def _read(body: EntityRecord, pem: str, now: datetime) -> dict[str, str]:
    """As the tables keep it, after the check that the file's certificates go through."""
    entity = {"ruc": str(body.ruc), "certificates": [{"pem": pem}]}
    reading = Reading(value={"entities": [entity]})
    found = read_certificates(reading, None, now)
    errors = tuple(one for one in reading.faults if not one.is_warning)
    if errors or not found:
        raise CertificateRefused(errors)
    return next(iter(found.values()))


def revoke(
    session: Session, body: EntityRecord, fingerprint: str, reason: str, by_user_id: int, now: datetime, *,
    is_sure: bool = False,
) -> None:  # fmt: skip
    """From now on nothing signed with it is believed; flushed, and told to every process.

    It waits for nobody who changes the directory, only for who revokes another one of the same body, so that of the
    last two not both are taken for the last but one.
    Raises NotFound, NeedsReason, Forbidden CERTIFICATE_REVOKED, and NeedsConfirmation for the last one in force.
    """
    session.execute(select(func.pg_advisory_xact_lock(REVOKING, body.id)))
    body = load(session, now).entity(body.code)
    if standing_of(body, fingerprint, now).certificate.revoked_at is not None:
        raise Forbidden(body.code, code="CERTIFICATE_REVOKED")
    if not reason.strip():
        raise NeedsReason()
    if is_last(body, fingerprint, now) and not is_sure:
        raise NeedsConfirmation()
    why = reason.strip()[:LONGEST_REASON]
    session.add(Revocation(fingerprint=fingerprint, revoked_at=now, reason=why, revoked_by=str(by_user_id)))
    _note(session, "certificate_revoked", body, fingerprint, by_user_id, now)
    session.execute(select(func.pg_notify(CHANNEL, "")))


def _is_revoked(session: Session, fingerprint: str) -> bool:
    """As the database says; the directory in memory may not have heard of it yet."""
    return session.get(Revocation, fingerprint) is not None


def is_last(body: EntityRecord, fingerprint: str, now: datetime) -> bool:
    """True where no other certificate of the body is in force."""
    return not any(one.is_in_force and one.certificate.fingerprint != fingerprint for one in standings(body, now))


def _to_json(one: CertificateRecord) -> dict[str, Any]:
    return {
        "pem": one.pem, "fingerprint": one.fingerprint,
        "valid_from": one.valid_from.isoformat(), "valid_until": one.valid_until.isoformat(),
    }  # fmt: skip


def _note(session: Session, kind: str, body: EntityRecord, fingerprint: str, by: int, now: datetime) -> None:
    trail.note(session, kind, now, actor_id=by, entity_code=body.code, certificate=fingerprint[:16])
    session.flush()
