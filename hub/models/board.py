"""What the dashboard adds up beforehand, by span of time; and what people note on a leg.

The figures are counted again from filings and events whenever a span is counted: nothing here is the truth of anything.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.deliveries import Delivery
from hub.models.filings import Filing
from hub.models.users import User


class BoardSpan(Base):
    """A stretch of time whose figures were counted: a whole day of Peru, or an hour of a day that is not over."""

    __tablename__ = "board_spans"

    start: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    counted_at: Mapped[datetime]


class BoardFlow(Base):
    """What went from one counter to one institution in a span: filings by their presentation, the rest by its event."""

    __tablename__ = "board_flows"

    start: Mapped[datetime] = mapped_column(ForeignKey(BoardSpan.start), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    origin_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counter_code: Mapped[str] = mapped_column(String(32), primary_key=True)
    destination_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    filings: Mapped[int]
    from_outside: Mapped[int]
    """By people who live in another province than the destination's general reception unit, and did not travel there:
    online, or at a counter of another province."""
    pages: Mapped[int]
    handed_over: Mapped[int]
    """Legs of which the destination gave its first word."""
    same_day: Mapped[int]
    within_day: Mapped[int]
    """Of those, held by it on the day on which the leg was opened; and within 24 hours (TUO 132)."""
    registered: Mapped[int]
    last_cargo_at: Mapped[datetime | None]


class BoardShare(Base):
    """The same filings by kind of document and by hour of the day. `what`: kind | hour."""

    __tablename__ = "board_shares"

    start: Mapped[datetime] = mapped_column(ForeignKey(BoardSpan.start), primary_key=True)
    what: Mapped[str] = mapped_column(String(8), primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)
    origin_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counter_code: Mapped[str] = mapped_column(String(32), primary_key=True)
    destination_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    filings: Mapped[int]


class BoardWait(Base):
    """How long things took, counted in buckets (hub.core.waits). `what`: acknowledged | registered | distributed |
    filed_online | filed_counter."""

    __tablename__ = "board_waits"

    start: Mapped[datetime] = mapped_column(ForeignKey(BoardSpan.start), primary_key=True)
    what: Mapped[str] = mapped_column(String(16), primary_key=True)
    destination_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int]


class LegNote(Base):
    """What a person noted on a leg, for the others who look after it. Never shown to who filed."""

    __tablename__ = "leg_notes"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey(Filing.id), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id))
    by_user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)


class AttendedNeed(Base):
    """A need that a person took off the list: its note says who, when and why. `about`: hub.needing.Need.about."""

    __tablename__ = "attended_needs"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    about: Mapped[str] = mapped_column(String(80), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey(LegNote.id))
