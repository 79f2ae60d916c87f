"""A body joins by itself: it asks, who runs the sector decides, and its first coordinator is invited."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import mailing, staff, trail
from hub.core.bodies import BodyKind
from hub.core.directory import Directory, EntityRecord
from hub.core.errors import InvalidFiling, InvalidIdentifier, NotFound, Problem
from hub.core.identifiers import Ruc
from hub.entities.screen import open_body
from hub.models import AccessRequest
from hub.models.directory import EntityRow
from hub.sight import Viewer
from hub.staff import Manager, Member

LIMITS = {"name": 250, "place": 100, "responsible": 200, "job_title": 150, "email": 254}
LONGEST_REASON = 500
_ACRONYM = re.compile(r"[A-ZÁÉÍÓÚÑ0-9][A-ZÁÉÍÓÚÑ0-9-]{1,19}")
_UBIGEO = re.compile(r"(0[1-9]|1[0-9]|2[0-5])[0-9]{4}")


@dataclass(frozen=True)
class Asking:
    """What a body says of itself. `ubigeo`: six digits; `kind`: a BodyKind."""

    ruc: str
    acronym: str
    name: str
    kind: str
    place: str
    ubigeo: str
    responsible: str
    job_title: str
    email: str


def check(session: Session, directory: Directory, asking: Asking) -> list[Problem]:
    """Everything that is wrong with a request."""
    problems = [
        Problem(name, "REQUIRED") for name in ("name", "place", "responsible") if not getattr(asking, name).strip()
    ]
    problems += [
        Problem(name, "TOO_LONG", {"limit": limit})
        for name, limit in LIMITS.items()
        if len(getattr(asking, name)) > limit
    ]
    if not _ACRONYM.fullmatch(asking.acronym):
        problems.append(Problem("acronym", "ACRONYM_FORM"))
    if asking.kind not in {kind.value for kind in BodyKind}:
        problems.append(Problem("kind", "CHOICE_REQUIRED"))
    if not _UBIGEO.fullmatch(asking.ubigeo):
        problems.append(Problem("ubigeo", "CHOICE_REQUIRED"))
    name, at, domain = asking.email.rpartition("@")
    if not (name and at and "." in domain.strip(".")) or " " in asking.email:
        problems.append(Problem("email", "EMAIL_INVALID"))
    return problems + _ruc_problems(session, directory, asking.ruc)


def _ruc_problems(session: Session, directory: Directory, ruc: str) -> list[Problem]:
    try:
        Ruc(ruc)
    except InvalidIdentifier as error:
        return [Problem("ruc", error.code)]
    if directory.knows(ruc) or session.scalar(select(EntityRow.id).where(EntityRow.ruc == ruc)):
        return [Problem("ruc", "BODY_KNOWN")]
    waits = select(AccessRequest.id).where(AccessRequest.ruc == ruc, AccessRequest.decided_at.is_(None))
    return [Problem("ruc", "ACCESS_ASKED")] if session.scalar(waits.limit(1)) else []


def ask(session: Session, directory: Directory, asking: Asking, now: datetime) -> AccessRequest:
    """Keep a request until who runs the sector decides; flushed. Raises InvalidFiling with every problem."""
    if found := check(session, directory, asking):
        raise InvalidFiling(found)
    row = AccessRequest(**vars(asking), asked_at=now, decision="", reason="", entity_code="")
    session.add(row)
    trail.note(session, "access_asked", now, actor_id=None, body=asking.acronym)
    session.flush()
    return row


def waiting(session: Session) -> Sequence[AccessRequest]:
    """The requests that nobody has decided, oldest first."""
    query = select(AccessRequest).where(AccessRequest.decided_at.is_(None))
    return session.scalars(query.order_by(AccessRequest.asked_at, AccessRequest.id)).all()


def request_of(session: Session, request_id: UUID) -> AccessRequest:
    """A request that waits, locked. Raises NotFound for one that was decided."""
    waits = select(AccessRequest).where(AccessRequest.id == request_id, AccessRequest.decided_at.is_(None))
    row = session.scalar(waits.with_for_update())
    if row is None:
        raise NotFound(str(request_id), code="REQUEST_NOT_FOUND")
    return row


def approve(session: Session, directory: Directory, viewer: Viewer, request_id: UUID, now: datetime) -> EntityRecord:
    """Make it a body of the sector, with the inbox as its system, and invite its coordinator; flushed.

    Raises NotFound, InvalidFiling where its RUC or its coordinator's address was taken in the meantime.
    """
    row = request_of(session, request_id)
    taken = session.scalar(select(EntityRow.id).where(EntityRow.ruc == row.ruc))
    if taken or directory.knows(row.ruc):
        raise InvalidFiling((Problem("", "BODY_KNOWN"),))
    body = open_body(session, _declared(row, _free_code(session, row.acronym)), now)
    first = Member(row.responsible, row.email, "entity_coordinator")
    staff.invite(session, Manager(viewer, body), first, now)
    row.decision, row.entity_code = "approved", body.code
    _decide(session, viewer, row, "access_approved", now)
    return body


def decline(session: Session, viewer: Viewer, request_id: UUID, reason: str, now: datetime) -> None:
    """Say no, with the reason that its responsible person reads; flushed. Raises NotFound, InvalidFiling."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        code = "TOO_LONG" if reason.strip() else "REASON_MISSING"
        raise InvalidFiling((Problem("reason", code, {"limit": LONGEST_REASON}),))
    row = request_of(session, request_id)
    row.decision, row.reason = "declined", reason.strip()
    mailing.post(session, row.email, "access_declined", f"solicitud:{row.id.hex}", now, reason=row.reason)
    _decide(session, viewer, row, "access_declined", now)


def _decide(session: Session, viewer: Viewer, row: AccessRequest, kind: str, now: datetime) -> None:
    row.decided_at, row.decided_by_id = now, viewer.user_id
    trail.note(session, kind, now, actor_id=viewer.user_id, entity_code=row.entity_code, body=row.acronym)
    session.flush()


def _free_code(session: Session, acronym: str) -> str:
    """The acronym as a code of our addresses, with a number where another body has it."""
    plain = unicodedata.normalize("NFKD", acronym).encode("ascii", "ignore").decode().lower().strip("-")
    known = set(session.scalars(select(EntityRow.code)))
    names = (plain, *(f"{plain}-{number}" for number in range(2, 100)))
    return next(name for name in names if name not in known)


def _declared(row: AccessRequest, code: str) -> dict[str, Any]:
    """The standard form: one counter, the hub's limits; the coordinator adapts it."""
    counter = {"code": "principal", "name": "Sede central", "place": row.place, "ubigeo": row.ubigeo,
               "principal": True, "hours": []}  # fmt: skip
    return {
        "code": code, "ruc": row.ruc, "verified": False, "acronym": row.acronym, "name": row.name, "kind": row.kind,
        "counters": [counter], "adapter": {"kind": "hosted"}, "limits": {},
        "service": {"responsible": ", ".join(one for one in (row.responsible, row.job_title) if one)},
    }  # fmt: skip
