"""What an institution sent in by a contract: its own number for it, and whose system is told what becomes of it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.deliveries import Delivery
from hub.models.filings import Filing


class Sending(Base):
    """One document as it was sent in: it opened a filing, or answered what was observed of one."""

    __tablename__ = "sendings"
    __table_args__ = (
        UniqueConstraint("sender_ruc", "cuo"),
        Index("ix_sendings_annexes_due", "annex_next_at", postgresql_where=text("annexes = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey(Delivery.id), index=True)
    """The leg that it opened."""
    subsanacion_id: Mapped[int | None] = mapped_column(ForeignKey("subsanaciones.id"))
    """Set where it answers an observation."""
    told_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    """Whose system is told: the sender's own, or the platform by which it came from outside the sector."""
    contract: Mapped[str] = mapped_column(String(12))
    """iotramite (the platform's side) | pide (the entity's side, by the national platform)"""
    sender_ruc: Mapped[str] = mapped_column(String(11))
    sender_name: Mapped[str] = mapped_column(String(250))
    sender_unit: Mapped[str] = mapped_column(String(250))
    cuo: Mapped[str] = mapped_column(String(10), index=True)
    """The sender's number; the leg has one of its own."""
    cuo_ref: Mapped[str] = mapped_column(String(10), default="")
    content_digest: Mapped[str] = mapped_column(String(64))
    """Tells a repeat from another document under the same number."""
    document_date: Mapped[datetime]
    received_at: Mapped[datetime]
    annex_names: Mapped[list[str]] = mapped_column(default=list)
    annex_url: Mapped[str] = mapped_column(String(200), default="")
    annexes: Mapped[str] = mapped_column(String(8), default="none")
    """none | waiting (being fetched) | kept | missing"""
    annex_code: Mapped[str] = mapped_column(String(60), default="")
    """Why they are missing, or what the last try said."""
    annex_tries: Mapped[int] = mapped_column(default=0)
    annex_next_at: Mapped[datetime | None]
    annex_until: Mapped[datetime | None]
    """From then on the document goes on its way without them."""
