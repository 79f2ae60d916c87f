"""What is not presented yet: drafts of the online form, their files, uploads in parts, codes that prove an address.

Nothing here is a filing: an expired draft is dropped with its files, and no number, event or register knows of it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.models.base import Base
from hub.models.filings import Filing


class Draft(Base):
    """A form that somebody is filling in. Its token is derived from its id, so that none is stored."""

    __tablename__ = "drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    form_token: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    """The filing made from it carries this, so that the draft sent twice is one filing."""
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What was typed, by field; emptied when it is sent."""
    proved_email: Mapped[str] = mapped_column(String(254), default="")
    """The address whose code was typed back."""
    proved_phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """The mobile whose code was typed back, as it was typed."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    filing_id: Mapped[int | None] = mapped_column(ForeignKey(Filing.id), index=True)
    """The filing it became."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    """The citizen's account it follows; only who is signed in there goes on with it."""


class DraftFile(Base):
    """A file of a draft, whole in the store. When the draft is sent its document takes the object over."""

    __tablename__ = "draft_files"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    """Order in which they came in."""
    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id), index=True)
    role: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(127))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int | None]
    object_key: Mapped[str] = mapped_column(String(80), unique=True)
    added_at: Mapped[datetime]


class FileUpload(Base):
    """A file that comes in pieces. `received` bytes of `size` are in the store, as parts."""

    __tablename__ = "file_uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey(Draft.id), index=True)
    role: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    """When it became a file of its draft."""


class FilePart(Base):
    """One piece of an upload, an object of the store."""

    __tablename__ = "file_parts"
    __table_args__ = (UniqueConstraint("upload_id", "offset"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    upload_id: Mapped[UUID] = mapped_column(ForeignKey(FileUpload.id))
    offset: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(String(80), unique=True)


class EmailCode(Base):
    """A code of six digits sent to an address of mail, or to a mobile (+51...). Derived from the id: none is stored."""

    __tablename__ = "email_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
