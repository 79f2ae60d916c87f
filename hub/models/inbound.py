"""What partners say to us: kept by digest before it is acted on, applied once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from hub.core.statuses import InboundStatus
from hub.models.base import Base


class RawMessage(Base):
    """Bytes exactly as a partner sent them, by SHA-256 (hex). Never changed."""

    __tablename__ = "raw_messages"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]


class InboundMessage(Base):
    """One message from a partner and what became of it."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("sender_ruc", "message_id"),
        Index("ix_inbound_kept", "received_at", postgresql_where=text("status = 'kept'")),
        # Apart from the kept ones, of which every message leaves a dead entry until the next vacuum.
        Index("ix_inbound_parked", "cuo", postgresql_where=text("status = 'parked'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[UUID]
    sender_ruc: Mapped[str] = mapped_column(String(11))
    channel: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(16))
    cuo: Mapped[str] = mapped_column(String(10), index=True)
    reference_digest: Mapped[str] = mapped_column(String(64))
    raw_digest: Mapped[str] = mapped_column(ForeignKey(RawMessage.digest))
    received_at: Mapped[datetime]
    is_stale: Mapped[bool] = mapped_column(default=False)
    """Signed more than 72 hours before it came: accepted, and flagged."""
    status: Mapped[InboundStatus]
    code: Mapped[str] = mapped_column(String(60), default="")
    acted_on_at: Mapped[datetime | None]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    resolved_by: Mapped[str] = mapped_column(String(200), default="")
    resolution: Mapped[str] = mapped_column(Text, default="")


class SeenToken(Base):
    """Ids of bearer tokens already used, until they expire: a token opens a door once."""

    __tablename__ = "seen_tokens"

    issuer: Mapped[str] = mapped_column(String(11), primary_key=True)
    jti: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
