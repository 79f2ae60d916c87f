"""The demonstration's accounts: made if missing, all with the clone's demo password."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import now
from hub.embedded.demo import ACCOUNTS, DemoAccount
from hub.models import Citizen, EntityRow, RoleRow, User
from hub.passwords import hash_password, is_password


def make_accounts(session: Session, password: str) -> None:
    """Make the accounts that are missing, of the bodies that there are; all open with `password` then. Flushes."""
    bodies = {"", *session.scalars(select(EntityRow.code))}
    accounts = [account for account in ACCOUNTS if account.entity_code in bodies]
    emails = [account.email for account in accounts]
    known = {user.email: user for user in session.scalars(select(User).where(User.email.in_(emails))).unique()}
    kept = next((user.password for user in known.values()), None)
    if kept is None or not is_password(kept, password):
        kept = hash_password(password)  # one for all: argon2 is slow on purpose
    for account in accounts:
        user = known.get(account.email) or _new(session, account)
        user.password = kept
    session.flush()


def _new(session: Session, account: DemoAccount) -> User:
    user = User(
        email=account.email,
        name=account.name,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        entity_code=account.entity_code,
        counter_code=account.counter_code,
        created_at=now(),
        roles=[_role(session, name) for name in account.roles],
    )
    session.add(user)
    if account.dni:
        session.flush()
        session.add(Citizen(user_id=user.id, document_kind="dni", document_number=account.dni, names=account.name))
    return user


def _role(session: Session, name: str) -> RoleRow:
    role = session.scalar(select(RoleRow).where(RoleRow.name == name))
    if role is None:
        role = RoleRow(name=name)
        session.add(role)
        session.flush()
    return role
