"""The second step of a sign-in: a code of the minute from the person's own telephone (RFC 6238), or one kept on paper.

The secret is derived from a salt and the hub's key, so that a copy of the database opens nothing.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import trail
from hub.models import SecondFactor, User

RECOVERY_CODES = 8
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
STEP = 30
"""Seconds of one code; the one before and the one after are taken too, for clocks that differ."""


def secret_of(key: bytes, row: SecondFactor) -> str:
    """The secret that the telephone keeps, in base32."""
    message = f"segundo-paso:{row.user_id}:".encode() + row.salt
    return base64.b32encode(hmac.digest(key, message, "sha256")[:20]).decode()


def address(key: bytes, row: SecondFactor, account: str, issuer: str) -> str:
    """What the QR says to the telephone: `otpauth://totp/...`."""
    return pyotp.TOTP(secret_of(key, row)).provisioning_uri(name=account, issuer_name=issuer)


def is_on(session: Session, user_id: int) -> bool:
    """True if the person has a second step, confirmed."""
    row = session.get(SecondFactor, user_id)
    return row is not None and row.confirmed_at is not None


def begin(session: Session, user_id: int) -> SecondFactor:
    """The row of a second step that is not confirmed yet; flushed. The same one until it is."""
    row = session.get(SecondFactor, user_id)
    if row is None:
        row = SecondFactor(user_id=user_id, salt=secrets.token_bytes(16), last_step=0, recovery=[])
        session.add(row)
        session.flush()
    return row


def confirm(session: Session, key: bytes, user: User, typed: str, now: datetime) -> list[str]:
    """Switch it on with a first code; flushed. Gives the codes to keep on paper, none where the code is wrong."""
    row = _locked(session, user.id)
    if row is None or row.confirmed_at is not None or not _is_code(key, row, typed, now):
        return []
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    row.confirmed_at, row.recovery = now, [_digest(code) for code in codes]
    trail.note(
        session, "factor_confirmed", now, actor_id=user.id, entity_code=user.entity_code, about_user_id=user.id
    )
    session.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def passes(session: Session, key: bytes, user: User, typed: str, now: datetime) -> bool:
    """Whether `typed` is the code of now, unused, or a code kept on paper, which is used up; flushed."""
    row = _locked(session, user.id)
    if row is None or row.confirmed_at is None:
        return False
    if _is_code(key, row, typed, now):
        session.flush()
        return True
    digest = _digest(re.sub(r"[^A-Z0-9]", "", typed.upper()))
    if digest not in row.recovery:
        return False
    row.recovery = [one for one in row.recovery if one != digest]
    trail.note(session, "recovery_used", now, actor_id=user.id, entity_code=user.entity_code, about_user_id=user.id)
    session.flush()
    return True


def forget(session: Session, user_id: int) -> None:
    """Make the telephone's secret worthless: at the next sign-in a new one is made; flushed."""
    row = session.get(SecondFactor, user_id)
    if row is not None:
        row.salt, row.confirmed_at, row.recovery, row.last_step = secrets.token_bytes(16), None, [], 0
        session.flush()


def _locked(session: Session, user_id: int) -> SecondFactor | None:
    return session.scalar(select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update())


def _is_code(key: bytes, row: SecondFactor, typed: str, now: datetime) -> bool:
    """True for the code of this half minute or of its neighbours, once: a code that was used opens nothing."""
    digits = re.sub(r"\s", "", typed)
    here, totp = int(now.timestamp()) // STEP, pyotp.TOTP(secret_of(key, row))
    for step in (here - 1, here, here + 1):
        if step > row.last_step and hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            row.last_step = step
            return True
    return False


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
