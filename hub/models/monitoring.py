"""What the hub knows of its own health: what each machine tried, which workers live, what operators were told,
and how the copies went."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base


class Heartbeat(Base):
    """A worker process that lives, or was killed: one that is told to stop takes its row away."""

    __tablename__ = "heartbeats"

    worker: Mapped[str] = mapped_column(String(300), primary_key=True)
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]


class Probe(Base):
    """What came of the last time that a machine really tried something: a stamp, a mail server, a disk."""

    __tablename__ = "probes"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    name: Mapped[str] = mapped_column(String(1000), primary_key=True)
    """tsa | mail | antivirus | store | disk:<path> | certificate:<file>"""
    tried_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(String(60), default="")
    """Why it failed; empty where it went well."""
    measured: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Figures: free and total bytes of a disk, the end of a certificate."""


class OperatorAlert(Base):
    """Something that is wrong and that a person was told of: one row from when it was seen to when it was mended."""

    __tablename__ = "operator_alerts"
    __table_args__ = (
        Index("uq_operator_alerts_open", "kind", "subject", unique=True, postgresql_where=text("closed_at is null")),
        Index("ix_operator_alerts_closed_at", "closed_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    """A hub.monitoring.Kind."""
    subject: Mapped[str] = mapped_column(String(1100), default="")
    """Which one: the code of an institution, a machine, a certificate. Empty where there is but one."""
    level: Mapped[int] = mapped_column(default=0)
    """How grave, where it grows: told again when it rises."""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When it was last told; the letters themselves stand in the outbox."""
    times_told: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Counts, codes and instants as they were last seen; no personal data."""


class BackupRound(Base):
    """How a round of `mesa backup` ended. The last hundred are kept, and whichever was whole last."""

    __tablename__ = "backup_rounds"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ended_at: Mapped[datetime]
    until: Mapped[datetime | None]
    """What was confirmed before this instant of the server is in the copy; null where the round failed."""
    upto: Mapped[str] = mapped_column(String(40), default="")
    """The place in the server's log that the copy reaches."""
    documents: Mapped[int] = mapped_column(BigInteger, default=0)
    """In the copy, in all; with their bytes."""
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    code: Mapped[str] = mapped_column(String(60), default="")
    """Why it failed; empty where it is whole."""
    said: Mapped[str] = mapped_column(String(300), default="")
    """What the system, or the program that failed, said of it."""
    failing_since: Mapped[datetime | None]
    """When the first round failed of those in a row that this one is the last of."""
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
