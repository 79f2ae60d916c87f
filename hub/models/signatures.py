"""Signatures that came in: who signed a PDF that was handed in, as the file says. Personal data, apart from events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.filings import Document


class SignatureReading(Base):
    """A document whose signatures were looked for, once."""

    __tablename__ = "signature_readings"

    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id), primary_key=True)
    read_at: Mapped[datetime]
    found: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(60), default="")
    """Why it could not be read, or empty."""


class DocumentSignature(Base):
    """One signature of a document. Nothing here says that its certificate is trusted."""

    __tablename__ = "document_signatures"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id), index=True)
    signer: Mapped[str] = mapped_column(String(250))
    organisation: Mapped[str] = mapped_column(String(250), default="")
    ruc: Mapped[str] = mapped_column(String(11), default="")
    authority: Mapped[str] = mapped_column(String(250), default="")
    signed_at: Mapped[datetime | None]
    """As the signer says, or as the time-stamp says where `is_stamped`."""
    is_stamped: Mapped[bool]
    is_intact: Mapped[bool]
    covers_all: Mapped[bool]
