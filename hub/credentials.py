"""Credentials of calls without a message: each opens a door once."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub.models import SeenToken
from hub.wire.codes import Refusal
from hub.wire.tokens import LEEWAY, Token


def use_once(session: Session, token: Token) -> None:
    """Write down that a credential was used; the caller commits before it opens. Raises ContractError TOKEN_REUSED."""
    used = (
        insert(SeenToken)
        .values(issuer=token.caller_ruc, jti=str(token.jti), expires_at=token.expires_at + LEEWAY)
        .on_conflict_do_nothing()
        .returning(SeenToken.jti)
    )
    if session.execute(used).first() is None:
        raise Refusal.TOKEN_REUSED.error()


def forget_expired(session: Session, now: datetime) -> int:
    """Drop what has expired: it is refused by its date from now on. Gives how many."""
    gone = delete(SeenToken).where(SeenToken.expires_at < now).returning(SeenToken.jti)
    return len(session.execute(gone).all())
