"""Linking: the account of whom a provider of identities signed in; one that has an address is linked once it is proved.

Never by a mail or a number that somebody only says to have: by the provider's own stable name of the person.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from hub import account_links, accounts, email_codes, trail
from hub.core.errors import Forbidden
from hub.core.messages import Filer
from hub.core.services import SignedIn
from hub.models import SignInIdentity, User


def known(session: Session, who: SignedIn) -> User | None:
    """The open account that this person was linked to; None for one that is new here, or closed theirs."""
    query = (
        select(User)
        .join(SignInIdentity, SignInIdentity.user_id == User.id)
        .where(SignInIdentity.issuer == who.issuer, SignInIdentity.subject == who.subject, User.active)
    )
    return session.scalars(query).unique().first()


def is_linked(session: Session, account: User) -> bool:
    """True for an account that somebody opens by a provider of identities."""
    found = select(SignInIdentity.subject).where(SignInIdentity.user_id == account.id).limit(1)
    return session.scalar(found) is not None


def may_make(session: Session, who: SignedIn) -> bool:
    """True where the provider itself vouches for the address, and nobody's account has it."""
    return who.is_email_verified and not accounts.is_taken(session, who.email)


def prove(session: Session, email: str, now: datetime) -> UUID:
    """Mail the code that proves an address; flushed. Gives the id to check it by.

    The address of one of a body's people gets a letter instead: no citizen's account can have it.
    """
    email = accounts.folded(email)
    if accounts.is_taken(session, email) and accounts.find(session, email) is None:
        account_links.tell(session, account_links.KNOWN, email, now)
        return uuid4()
    return email_codes.send(session, email, now)


def link(session: Session, who: SignedIn, account: User, now: datetime) -> None:
    """From now on this person opens this account, whose address was proved; flushed.

    Raises Forbidden IDENTITY_OF_ANOTHER where the account is of another document: a family may share a mail.
    """
    _, citizen = accounts.citizen_of(session, account.id)
    if who.document_number and (who.document_kind, who.document_number) != (
        citizen.document_kind, citizen.document_number,
    ):
        raise Forbidden("account", code="IDENTITY_OF_ANOTHER")
    _keep(session, who, account, now)


def make(session: Session, who: SignedIn, email: str, filer: Filer, now: datetime) -> User:
    """Open an account for this person at an address that was proved, without a password; flushed.

    What the provider said of the document stands, whatever was typed. Raises InvalidAccount, and Forbidden
    ACCOUNT_KNOWN where the address has got an account meanwhile.
    """
    account = accounts.open_for(session, accounts.folded(email), filer, "", now)
    _keep(session, who, account, now)
    return account


def _keep(session: Session, who: SignedIn, account: User, now: datetime) -> None:
    values = {"user_id": account.id, "linked_at": now}
    made = insert(SignInIdentity).values(issuer=who.issuer, subject=who.subject, **values)
    session.execute(made.on_conflict_do_update(index_elements=["issuer", "subject"], set_=values))
    trail.note(session, "identity_linked", now, actor_id=account.id, about_user_id=account.id, issuer=who.issuer)
    session.flush()
