"""Papers: the PDFs that the hub makes, once each; every version stays and is known by its SHA-256."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.deliveries import Delivery
from hub.models.filings import Filing
from hub.models.law import Outage


class Paper(Base):
    """One version of a paper about a filing or an outage. Apart from what was handed in: it never travels with it."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint(
            "filing_id", "delivery_id", "outage_id", "kind", "version", postgresql_nulls_not_distinct=True
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey(Filing.id))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id))
    """The leg whose registration a cargo proves."""
    outage_id: Mapped[int | None] = mapped_column(ForeignKey(Outage.id))
    kind: Mapped[str] = mapped_column(String(16))
    """constancia | cargo | no_presentado | indisponibilidad"""
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(String(80), unique=True)
    made_at: Mapped[datetime]
    stamped_at: Mapped[datetime | None]
    """The instant of its time-stamp; empty where no authority was asked or none answered."""


class PaperOrder(Base):
    """A paper to be made, apart from the request that wants it; taken in order of age."""

    __tablename__ = "paper_orders"
    __table_args__ = (
        Index("ix_paper_orders_open", "ordered_at", postgresql_where=text("done_at is null")),
        UniqueConstraint("filing_id", "delivery_id", "kind", "version", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id))
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    ordered_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_code: Mapped[str] = mapped_column(String(60), default="")
    done_at: Mapped[datetime | None]
