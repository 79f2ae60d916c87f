"""The trail: what people of the house did to accounts, units and bodies, and who of a body spoke for it.

Only ever added; a trigger holds it. What happens to a filing stands in its events.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.models import AuditEntry, User
from hub.sight import Viewer, opens_every_book

LISTED = 100


def note(
    session: Session,
    kind: str,
    at: datetime,
    *,
    actor_id: int | None,
    entity_code: str = "",
    about_user_id: int | None = None,
    **data: Any,
) -> None:
    """Add a line; flushed with the rest. `data` holds codes and names of roles and units, nothing secret."""
    session.add(
        AuditEntry(
            at=at, actor_id=actor_id, entity_code=entity_code, kind=kind, about_user_id=about_user_id, data=data,
            number=str(data.get("number", ""))[:40],
        )
    )


def who(session: Session, by: str) -> int | None:
    """The account that a recorded `by` names; None for an operator at the command line, who has none here."""
    is_id = by.isascii() and by.isdecimal() and len(by) < 10
    return int(by) if is_id and session.get(User, int(by)) is not None else None


def entries(session: Session, viewer: Viewer, entity_code: str, page: int = 1) -> Sequence[AuditEntry]:
    """A page of the trail, newest first: a body's for its coordinator and auditor, all for who runs the sector."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(LISTED).offset(LISTED * (page - 1))
    if not opens_every_book(viewer):
        if not entity_code or not viewer.roles & {"entity_coordinator", "auditor"}:
            return ()
        query = query.where(AuditEntry.entity_code == entity_code)
    return session.scalars(query).all()
