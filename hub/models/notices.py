"""The casilla: what is deposited for a filer, when it was opened, from which day it counts as notified."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.deliveries import Delivery, Observation
from hub.models.filings import Document, Filing


class Notice(Base):
    """One notification of an act (Ley 31736): legal effect, unlike the courtesy letters of `hub.notices`."""

    __tablename__ = "casilla_notices"
    __table_args__ = (Index("ix_casilla_notices_open", "deemed_on", postgresql_where=text("notified_on is null")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id))
    observation_id: Mapped[int | None] = mapped_column(ForeignKey(Observation.id), unique=True)
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))
    kind: Mapped[str] = mapped_column(String(16))
    """observation | act"""
    subject: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    issued_on: Mapped[date | None]
    """The act's own date: it is to be notified within five business days (TUO 24.1)."""
    notify_by: Mapped[date | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    """It was deposited after `notify_by`: it counts all the same, and is shown."""
    has_consent: Mapped[bool]
    """The filer had authorised electronic notification when it was deposited; without it nothing is deemed."""
    deposited_at: Mapped[datetime]
    deemed_on: Mapped[date | None]
    """The day from which it is valid if nobody opens it; empty without consent, and until an alert was taken it may
    still move."""
    alerted_at: Mapped[datetime | None]
    """The first alert that a gateway took: a requirement of its validity."""
    opened_at: Mapped[datetime | None]
    notified_on: Mapped[date | None]
    notified_how: Mapped[str] = mapped_column(String(16), default="")
    """opened | acknowledged | deemed | in_person"""
    notified_note: Mapped[str] = mapped_column(String(200), default="")
    """Of one notified in person: the number of the cédula or who handed it over."""
