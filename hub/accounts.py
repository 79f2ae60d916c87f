"""Accounts of citizens: one for the whole sector, of a person or of a company with its representative.

To who asks from outside, an address that has an account and one that has none are answered alike: by a letter.
"""

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub import account_links, email_codes, trail
from hub.account_links import Purpose
from hub.core.errors import Forbidden, MesaError, NotFound, Problem
from hub.core.identifiers import check_person_document
from hub.core.messages import Filer
from hub.core.phones import is_number
from hub.intake import filer_problems
from hub.models import AccountLink, Citizen, Draft, RoleRow, User
from hub.models.users import roles_users
from hub.passwords import LONGEST, hash_password
from hub.sight import CITIZEN

SHORTEST = 10
"""Characters of a password; who leaves it blank signs in with a code by mail."""


class InvalidAccount(MesaError):
    """An account cannot be as typed; every problem is named at once."""

    code = "ACCOUNT_INVALID"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{one.field}:{one.code}" for one in problems))
        self.problems = tuple(problems)


def folded(email: str) -> str:
    """An address as accounts keep it."""
    return email.strip().lower()


def find(session: Session, email: str) -> User | None:
    """The open citizen's account of an address; staff's accounts are never found here."""
    wanted = select(User).where(User.email == folded(email), User.active, User.roles.any(RoleRow.name == CITIZEN))
    return session.scalars(wanted).unique().first()


def citizen_of(session: Session, user_id: int) -> tuple[User, Citizen]:
    """An account and whom it is of. Raises NotFound for one that is no citizen's."""
    found = session.execute(
        select(User, Citizen).join(Citizen, Citizen.user_id == User.id).where(User.id == user_id, User.active)
    )
    row = found.unique().first()
    if row is None:
        raise NotFound("account", code="ACCOUNT_NOT_FOUND")
    return row[0], row[1]


def is_taken(session: Session, email: str) -> bool:
    """True for an address that an account has, a citizen's or another's; it is given as accounts keep it."""
    return session.scalar(select(User.id).where(User.email == email)) is not None


def ask_to_open(session: Session, email: str, now: datetime) -> None:
    """Mail the link that opens an account, or say by mail that there is one; flushed."""
    email = folded(email)
    if is_taken(session, email):
        account_links.tell(session, account_links.KNOWN, email, now)
    else:
        account_links.send(session, Purpose.OPEN, email, now)


def ask_to_recover(session: Session, email: str, now: datetime) -> None:
    """Mail the link that sets a new password, or say by mail that there is no account; flushed."""
    account = find(session, email)
    if account is None:
        account_links.tell(session, account_links.UNKNOWN, folded(email), now)
    else:
        account_links.send(session, Purpose.RECOVER, account.email, now, account.id)


def send_code(session: Session, email: str, now: datetime) -> UUID:
    """Mail a code to sign in with, or say by mail that there is no account; flushed. Gives the id to check it by."""
    if find(session, email) is not None:
        return email_codes.send(session, folded(email), now)
    account_links.tell(session, account_links.UNKNOWN, folded(email), now)
    return uuid4()


def ask_to_move(session: Session, account: User, email: str, now: datetime) -> None:
    """Mail to a new address the link that proves it; flushed. One that is taken is told so, by mail."""
    email = folded(email)
    if is_taken(session, email):
        account_links.tell(session, account_links.KNOWN, email, now)
    else:
        account_links.send(session, Purpose.MOVE, email, now, account.id)


def password_problems(password: str, *guessable: str) -> list[Problem]:
    """Why a password is none: too short, too long, or one's own name or number."""
    if len(password) < SHORTEST:
        return [Problem("new_password", "PASSWORD_SHORT", {"limit": SHORTEST})]
    if len(password) > LONGEST:
        return [Problem("new_password", "TOO_LONG", {"limit": LONGEST})]
    if len(set(password)) < 4 or any(text and text.lower() in password.lower() for text in guessable):
        return [Problem("new_password", "PASSWORD_GUESSABLE")]
    return []


def create(session: Session, link: AccountLink, filer: Filer, password: str, now: datetime) -> User:
    """Open the account of a link, with its address; flushed. `password` may be empty.

    Raises InvalidAccount, and Forbidden ACCOUNT_KNOWN where the address has got an account meanwhile.
    """
    account = open_for(session, link.email, filer, password, now)
    link.used_at = now
    session.flush()
    return account


