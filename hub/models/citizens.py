"""Citizens' accounts: who an account is of, and the links by mail that open, recover or move one."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.users import User


class Citizen(Base):
    """Of whom a citizen's account is: a person, or a company (RUC) with its representative. Emptied when it is closed.

    Staff have no row here; the address of the account stands in `users`.
    """

    __tablename__ = "citizens"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)
    document_kind: Mapped[str] = mapped_column(String(8))
    document_number: Mapped[str] = mapped_column(String(20))
    names: Mapped[str] = mapped_column(String(250))
    phone: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    ruc: Mapped[str] = mapped_column(String(11), default="")
    business_name: Mapped[str] = mapped_column(String(250), default="")
    ubigeo: Mapped[str] = mapped_column(String(6), default="", server_default="")
    """INEI's, of the district of the address."""
    closed_at: Mapped[datetime | None]


class AccountLink(Base):
    """A link sent to an address. What it ends with is derived from the id: none is stored. It is good once."""

    __tablename__ = "account_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    purpose: Mapped[str] = mapped_column(String(8))
    """open | recover | move"""
    email: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    """The account it is for; empty for one that is still to be opened."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignInIdentity(Base):
    """Who an account is for a provider of identities (OpenID Connect): its stable `sub`, never a mail nor a number."""

    __tablename__ = "sign_in_identities"

    issuer: Mapped[str] = mapped_column(String(200), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    linked_at: Mapped[datetime]
