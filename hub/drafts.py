"""Drafts: what somebody is filling in and has not presented. Kept thirty days; no number, no event, no register."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub import files
from hub.core.errors import Forbidden, NotFound
from hub.core.messages import DocumentRole
from hub.models import Draft, DraftFile, FileUpload
from hub.storage import Store, Stored
from hub.submitted import SubmittedFile

LIFE = timedelta(days=30)
"""Counted from the last time that something was written."""
BATCH = 100


def start(session: Session, values: Mapping[str, str], now: datetime) -> Draft:
    """Begin a draft; flushed."""
    draft = Draft(values=dict(values), created_at=now, expires_at=now + LIFE)
    session.add(draft)
    session.flush()
    return draft


def token_of(secret: bytes, draft_id: UUID) -> str:
    """What opens a draft, in its cookie and in its link: its id and 128 bits of an HMAC, so that none is stored."""
    return f"{draft_id.hex}{_seal(secret, draft_id)}"


def _seal(secret: bytes, draft_id: UUID) -> str:
    return hmac.digest(secret, f"borrador:{draft_id.hex}".encode(), "sha256").hex()[:32]


def find(session: Session, secret: bytes, token: str, now: datetime) -> Draft:
    """The draft of a token, sent or not. Raises NotFound for a forged token and for an expired draft."""
    try:
        draft_id = UUID(token[:32])
    except ValueError as error:
        raise NotFound("draft", code="DRAFT_NOT_FOUND") from error
    if not hmac.compare_digest(token[32:].encode(), _seal(secret, draft_id).encode()):
        raise NotFound("draft", code="DRAFT_NOT_FOUND")
    draft = session.get(Draft, draft_id)
    if draft is None or draft.expires_at <= now:
        raise NotFound("draft", code="DRAFT_NOT_FOUND")
    return draft


def lock(session: Session, draft: Draft) -> Draft:
    """The draft as it is now, held until the transaction ends. Raises Forbidden DRAFT_SENT for one already sent."""
    query = select(Draft).where(Draft.id == draft.id).with_for_update()
    held = session.scalar(query.execution_options(populate_existing=True))
    if held is None:
        raise NotFound("draft", code="DRAFT_NOT_FOUND")
    if held.filing_id is not None:
        raise Forbidden("draft", code="DRAFT_SENT")
    return held


def write(session: Session, draft: Draft, typed: Mapping[str, str], now: datetime) -> None:
    """Keep what was typed, right or wrong; its thirty days begin anew. Raises Forbidden DRAFT_SENT."""
    held = lock(session, draft)
    held.values = {**held.values, **typed}
    held.expires_at = now + LIFE


def files_of(session: Session, draft: Draft) -> Sequence[DraftFile]:
    """The files of a draft: the main document first, then the annexes in the order they came in."""
    found = session.scalars(select(DraftFile).where(DraftFile.draft_id == draft.id).order_by(DraftFile.number)).all()
    return sorted(found, key=lambda one: one.role != DocumentRole.MAIN)


def look_at(store: Store, role: DocumentRole, file_name: str, stored: Stored) -> SubmittedFile:
    """A stored file, known by its bytes. Raises UnreadableFile for a main document that nobody could open."""
    name = files.clean_name(file_name, "documento.pdf" if role is DocumentRole.MAIN else "anexo")
    if stored.size == 0:
        raise files.UnreadableFile(code="FILE_EMPTY")
    with store.open(stored.object_key) as stream:
        if role is DocumentRole.MAIN:
            return SubmittedFile(role, name, files.PDF, stored, files.check_pdf(stream))
        kind = files.media_type(stream)
        return SubmittedFile(role, name, kind, stored, _pages(stream) if kind == files.PDF else None)


def _pages(stream: BinaryIO) -> int | None:
    """Of an annex that claims to be a PDF; one that cannot be opened is received all the same (TUO 136.1)."""
    try:
        return files.check_pdf(stream)
    except files.UnreadableFile:
        return None


def add(session: Session, draft: Draft, file: SubmittedFile, now: datetime) -> list[str]:
    """Add a file; a main document takes the place of the one before. Gives the object keys nobody names any more.

    The caller discards those after its commit. Raises Forbidden DRAFT_SENT.
    """
    held = lock(session, draft)
    held.expires_at = now + LIFE
    replaced = _drop(session, held, DraftFile.role == DocumentRole.MAIN) if file.role is DocumentRole.MAIN else []
    session.add(
        DraftFile(
            draft_id=held.id,
            role=file.role.value,
            file_name=file.file_name,
            media_type=file.media_type,
            size=file.stored.size,
            sha256=file.stored.sha256,
            pages=file.pages,
            object_key=file.stored.object_key,
            added_at=now,
        )
    )
    session.flush()
    return replaced


def remove(session: Session, draft: Draft, file_id: UUID) -> list[str]:
    """Take a file away; one that is not there is no error. Gives what to discard after the commit."""
    return _drop(session, lock(session, draft), DraftFile.id == file_id)


def _drop(session: Session, draft: Draft, which: object) -> list[str]:
    gone = delete(DraftFile).where(DraftFile.draft_id == draft.id, which).returning(DraftFile.object_key)  # type: ignore[arg-type]
    return list(session.scalars(gone))


def drop(session: Session, draft: Draft) -> list[str]:
    """Forget a draft that was not sent. Gives what to discard after the commit; open uploads expire by themselves."""
    held = lock(session, draft)
    keys = _drop(session, held, DraftFile.draft_id == held.id)
    held.values, held.proved_email, held.proved_phone, held.expires_at = {}, "", "", held.created_at
    return keys


def hand_over(session: Session, draft: Draft, filing_id: int) -> None:
    """The draft became a filing: its documents hold the files now, and what was typed is kept there alone."""
    session.execute(delete(DraftFile).where(DraftFile.draft_id == draft.id))
    draft.filing_id, draft.values = filing_id, {}


def drop_expired(session: Session, now: datetime) -> tuple[int, list[str]]:
    """Drop drafts that nobody went on with, and their files; flushed. Gives how many, and what to discard after the
    commit: no lock is held while the store is slow, and no row names what is gone.
    """
    query = select(Draft).where(Draft.expires_at <= now).order_by(Draft.expires_at).limit(BATCH)
    expired = session.scalars(query.with_for_update(skip_locked=True)).all()
    dropped, keys = 0, []
    for draft in expired:
        if session.scalar(select(FileUpload.id).where(FileUpload.draft_id == draft.id).limit(1)):
            continue  # its uploads are dropped first
        keys += _drop(session, draft, DraftFile.draft_id == draft.id)
        session.execute(delete(Draft).where(Draft.id == draft.id))
        dropped += 1
    session.flush()
    return dropped, keys
