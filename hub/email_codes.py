"""Codes by mail or by SMS: six digits that prove an address. Derived from their row's id: none is stored."""

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub import mailing
from hub.core.phones import for_gateway
from hub.models import EmailCode

LIFE = timedelta(minutes=15)
TRIES = 5
"""Of one code; how many codes may be asked for is counted by the door."""


def code_of(secret: bytes, code_id: UUID) -> str:
    """The six digits of a code."""
    digest = hmac.digest(secret, f"codigo:{code_id.hex}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def send(session: Session, email: str, now: datetime) -> UUID:
    """Queue a letter with a new code to an address; flushed. Gives the id by which it is checked."""
    row = EmailCode(email=email, expires_at=now + LIFE)
    session.add(row)
    session.flush()
    mailing.post(session, email, "email_code", f"codigo:{row.id.hex}", now, code_id=row.id.hex)
    return row.id


def send_text(session: Session, phone: str, now: datetime) -> UUID:
    """Queue an SMS with a new code to a mobile; flushed. It is checked with the phone as `for_gateway` gives it."""
    to = for_gateway(phone)
    row = EmailCode(email=to, expires_at=now + LIFE)
    session.add(row)
    session.flush()
    mailing.post_text(session, to, "phone_code", f"codigo:{row.id.hex}", now, code_id=row.id.hex)
    return row.id


def is_code(session: Session, secret: bytes, code_id: UUID, email: str, typed: str, now: datetime) -> bool:
    """Whether `typed` is the code that this address was sent: once, within its minutes, at most five tries.

    The try is counted whatever comes out; the caller commits.
    """
    row = session.scalar(select(EmailCode).where(EmailCode.id == code_id).with_for_update())
    if row is None or row.email != email or row.used_at is not None or row.expires_at <= now or row.tries >= TRIES:
        return False
    row.tries += 1
    digits = re.sub(r"\s", "", typed)
    if not hmac.compare_digest(digits.encode(), code_of(secret, code_id).encode()):
        return False
    row.used_at = now
    return True


def drop_expired(session: Session, now: datetime) -> int:
    """Forget codes that open nothing any more; flushed. Gives how many."""
    gone = delete(EmailCode).where(EmailCode.expires_at <= now - LIFE).returning(EmailCode.id)
    return len(session.execute(gone).all())
