"""Uploading: a file that comes in pieces, all in the shared store, so that any web process goes on with it.

Where the store is a folder each piece is joined to the first one, and no file is written twice; elsewhere each piece
stays an object until the last one is in.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub import drafts, pieces
from hub.core.errors import MesaError, NotFound
from hub.core.messages import DocumentRole
from hub.models import Draft, FilePart, FileUpload
from hub.storage import Store, Stored
from hub.submitted import SubmittedFile

LIFE = timedelta(days=1)
"""Counted from the last piece."""
AT_ONCE = 20
"""Uploads that one draft may have open."""
BATCH = 100


class UploadRefused(MesaError):
    """A piece that does not go on where the last one ended, or one upload too many."""

    code = "UPLOAD_OFFSET"


def begin(
    session: Session, draft: Draft, role: DocumentRole, file_name: str, size: int, now: datetime
) -> FileUpload:
    """Announce a file of `size` bytes; flushed. Raises UploadRefused UPLOAD_TOO_MANY, Forbidden DRAFT_SENT."""
    held = drafts.lock(session, draft)
    open_now = select(func.count()).where(FileUpload.draft_id == held.id, FileUpload.done_at.is_(None))
    if session.scalar(open_now) >= AT_ONCE:  # type: ignore[operator]
        raise UploadRefused(code="UPLOAD_TOO_MANY")
    upload = FileUpload(
        draft_id=held.id, role=role.value, file_name=file_name[:255], size=size, created_at=now, expires_at=now + LIFE
    )
    session.add(upload)
    session.flush()
    return upload


def find(session: Session, draft: Draft, upload_id: UUID, now: datetime) -> FileUpload:
    """An upload of this draft. Raises NotFound for one of another, and for an expired one."""
    upload = session.get(FileUpload, upload_id)
    if upload is None or upload.draft_id != draft.id or upload.expires_at <= now:
        raise NotFound("upload", code="UPLOAD_NOT_FOUND")
    return upload


def _lock(session: Session, upload_id: UUID) -> FileUpload:
    query = select(FileUpload).where(FileUpload.id == upload_id).with_for_update()
    upload = session.scalar(query.execution_options(populate_existing=True))
    if upload is None:
        raise NotFound("upload", code="UPLOAD_NOT_FOUND")
    return upload


def keep_part(
    session: Session, store: Store, upload_id: UUID, offset: int, part: Stored, now: datetime
) -> FileUpload:
    """Write down a piece whose bytes are stored, and make it durable.

    Raises UploadRefused where another piece was first or it is too long.

    The caller discards the object of a piece that was refused.
    """
    upload = _lock(session, upload_id)
    if offset != upload.received or offset + part.size > upload.size:
        raise UploadRefused()
    first = session.scalar(select(FilePart).where(FilePart.upload_id == upload.id, FilePart.offset == 0))
    piece = FilePart(upload_id=upload.id, offset=offset, size=part.size, object_key=part.object_key)
    pieces.keep(session, store, first, piece)
    upload.received += part.size
    upload.expires_at = now + LIFE
    session.flush()
    return upload


def parts_of(session: Session, upload_id: UUID) -> Sequence[FilePart]:
    """The pieces of an upload, in order."""
    return session.scalars(select(FilePart).where(FilePart.upload_id == upload_id).order_by(FilePart.offset)).all()


def assemble(store: Store, parts: Sequence[FilePart]) -> Stored:
    """The pieces as one object with one SHA-256; no more than a megabyte of it is in memory at once.

    A single one is read, not written again; the object has a key of its own all the same.
    """
    if len(parts) == 1:
        return store.known(store.copy(parts[0].object_key))
    return store.joined(part.object_key for part in parts)


def finish(session: Session, draft: Draft, upload_id: UUID, file: SubmittedFile, now: datetime) -> list[str]:
    """A whole upload becomes a file of its draft. Gives the object keys to discard after the commit.

    Two processes may finish the same upload: the second gives its own copy back to be discarded.
    """
    upload = _lock(session, upload_id)
    if upload.done_at is not None:
        return [file.stored.object_key]
    upload.done_at = now
    return drafts.add(session, draft, file, now) + _drop_parts(session, upload.id)


def drop(session: Session, upload_id: UUID) -> list[str]:
    """Forget an upload, whole or not. Gives the object keys to discard after the commit."""
    _lock(session, upload_id)
    keys = _drop_parts(session, upload_id)
    session.execute(delete(FileUpload).where(FileUpload.id == upload_id))
    return keys


def _drop_parts(session: Session, upload_id: UUID) -> list[str]:
    gone = delete(FilePart).where(FilePart.upload_id == upload_id).returning(FilePart.object_key)
    return list(session.scalars(gone))


def drop_expired(session: Session, now: datetime) -> tuple[int, list[str]]:
    """Drop uploads that nobody went on with; flushed. Gives how many, and what to discard after the commit."""
    query = select(FileUpload).where(FileUpload.expires_at <= now).order_by(FileUpload.expires_at).limit(BATCH)
    expired = session.scalars(query.with_for_update(skip_locked=True)).all()
    keys = []
    for upload in expired:
        keys += _drop_parts(session, upload.id)
        session.execute(delete(FileUpload).where(FileUpload.id == upload.id))
    session.flush()
    return len(expired), keys
