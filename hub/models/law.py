"""What the law makes us keep beside filings: days by decree, outages, incidents with personal data."""

from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, Identity, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.core.calendar import local_date
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
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    settled_at: Mapped[datetime | None]
    """When the open terms of bodies were last counted anew for it."""

    @property
    def changed_at(self) -> datetime:
        """When it last changed what is a business day."""
        return self.ended_at or self.recorded_at


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
    ended_by: Mapped[str] = mapped_column(String(200), default="")
    verification_code: Mapped[str] = mapped_column(String(19), unique=True)

    def touches(self, now: datetime) -> set[date]:
        """The days in Peru on which filing did not work, if only for a while, as far as it is known at `now`."""
        first, last = local_date(self.started_at), local_date(self.ended_at or max(now, self.started_at))
        return {first + timedelta(days=number) for number in range((last - first).days + 1)}


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
