"""Comparing both ends: each comparison, what was found to differ and what people did about it, the signed balances."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.deliveries import Delivery
from hub.models.directory import EntityRow
from hub.models.users import User


class Comparison(Base):
    """One comparison with one institution: of the night, once for each day, or because somebody asked for it."""

    __tablename__ = "comparisons"
    __table_args__ = (
        Index(
            "uq_comparisons_entity_id_day", "entity_id", "day", unique=True, postgresql_where=text("day is not null")
        ),
        Index("ix_comparisons_open", "id", postgresql_where=text("finished_at is null")),
        Index("ix_comparisons_entity_id_id", "entity_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey(EntityRow.id))
    day: Mapped[date | None]
    """The day that it closes, in Peru; empty for one that was asked for."""
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(200), default="")
    """The number of an account, a name at the command line; empty for the clock."""
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """How often it was begun."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(String(60), default="")
    """Why it was not compared, or not to its end; empty where it was."""
    since: Mapped[datetime | None]
    """What moved from here on was compared,"""
    until: Mapped[datetime | None]
    """and up to here: the next one goes on from it."""
    listed: Mapped[int | None]
    """Lines of the institution's own list; empty where it gives none."""
    equal: Mapped[int] = mapped_column(default=0)
    differing: Mapped[int] = mapped_column(default=0)
    cannot_tell: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    """Legs that were due and not compared."""


class Difference(Base):
    """Something in which the hub and an institution differ about one CUO: one row from when it was seen to its end."""

    __tablename__ = "differences"
    __table_args__ = (
        Index("uq_differences_open", "entity_id", "cuo", unique=True, postgresql_where=text("closed_at is null")),
        Index("ix_differences_found_at", "found_at"),
        Index("ix_differences_closed_at", "closed_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey(EntityRow.id))
    cuo: Mapped[str] = mapped_column(String(10))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id), index=True)
    """Empty where nobody here knows that CUO."""
    kind: Mapped[str] = mapped_column(String(12))
    """lacking | unknown | differs (hub.core.comparing.Gap)"""
    ours: Mapped[str] = mapped_column(String(24), default="")
    theirs: Mapped[str] = mapped_column(String(24), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Numbers and instants of both sides; no personal data."""
    raw_digests: Mapped[list[str]] = mapped_column(default=list)
    """What the institution said, message by message, as it came (raw_messages)."""
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    explained_at: Mapped[datetime | None]
    """A person knows why: it is no trouble while it stays as it is."""
    closed_at: Mapped[datetime | None]


class DifferenceAct(Base):
    """What a person did about a difference, and why."""

    __tablename__ = "difference_acts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    difference_id: Mapped[int] = mapped_column(ForeignKey(Difference.id), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by_user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    what: Mapped[str] = mapped_column(String(12))
    """again | take | note | explain"""
    text: Mapped[str] = mapped_column(Text)


class BalanceRow(Base):
    """The signed balance of one institution and one day; the next one names it by its digest."""

    __tablename__ = "balances"
    __table_args__ = (UniqueConstraint("entity_id", "day"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey(EntityRow.id))
    day: Mapped[date]
    made_at: Mapped[datetime]
    lines: Mapped[str] = mapped_column(Text)
    """The legs that moved that day, as canonical JSON: what the root in the statement is the root of."""
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of the signed statement."""
    jws: Mapped[str] = mapped_column(Text)


class InstitutionOutage(Base):
    """An institution that did not answer: from the first failure of the row that opened its breaker to an answer."""

    __tablename__ = "institution_outages"
    __table_args__ = (
        Index("uq_institution_outages_open", "entity_id", unique=True, postgresql_where=text("until is null")),
        Index("ix_institution_outages_since", "since"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey(EntityRow.id))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(String(60), default="")
    """What its last failure was."""
