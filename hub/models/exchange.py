"""What institutions exchange with the hub by themselves: documents they leave, Sobres they send, the directory."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base


class CallRate(Base):
    """How far ahead of its rate an institution is. Unlogged: what a crash forgets is forgiven."""

    __tablename__ = "call_rates"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    ruc: Mapped[str] = mapped_column(String(11), primary_key=True)
    spent_until: Mapped[datetime]
    """The instant until which its calls so far would have lasted at exactly its rate."""


class LeftDocument(Base):
    """A document that an institution leaves at the hub, by digest, before the message that names it."""

    __tablename__ = "left_documents"
    __table_args__ = (UniqueConstraint("entity_id", "sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    """As announced; checked when the last byte is in."""
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    object_key: Mapped[str] = mapped_column(String(80), default="")
    """Empty until it is whole."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LeftPart(Base):
    """One piece of a document on its way in, an object of the store."""

    __tablename__ = "left_parts"
    __table_args__ = (UniqueConstraint("document_id", "offset"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(LeftDocument.id))
    offset: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(80), unique=True)


class ReceivedSobre(Base):
    """A Sobre that an institution sent to the hub, and the filing that it became, or that it corrects."""

    __tablename__ = "received_sobres"
    __table_args__ = (UniqueConstraint("sender_id", "message_id"), UniqueConstraint("sender_id", "cuo"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("entities.id"))
    message_id: Mapped[UUID]
    cuo: Mapped[str] = mapped_column(String(10))
    """The sender's own: its messages and ours about this filing carry it."""
    reference_digest: Mapped[str] = mapped_column(String(64))
    raw_digest: Mapped[str] = mapped_column(ForeignKey("raw_messages.digest"))
    received_at: Mapped[datetime]
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)


class DirectoryVersion(Base):
    """The directory as it was signed. The newest row is the one that is given out."""

    __tablename__ = "directory_versions"
    __table_args__ = (Index("ix_directory_versions_issued_at", "issued_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    """Grows with each change of what it says; the same content signed again keeps it."""
    content_digest: Mapped[str] = mapped_column(String(64))
    jws: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]


class ConformanceReport(Base):
    """One run of the conformance cases against an institution, as it was signed."""

    __tablename__ = "conformance_reports"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entities.id"), index=True)
    made_at: Mapped[datetime]
    has_passed: Mapped[bool]
    report: Mapped[dict[str, Any]]
    jws: Mapped[str] = mapped_column(Text)


class Activation(Base):
    """That an institution's system is in use: by its report, or because an administrator says so in writing."""

    __tablename__ = "activations"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entities.id"), index=True)
    at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(500), default="")
    """The address that the report is about: another one needs a report of its own."""
    report_id: Mapped[int | None] = mapped_column(ForeignKey(ConformanceReport.id))
    by: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
