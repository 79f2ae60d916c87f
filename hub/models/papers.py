"""Papers: the PDFs that the hub makes, once each; every version stays and is known by its SHA-256."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.filings import Filing


class Paper(Base):
    """One version of a paper about a filing. Apart from what was handed in, so that it never travels with it."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("filing_id", "kind", "version"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id))
    kind: Mapped[str] = mapped_column(String(16))
    """constancia | cargo"""
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(String(80), unique=True)
    made_at: Mapped[datetime]
