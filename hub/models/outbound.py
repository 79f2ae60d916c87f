"""The outbox: everything that leaves the hub is a row here, committed with what it tells."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.core.statuses import MessageKind, OutboundStatus
from hub.models.base import Base
from hub.models.deliveries import Delivery


class OutboundMessage(Base):
    """One message on its way out. Its id is fixed here, before the first attempt, and never changes."""

    __tablename__ = "outbound_messages"
    __table_args__ = (
        Index("ix_outbound_due", "recipient_id", "created_at", postgresql_where=text("status = 'waiting'")),
        Index("ix_outbound_claimed", "recipient_id", "lease_until", postgresql_where=text("status = 'claimed'")),
        Index(
            "ix_outbound_told",
            "created_at",
            postgresql_where=text("status = 'waiting' and kind in ('acuse', 'cargo', 'estado', 'respuesta')"),
        ),
        Index("ix_outbound_dead", "created_at", postgresql_where=text("status = 'dead'")),
        UniqueConstraint("once"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[MessageKind]
    channel: Mapped[str] = mapped_column(String(12))
    """rest | soap | iotramite | hosted | mail | sms"""
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"), index=True)
    """Empty for a letter that is about no filing: a code, the link of a draft."""
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id), index=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("casilla_notices.id"), index=True)
    """The notice that this mail or SMS alerts about; its attempts are the alert's."""
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("entities.id"))
    """The institution; empty for mail and SMS, whose address stands in `content`."""
    once: Mapped[str | None] = mapped_column(String(80))
    """Names what this message tells, so that the same thing is never told twice."""
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The signed bytes, built at the first claim and the same in every retry."""
    reference_digest: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[OutboundStatus]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    must_ask: Mapped[bool] = mapped_column(default=False)
    """A try was made whose outcome is unknown: ask before sending again."""
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None]
    first_tried_at: Mapped[datetime | None]
    open_seconds_at_first: Mapped[float] = mapped_column(default=0.0)
    cannot_tell_since: Mapped[datetime | None]
    open_seconds_at_cannot_tell: Mapped[float] = mapped_column(default=0.0)
    done_at: Mapped[datetime | None]
    last_code: Mapped[str] = mapped_column(String(60), default="")

    delivery: Mapped[Delivery | None] = relationship()


class Attempt(Base):
    """One try of one message, with the partner's raw answer by digest. A part of the table for each month."""

    __tablename__ = "attempts"
    __table_args__ = ({"postgresql_partition_by": "RANGE (started_at)"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey(OutboundMessage.id), index=True)
    number: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(primary_key=True)
    finished_at: Mapped[datetime]
    worker: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(16))
    """ack | taken | has | has_not | cannot_tell | temporary | permanent | late"""
    code: Mapped[str] = mapped_column(String(60), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    raw_digest: Mapped[str] = mapped_column(String(64), default="")


def tried_for(leg: Delivery) -> ColumnElement[bool]:
    """Tries of a leg's messages: none was made before it was opened, so that months before are not looked in.

    A day is left for machines whose clocks differ.
    """
    return Attempt.started_at >= leg.created_at - timedelta(days=1)
