"""The ledger: what seals the events. Rows are only ever added; `unsealed` is what the sealer has still to take."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base


class EventHead(Base):
    """The last event of each filing, by which the next is tied to it. Kept by a trigger of `events`."""

    __tablename__ = "event_heads"

    filing_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    count: Mapped[int]
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Unsealed(Base):
    """An event, or a line of the trail, that has no leaf yet. Written by triggers; the sealer replaces it by a leaf."""

    __tablename__ = "unsealed"

    event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Of the event; below zero: the number of a line of the trail, negated, with 0 for `filing_id`."""
    event_at: Mapped[datetime]
    filing_id: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Batch(Base):
    """A Merkle tree of leaves (RFC 6962 hashing), its root signed and chained to the batch before."""

    __tablename__ = "ledger_batches"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """1, 2, 3, without gaps."""
    sealed_at: Mapped[datetime]
    count: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of the statement of the batch before; zeros for the first."""
    blocks: Mapped[bytes] = mapped_column(LargeBinary, server_default=text("''"))
    """The hashes of the tree's blocks (hub.core.merkle), one after another, so that a proof reads one block."""
    jws: Mapped[str] = mapped_column(Text)
    """The signed statement, compact."""


class Leaf(Base):
    """Where an event stands in the tree of its batch."""

    __tablename__ = "ledger_leaves"

    batch_id: Mapped[int] = mapped_column(ForeignKey(Batch.id), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 0."""
    event_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    event_at: Mapped[datetime]
    filing_id: Mapped[int] = mapped_column(BigInteger, index=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The event's hash; the leaf hash is SHA-256(0x00 || hash)."""


class Stamp(Base):
    """A time-stamp (RFC 3161) over the statement of a batch, and so over every batch before it."""

    __tablename__ = "ledger_stamps"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey(Batch.id), index=True)
    stamped_at: Mapped[datetime]
    """The authority's own instant."""
    authority: Mapped[str] = mapped_column(String(250))
    token: Mapped[bytes] = mapped_column(LargeBinary)
    """The TimeStampToken, DER; its imprint is SHA-256 of the statement (the payload of the JWS)."""


class StampTrouble(Base):
    """The time-stamp authority as it was last seen by a real request: one row."""

    __tablename__ = "stamp_troubles"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failing_since: Mapped[datetime | None]
    last_code: Mapped[str] = mapped_column(String(60), default="")
    last_tried_at: Mapped[datetime]
