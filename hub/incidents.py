"""Incidents with personal data: written down when known, told to the authority within 48 hours (DS 016-2024-JUS)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import trail
from hub.core.directory import Directory
from hub.core.errors import Forbidden, InvalidFiling, NeedsReason, NotFound, Problem
from hub.models import Incident
from hub.sight import Viewer, is_sector_wide

TELL_WITHIN: Final = timedelta(hours=48)
"""Hours of the clock, not business hours, from when the incident was known."""
LISTED = 200


_LISTED = (
    select(Incident)
    .order_by(Incident.told_authority_at.is_not(None), Incident.known_at, Incident.id)
    .limit(LISTED)
)


def due_at(known_at: datetime) -> datetime:
    """The instant until which the authority must be told."""
    return known_at + TELL_WITHIN


def record(
    session: Session, directory: Directory, entity_code: str, known_at: datetime, what: str, by: str, now: datetime
) -> Incident:
    """Write an incident down; flushed, not committed. `entity_code` empty: of the whole sector.

    Raises InvalidFiling with every problem at once: a body that is not there, an instant to come, nothing said.
    """
    problems = []
    if entity_code and entity_code not in {entity.code for entity in directory.entities}:
        problems.append(Problem("incident_body", "ENTITY_UNKNOWN"))
    if known_at > now:
        problems.append(Problem("known_at", "INSTANT_FUTURE"))
    if not what.strip():
        problems.append(Problem("what", "INCIDENT_WHAT_MISSING"))
    if problems:
        raise InvalidFiling(problems)
    incident = Incident(entity_code=entity_code, known_at=known_at, what=what.strip(), recorded_by=by)
    session.add(incident)
    session.flush()
    _note(session, "incident_recorded", incident, by, now)
    return incident


def told(session: Session, incident_id: int, how: str, now: datetime, by: str = "") -> Incident:
    """The authority was told, and how (the number of its receipt); flushed. What was told stays as it was told.

    Raises NotFound, NeedsReason where it is not said how, Forbidden where it was told before.
    """
    incident = session.get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise NotFound(str(incident_id), code="INCIDENT_NOT_FOUND")
    if incident.told_authority_at is not None:
        raise Forbidden(str(incident_id), code="INCIDENT_TOLD")
    if not how.strip():
        raise NeedsReason()
    incident.told_authority_at, incident.told_as = now, how.strip()
    _note(session, "incident_told", incident, by, now)
    return incident


def _note(session: Session, kind: str, incident: Incident, by: str, now: datetime) -> None:
    number, who = str(incident.id), trail.who(session, by)
    trail.note(session, kind, now, actor_id=who, entity_code=incident.entity_code, number=number)
    session.flush()


def is_overdue(incident: Incident, now: datetime) -> bool:
    """Not told in time, whether told since or not."""
    return (incident.told_authority_at or now) > due_at(incident.known_at)


def listed(session: Session) -> Sequence[Incident]:
    """Every incident, those not told yet first, the oldest of them on top."""
    return session.scalars(_LISTED).all()


def listed_for(session: Session, directory: Directory, viewer: Viewer) -> Sequence[Incident]:
    """The incidents of the sector; for an auditor of one body those of that body."""
    if is_sector_wide(viewer):
        return listed(session)
    return session.scalars(_LISTED.where(Incident.entity_code == directory.by_id(viewer.entity_id).code)).all()


