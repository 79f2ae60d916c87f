"""The directory as tables: what was declared, version by version, and what is operational now."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, String, Text, and_, or_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base

EASES_IN = timedelta(minutes=10)
"""After a window of maintenance, until as much is sent at once as before."""


class EntityRow(Base):
    """A body of the sector: its identity only, so that other tables can point at it. Never deleted."""

    __tablename__ = "entities"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    ruc: Mapped[str] = mapped_column(String(11), unique=True)


class Declaration(Base):
    """One version of something declared. Append-only: the newest `valid_from` that has come holds."""

    __tablename__ = "declarations"
    __table_args__ = (Index("ix_declarations_kind_key_valid_from", "kind", "key", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """entity | agreement | sector"""
    key: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(8))
    """file | screen"""
    declared: Mapped[dict[str, Any]]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class Revocation(Base):
    """A certificate that no longer counts, from now on. Acts at once."""

    __tablename__ = "revocations"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the certificate's DER, hex."""
    revoked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    revoked_by: Mapped[str] = mapped_column(String(200))


class Proposal(Base):
    """A change that somebody proposes to the declared file. Nothing holds until the file says so and is imported."""

    __tablename__ = "directory_proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    entity_code: Mapped[str] = mapped_column(String(32), index=True)
    """The body that it is about; empty for the sector and its agreements."""
    about: Mapped[str] = mapped_column(String(120))
    """The thing, by its path in the file: `entities[igp].adapter`."""
    reason: Mapped[str] = mapped_column(Text)
    diff: Mapped[str] = mapped_column(Text)
    """Unified, against the file as it was."""
    wanted: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What the tables hold once it is applied: kind, key, name of the value, value (none: no longer there)."""
    applied_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class InstitutionState(Base):
    """What is operational about one institution: pause and circuit breaker. Locked while its messages are claimed."""

    __tablename__ = "institution_states"

    entity_id: Mapped[int] = mapped_column(ForeignKey(EntityRow.id), primary_key=True, autoincrement=False)
    paused_at: Mapped[datetime | None]
    paused_reason: Mapped[str] = mapped_column(Text, default="")
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    times_opened: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    open_until: Mapped[datetime | None]
    open_seconds: Mapped[float] = mapped_column(default=0.0)
    """Seconds that the breaker has been open in all, of pauses, and of windows that others took the place of: they do
    not count against a message's 72 hours."""
    failing_since: Mapped[datetime | None]
    """The first of the failures in a row that are counted now."""
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]
    maintenance_from: Mapped[datetime | None]
    maintenance_until: Mapped[datetime | None]
    maintenance_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The window that it announced: nothing is sent in it, and afterwards little at first."""

    def is_in_maintenance(self, now: datetime) -> bool:
        """True within the window that it announced."""
        since, until = self.maintenance_from, self.maintenance_until
        return since is not None and until is not None and since <= now < until

    def is_held(self, now: datetime) -> bool:
        """True while nothing goes there, by a pause or by the window that it announced."""
        return self.paused_at is not None or self.is_in_maintenance(now)

    def eased(self, cap: int, now: datetime) -> int:
        """How many messages may be on their way there, of `cap`: after a window one, and more with each minute."""
        until = self.maintenance_until
        if until is None or not until <= now < until + EASES_IN:
            return cap
        return max(1, int(cap * ((now - until) / EASES_IN)))

    def open_seconds_until(self, now: datetime) -> float:
        """Seconds that nobody tried, with the opening and the pause that still last and what has passed of the window.

        Where some were at once, each counts: a message is tried for longer then, never for less.
        """
        lasting = sum((now - since).total_seconds() for since in (self.opened_at, self.paused_at) if since)
        return self.open_seconds + lasting + self.window_seconds_until(now)

    def window_seconds_until(self, now: datetime) -> float:
        """Seconds that have passed of the window that it announced last."""
        if self.maintenance_from is None or self.maintenance_until is None:
            return 0.0
        return max(0.0, (min(now, self.maintenance_until) - self.maintenance_from).total_seconds())


def may_be_called(now: datetime) -> ColumnElement[bool]:
    """The institutions that are neither paused nor in a window of maintenance; also those of which nothing is known."""
    state = InstitutionState
    is_outside = or_(state.maintenance_from.is_(None), state.maintenance_from > now, state.maintenance_until <= now)
    return and_(state.paused_at.is_(None), is_outside)
