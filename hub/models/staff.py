"""The people of the bodies: their units, what was passed to whom, how they come in, and the trail of what they did."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.deliveries import Delivery
from hub.models.filings import Filing
from hub.models.users import User


class Unit(Base):
    """A unit of a body, as its coordinator declares it. Never deleted: what was passed to it still names it."""

    __tablename__ = "units"
    __table_args__ = (UniqueConstraint("entity_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    name: Mapped[str] = mapped_column(String(250))
    closed_at: Mapped[datetime | None]


class Membership(Base):
    """The unit in which a person works; who has none sees all of their body. Rewritten, never deleted."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, autoincrement=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id), index=True)


class Assignment(Base):
    """A leg passed to a unit. Append-only: the newest one says who has it."""

    __tablename__ = "assignments"
    __table_args__ = (Index("ix_assignments_delivery_id_id", "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey(Delivery.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), index=True)
    by_user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    note: Mapped[str] = mapped_column(String(250), default="")
    at: Mapped[datetime]


class Archived(Base):
    """A leg that its body put away when it was done; taken up again, its instant is blank."""

    __tablename__ = "archived"

    delivery_id: Mapped[int] = mapped_column(ForeignKey(Delivery.id), primary_key=True, autoincrement=False)
    by_user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime | None]


class OwnDocument(Base):
    """A filing that a body of the sector made itself: an oficio, a carta, an informe to another institution."""

    __tablename__ = "own_documents"
    __table_args__ = (Index("ix_own_documents_entity_id_filing_id", "entity_id", "filing_id"),)

    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), primary_key=True, autoincrement=False)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    because_of_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id), index=True)
    """The leg in its own inbox on whose account it was written."""


class SecondFactor(Base):
    """The second step of a person's sign-in (RFC 6238). Its secret is derived from the salt; no secret is stored."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The newest thirty seconds whose code was used: a code opens once."""
    recovery: Mapped[list[str]] = mapped_column(default=list)
    """SHA-256 of the recovery codes that are left."""


class Invitation(Base):
    """A link by e-mail with which a person chooses their password. The link is derived from the id."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditEntry(Base):
    """One thing that a person of the house did to accounts, units or their body. Append-only, by a trigger."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_entity_code_id", "entity_code", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(User.id), index=True)
    """Who did it; empty for who is nobody yet (the invited person who opens their account)."""
    entity_code: Mapped[str] = mapped_column(String(32), default="")
    kind: Mapped[str] = mapped_column(String(40))
    about_user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Codes and names of units and roles; no passwords, no codes, no text of people about people."""


class AccessRequest(Base):
    """A body asks to join the sector: its data, its responsible person, and what the administrator decided."""

    __tablename__ = "access_requests"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    asked_at: Mapped[datetime]
    ruc: Mapped[str] = mapped_column(String(11), index=True)
    acronym: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(250))
    kind: Mapped[str] = mapped_column(String(20))
    """A BodyKind."""
    place: Mapped[str] = mapped_column(String(100))
    ubigeo: Mapped[str] = mapped_column(String(6))
    """Of its counter: six digits of the INEI; zeros at the end where no more is known."""
    responsible: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(150), default="")
    email: Mapped[str] = mapped_column(String(254))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(String(10), default="")
    """approved | declined"""
    reason: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    entity_code: Mapped[str] = mapped_column(String(32), default="")
