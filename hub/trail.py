"""The trail: what people of the house saw, what they did to accounts, units and bodies, and who spoke for a body.

Only ever added; triggers hold it, and seal each line in the ledger. What happens to a filing stands in its events.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core.numbers import whole_or
from hub.models import AuditEntry, User


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


def is_told(session: Session, kind: str, since: datetime, actor_id: int, data: dict[str, Any]) -> bool:
    """Whether a line says just this of an account since then."""
    lines = select(AuditEntry.id).where(
        AuditEntry.actor_id == actor_id, AuditEntry.at >= since, AuditEntry.kind == kind, AuditEntry.data == data
    )
    return session.scalar(lines.limit(1)) is not None


def who(session: Session, by: str) -> int | None:
    """The account that a recorded `by` names; None for an operator at the command line, who has none here."""
    number = whole_or(by, None)
    return number if number is not None and session.get(User, number) is not None else None
