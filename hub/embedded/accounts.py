"""The demonstration's accounts, made with the password hashing of the application itself."""

import secrets

from flask_security.utils import hash_password, verify_password
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from hub.app import create_app
from hub.clock import now
from hub.embedded.demo import ACCOUNTS, DemoAccount
from hub.models import RoleRow, User
from hub.settings import Settings


def make_accounts(settings: Settings, password: str) -> None:
    """Make the accounts that are missing; all of them open with `password` afterwards."""
    app = create_app(settings)
    engine = create_engine(settings.sqlalchemy_url)
    with app.app_context(), Session(engine) as session:
        known = {user.email: user for user in session.scalars(select(User)).unique()}
        hashed = _hash_in_use(known, password) or hash_password(password)
        for account in ACCOUNTS:
            user = known.get(account.email) or _new(session, account)
            user.password = hashed
        session.commit()
    engine.dispose()


def _hash_in_use(known: dict[str, User], password: str) -> str | None:
    """The hash that the accounts share from an earlier run: argon2 is slow on purpose."""
    user = known.get(ACCOUNTS[0].email)
    if user is None or not user.password or not verify_password(password, user.password):
        return None
    return user.password


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
    return user


def _role(session: Session, name: str) -> RoleRow:
    role = session.scalar(select(RoleRow).where(RoleRow.name == name))
    if role is None:
        role = RoleRow(name=name)
        session.add(role)
        session.flush()
    return role
