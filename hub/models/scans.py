"""What an antivirus has yet to look through, and what it found. By content: copies of a file share it."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base


class FileScan(Base):
    """A file that was taken without being looked through, by SHA-256 (hex); what was looked through has no row."""

    __tablename__ = "file_scans"
    __table_args__ = (
        Index("ix_file_scans_open", "next_try_at", postgresql_where=text("scanned_at is null")),
        Index("ix_file_scans_found", "scanned_at", postgresql_where=text("found <> ''")),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    object_key: Mapped[str] = mapped_column(String(80))
    """Where its bytes were when it came in."""
    size: Mapped[int] = mapped_column(BigInteger)
    why: Mapped[str] = mapped_column(String(12))
    """down (the antivirus did not answer) | too_large (for the antivirus) | gone (its bytes are nowhere any more) |
    later (who sent it, a machine, was not kept waiting)"""
    asked_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    scanned_at: Mapped[datetime | None]
    found: Mapped[str] = mapped_column(String(120), default="")
    """What it found; from then on the file is in quarantine."""
