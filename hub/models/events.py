"""Events: what happened to a filing, said by whom. Append-only; a trigger refuses change and deletion."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, FetchedValue, Identity, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.core.statuses import Author
from hub.models.base import Base

BY_PEOPLE = text("said_by ~ '^[0-9]'")
"""Told by a person with an account; part of the indexes by which the trail is searched."""


class Event(Base):
    """One thing that happened. `data` holds codes and references, never personal data."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_filing_id_at", "filing_id", "at"),
        Index("ix_events_at", "at", postgresql_using="brin"),
        Index("ix_events_people_at", "at", "id", postgresql_where=BY_PEOPLE),
        *(Index(f"ix_events_people_{one}_at", one, "at", "id", postgresql_where=BY_PEOPLE)
          for one in ("said_by", "kind")),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    """When the hub knew it."""
    happened_at: Mapped[datetime]
    """When it happened, by the clock of who says it."""
    filing_id: Mapped[int] = mapped_column(BigInteger)
    delivery_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(40))
    author: Mapped[Author]
    said_by: Mapped[str] = mapped_column(String(200))
    """Entity code of a destination; user id of a person of the house; `hub`."""
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    raw_digest: Mapped[str] = mapped_column(String(64), default="")
    content_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of its canonical form (hub.core.chain)."""
    position: Mapped[int | None] = mapped_column(server_default=FetchedValue())
    """Its place among the events of its filing, from 1; with `previous` and `hash` set by a trigger."""
    previous: Mapped[bytes | None] = mapped_column(LargeBinary(32), server_default=FetchedValue())
    hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), server_default=FetchedValue())