def open_for(session: Session, email: str, filer: Filer, password: str, now: datetime) -> User:
    """Open an account at an address that was proved; flushed. Raises as `create` does."""
    problems = filer_problems(filer)
    if password:
        problems += password_problems(password, email.partition("@")[0], filer.document_number)
    if problems:
        raise InvalidAccount(problems)
    user_id = _insert(session, email, filer.business_name or filer.names, password, now)
    if user_id is None:
        raise Forbidden("account", code="ACCOUNT_KNOWN")
    session.add(Citizen(
        user_id=user_id,
        document_kind=filer.document_kind,
        document_number=check_person_document(filer.document_kind, filer.document_number),
        names=filer.names.strip(),
        phone=filer.phone,
        address=filer.address,
        ruc=filer.ruc,
        business_name=filer.business_name.strip(),
        ubigeo=filer.ubigeo,
    ))
    trail.note(session, "account_opened", now, actor_id=user_id, about_user_id=user_id)
    session.flush()
    return session.get_one(User, user_id)


def _insert(session: Session, email: str, name: str, password: str, now: datetime) -> int | None:
    made = insert(User).values(
        email=email,
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        name=name[:200],
        entity_code="",
        counter_code="",
        created_at=now,
    )
    user_id = session.scalar(made.on_conflict_do_nothing(index_elements=["email"]).returning(User.id))
    if user_id is not None:
        role_id = session.scalars(select(RoleRow.id).where(RoleRow.name == CITIZEN)).one()
        session.execute(roles_users.insert().values(user_id=user_id, role_id=role_id))
    return user_id


CHANGEABLE = ("names", "phone", "address", "ubigeo", "business_name")
"""What a person changes by themselves. The document stays: by it a filing made before is joined."""


def change(session: Session, account: User, citizen: Citizen, filer: Filer, now: datetime) -> None:
    """Keep what changed of a person's data, and in the trail which of it; flushed. Raises InvalidAccount.

    What was presented keeps the data that it was presented with.
    """
    same = {name: getattr(citizen, name) for name in ("document_kind", "document_number", "ruc")}
    problems = filer_problems(replace(filer, **same))
    if filer.phone and not is_number(filer.phone):
        problems.append(Problem("phone", "PHONE_INVALID"))
    if problems:
        raise InvalidAccount(problems)
    changed = [name for name in CHANGEABLE if getattr(citizen, name) != getattr(filer, name)]
    for name in changed:
        setattr(citizen, name, getattr(filer, name))
    account.name = (filer.business_name or filer.names)[:200]
    if changed:
        trail.note(session, "account_changed", now, actor_id=account.id, about_user_id=account.id, fields=changed)
    session.flush()


def set_password(account: User, citizen: Citizen, password: str) -> None:
    """A new password; every other sign-in of the account ends. Raises InvalidAccount."""
    if problems := password_problems(password, account.email.partition("@")[0], citizen.document_number):
        raise InvalidAccount(problems)
    account.password, account.fs_uniquifier = hash_password(password), secrets.token_hex(16)


def move(session: Session, link: AccountLink, now: datetime) -> User:
    """The address of a link is the account's from now on, and the old one is told; every sign-in ends; flushed.

    Raises NotFound for an account that was closed, Forbidden ACCOUNT_KNOWN for an address taken meanwhile.
    """
    account, _ = citizen_of(session, link.user_id or 0)
    if is_taken(session, link.email):
        raise Forbidden("account", code="ACCOUNT_KNOWN")
    account_links.tell(session, account_links.MOVED, account.email, now)
    account.email, account.fs_uniquifier, link.used_at = link.email, secrets.token_hex(16), now
    trail.note(session, "account_moved", now, actor_id=account.id, about_user_id=account.id)
    session.flush()
    return account


def close(session: Session, account: User, citizen: Citizen, now: datetime) -> None:
    """Close an account: its address is free again, what it knew of the person is forgotten; flushed.

    What was presented stays presented, and its key still opens it (Ley 29733 does not undo an official record).
    """
    account_links.tell(session, account_links.CLOSED, account.email, now)
    account.active, account.password = False, None
    account.email, account.name = f"cerrada:{account.fs_uniquifier}", ""
    account.fs_uniquifier = secrets.token_hex(16)
    citizen.document_kind = citizen.document_number = citizen.names = citizen.phone = citizen.address = ""
    citizen.ruc = citizen.business_name = citizen.ubigeo = ""
    citizen.closed_at = now
    trail.note(session, "account_closed", now, actor_id=account.id, about_user_id=account.id)
    unsent = update(Draft).where(Draft.account_id == account.id, Draft.filing_id.is_(None))
    session.execute(unsent.values(expires_at=now))
    session.flush()
