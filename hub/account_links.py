"""Links by mail that open, recover or move a citizen's account. Each is good once, for two hours; none is stored."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub import mailing
from hub.core.errors import NotFound
from hub.models import AccountLink

LIFE = timedelta(hours=2)


class Purpose(StrEnum):
    """What a link does."""

    OPEN = "open"
    RECOVER = "recover"
    MOVE = "move"


PATHS: Final = {Purpose.OPEN: "crear", Purpose.RECOVER: "clave", Purpose.MOVE: "correo"}
"""Where each leads, below /cuenta."""
KNOWN, UNKNOWN, MOVED, CLOSED = "account_known", "account_unknown", "account_moved", "account_closed"
"""Letters without a link of their own."""
LETTERS: Final = frozenset({KNOWN, UNKNOWN, MOVED, CLOSED, *(f"account_{one}" for one in Purpose)})


def send(session: Session, purpose: Purpose, email: str, now: datetime, user_id: int | None = None) -> None:
    """Queue a letter with a new link to an address; flushed."""
    row = AccountLink(purpose=purpose.value, email=email, user_id=user_id, expires_at=now + LIFE)
    session.add(row)
    session.flush()
    mailing.post(
        session, email, f"account_{purpose}", f"cuenta:{row.id.hex}", now, purpose=purpose.value, link_id=row.id.hex
    )


def tell(session: Session, letter: str, email: str, now: datetime) -> None:
    """Queue a letter without a link; flushed."""
    mailing.post(session, email, letter, f"cuenta:{uuid4().hex}", now)


def token_of(secret: bytes, link_id: UUID, purpose: str) -> str:
    """What a link ends with: its id and 128 bits of an HMAC."""
    return f"{link_id.hex}{_seal(secret, link_id, purpose)}"


def _seal(secret: bytes, link_id: UUID, purpose: str) -> str:
    return hmac.digest(secret, f"cuenta:{purpose}:{link_id.hex}".encode(), "sha256").hex()[:32]


def address_of(secret: bytes, public_url: str, content: Mapping[str, Any]) -> str:
    """The address in a letter of the outbox; empty for a letter without a link."""
    if "link_id" not in content:
        return ""
    purpose = Purpose(content["purpose"])
    return f"{public_url}/cuenta/{PATHS[purpose]}/{token_of(secret, UUID(content['link_id']), purpose)}"


def find(session: Session, secret: bytes, token: str, purpose: Purpose, now: datetime) -> AccountLink:
    """The link of a token, held until the transaction ends, not used yet: looking uses nothing up.

    Raises NotFound for one forged, of another purpose, used or expired, without telling which.
    """
    try:
        link_id = UUID(token[:32])
    except ValueError as error:
        raise NotFound("link", code="ACCOUNT_LINK_SPENT") from error
    is_ours = hmac.compare_digest(token[32:].encode(), _seal(secret, link_id, purpose).encode())
    row = session.scalar(select(AccountLink).where(AccountLink.id == link_id).with_for_update()) if is_ours else None
    if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at <= now:
        raise NotFound("link", code="ACCOUNT_LINK_SPENT")
    return row


def drop_expired(session: Session, now: datetime) -> int:
    """Forget links that open nothing any more; flushed. Gives how many."""
    gone = delete(AccountLink).where(AccountLink.expires_at <= now - LIFE).returning(AccountLink.id)
    return len(session.execute(gone).all())
