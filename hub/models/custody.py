"""Custody: what a counter keeps for a filing and cannot travel by the wire, and the slips it goes on with."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.filings import Filing


class TransferSlip(Base):
    """A hoja de remisión: what goes by hand from one body to another. Numbered without gaps by body and year."""

    __tablename__ = "transfer_slips"
    __table_args__ = (
        UniqueConstraint("from_id", "year", "sequence"),
        Index("ix_transfer_slips_on_their_way", "to_id", postgresql_where=text("received_at is null")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    year: Mapped[int]
    sequence: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class CustodyItem(Base):
    """One thing on paper or on a medium that a counter was handed with a filing, and where it is."""

    __tablename__ = "custody_items"
    __table_args__ = (Index("ix_custody_items_held", "holder_id", postgresql_where=text("state = 'held'")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """original (on paper) | soporte_fisico (USB, CD, a sample)"""
    description: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12))
    """held | on_its_way | handed_over | returned"""
    holder_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    """The body whose counter has it; while it is on its way, the one it left."""
    counter_code: Mapped[str] = mapped_column(String(32))
    slip_id: Mapped[int | None] = mapped_column(ForeignKey(TransferSlip.id), index=True)
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime]
