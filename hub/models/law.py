"""What the law makes us keep beside filings: days by decree, outages, incidents with personal data."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base


class DecreeDay(Base):
    """A non-business day set by a norm (TUO 148.1). Never deleted: a norm that takes it back ends it."""

    __tablename__ = "decree_days"
    __table_args__ = (CheckConstraint("length(trim(norm)) > 0", name="norm"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    norm: Mapped[str] = mapped_column(String(120))
    scope: Mapped[list[str]]
    """Beginnings of INEI ubigeos: ["15", "0701"]; empty is the whole country."""
    is_tax_business: Mapped[bool] = mapped_column(default=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    ended_norm: Mapped[str] = mapped_column(String(120), default="")


class Outage(Base):
    """An interval in which filing did not work; public (TUO 145.2)."""

    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    """What is told to everybody."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(200))
    verification_code: Mapped[str] = mapped_column(String(19), unique=True)


class Incident(Base):
    """A security incident with personal data: the authority is told within 48 hours (DS 016-2024-JUS)."""

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_code: Mapped[str] = mapped_column(String(32), default="")
    known_at: Mapped[datetime]
    what: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(200))
    told_authority_at: Mapped[datetime | None]
    told_as: Mapped[str] = mapped_column(Text, default="")
