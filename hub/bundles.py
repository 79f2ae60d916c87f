"""Bundles: who may have the evidence of a filing, the link by which its filer gets it, the event that it was given."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.core.errors import NotFound
from hub.core.identifiers import is_bundle_token
from hub.core.statuses import Author
from hub.events import tell
from hub.evidence.building import Built
from hub.evidence.case import Case
from hub.models import Event, Filing, OutboundMessage, SeenToken
from hub.notices import tell_filer
from hub.sight import Viewer, taken_at

LETTER: Final = "bundle"
MADE: Final = "bundle_made"
LIFE: Final = timedelta(hours=1)
"""Of a link: it opens the contents of a filing, and a mailbox is read by many."""
_USED: Final = "expediente"
"""Issuer under which used links stand among the used credentials."""


def ask(session: Session, filing: Filing, now: datetime) -> bool:
    """Queue a letter with a link to the address on file; the caller commits. False where no address is known.

    In a quarter of an hour another one goes only after a bundle was given, so that a download which broke off can be
    made again and nobody's mailbox is filled.
    """
    if not filing.filer.email:
        return False
    given = select(func.count()).where(Event.filing_id == filing.id, Event.kind == MADE)
    quarter = f"{now:%Y%m%d%H}{now.minute // 15}"
    once = f"bundle:{filing.filing_number}:{quarter}:{session.scalar(given)}"
    tell_filer(session, filing, LETTER, once, now)
    return True


def of_link(session: Session, secret: bytes, message_id: UUID, token: str, now: datetime) -> Filing:
    """The filing whose bundle a link opens. Raises NotFound for one that is wrong, used or over its hour."""
    message = session.get(OutboundMessage, message_id)
    used = select(SeenToken.jti).where(SeenToken.issuer == _USED, SeenToken.jti == message_id.hex)
    is_good = (
        is_bundle_token(token, secret, message_id)
        and message is not None
        and message.content.get("letter") == LETTER
        and now - message.created_at <= LIFE
        and session.scalar(used) is None
    )
    if not is_good or message is None:
        raise NotFound(code="BUNDLE_LINK_CLOSED")
    return session.get_one(Filing, message.filing_id)


def use_link(session: Session, message_id: UUID, now: datetime) -> None:
    """The link has opened what it opens: once. Raises NotFound where it was used meanwhile."""
    taken = insert(SeenToken).values(issuer=_USED, jti=message_id.hex, expires_at=now + LIFE)
    if not session.execute(taken.on_conflict_do_nothing().returning(SeenToken.jti)).first():
        raise NotFound(code="BUNDLE_LINK_CLOSED")


def of_seat(session: Session, viewer: Viewer, number: str) -> Filing:
    """The filing of a number, for the seat that took it. Raises NotFound for every other."""
    filing = session.scalar(select(Filing).where(Filing.filing_number == number, taken_at(viewer)))
    if filing is None:
        raise NotFound(number, code="FILING_NOT_FOUND")
    return filing


def record(session: Session, case: Case, built: Built, said_by: str, now: datetime) -> None:
    """Write down that a bundle was given out, by its SHA-256. `said_by`: `filer`, or the id of who gave it."""
    author = Author.FILER if said_by == "filer" else Author.CLERK
    filing = session.get_one(Filing, case.filing_id)
    tell(
        session,
        filing,
        MADE,
        now,
        author=author,
        said_by=said_by,
        sha256=built.sha256,
        bytes=built.size,
        events=case.events,
        is_stamped=built.is_stamped,
    )


def masked(email: str) -> str:
    """An address that its owner knows again and nobody else learns: a···@ejemplo.pe."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}···@{domain}"
