"""Invitations: a link by e-mail with which a person of a body chooses their password, once and within its days."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub import mailing, trail
from hub.core.errors import NotFound
from hub.models import Invitation, User

LIFE = timedelta(days=7)


def send(session: Session, user: User, letter: str, now: datetime) -> Invitation:
    """Queue the letter with a new link; the links before it open nothing any more. Flushed.

    `letter`: "invitation" for a new account, "new_password" for one whose password is chosen again.
    """
    before = update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    session.execute(before.values(used_at=now).execution_options(synchronize_session=False))
    row = Invitation(user_id=user.id, created_at=now, expires_at=now + LIFE)
    session.add(row)
    session.flush()
    mailing.post(session, user.email, letter, f"invitacion:{row.id.hex}", now, invitation_id=row.id.hex)
    return row


def token_of(secret: bytes, invitation_id: UUID) -> str:
    """What its link holds: the id and 128 bits of an HMAC, so that none is stored."""
    return f"{invitation_id.hex}{_seal(secret, invitation_id)}"


def _seal(secret: bytes, invitation_id: UUID) -> str:
    return hmac.digest(secret, f"invitacion:{invitation_id.hex}".encode(), "sha256").hex()[:32]


def find(session: Session, secret: bytes, token: str, now: datetime) -> tuple[Invitation, User]:
    """The invitation of a link, locked, and whom it invites. Raises NotFound for one that is forged, used or over."""
    try:
        invitation_id = UUID(token[:32])
    except ValueError as error:
        raise NotFound("invitation", code="INVITATION_NOT_FOUND") from error
    if not hmac.compare_digest(token[32:].encode(), _seal(secret, invitation_id).encode()):
        raise NotFound("invitation", code="INVITATION_NOT_FOUND")
    row = session.scalar(select(Invitation).where(Invitation.id == invitation_id).with_for_update())
    user = session.get(User, row.user_id) if row is not None else None
    if row is None or user is None or row.used_at is not None or row.expires_at <= now or not user.active:
        raise NotFound("invitation", code="INVITATION_NOT_FOUND")
    return row, user


def accept(session: Session, row: Invitation, user: User, kept_password: str, now: datetime) -> None:
    """Set the password (its hash) and use up the link; every sign-in before it ends. Flushed."""
    row.used_at = now
    user.password, user.fs_uniquifier = kept_password, secrets.token_hex(16)
    trail.note(session, "password_chosen", now, actor_id=user.id, entity_code=user.entity_code, about_user_id=user.id)
    session.flush()


def was_invited(session: Session, user_id: int) -> bool:
    """True for an account that a coordinator made, as against one that came with the installation."""
    return session.scalar(select(Invitation.id).where(Invitation.user_id == user_id).limit(1)) is not None
