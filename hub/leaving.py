"""Leaving documents: an institution puts each at the hub once, by digest, in pieces; its messages name them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub import pieces
from hub.core.errors import MesaError
from hub.models import LeftDocument, LeftPart
from hub.storage import Store, Stored
from hub.wire.codes import Refusal

UNFINISHED = timedelta(days=3)
"""Counted from the last piece."""
WHOLE = timedelta(days=30)
"""Counted from the last time it was left or named."""
AT_ONCE = 100
ROOM = 256 * 1024**3
"""Bytes that one institution may have left or announced at once; what a filing made of them is not counted."""
BATCH = 100


class PieceRefused(MesaError):
    """A piece that does not go on where the last one ended."""

    code = "PIECE_OFFSET"


def begin(
    session: Session, entity_id: int, sha256: str, size: int, now: datetime, *, room: int = ROOM
) -> LeftDocument:
    """Announce a document; flushed. One that was left before is the same again, and has its bytes already.

    Raises ContractError DOCUMENT_DIGEST for a digest that was announced with another size, DOCUMENT_TOO_LARGE for one
    that there is never room for, RATE_LIMITED for one unfinished document too many or until others have gone.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"left:{entity_id}", 0))))
    known = of_digest(session, entity_id, sha256)
    if known is not None:
        if known.size != size:
            raise Refusal.DOCUMENT_DIGEST.error("that digest was announced with another size")
        known.expires_at = max(known.expires_at, now + _life(known))
        return known
    _check_room(session, entity_id, size, room)
    left = LeftDocument(entity_id=entity_id, sha256=sha256, size=size, created_at=now, expires_at=now + UNFINISHED)
    session.add(left)
    session.flush()
    return left


def _check_room(session: Session, entity_id: int, size: int, room: int) -> None:
    if size > room:
        raise Refusal.DOCUMENT_TOO_LARGE.error(f"{room} bytes at most")
    unfinished = func.count().filter(LeftDocument.object_key == "")
    query = select(unfinished, func.coalesce(func.sum(LeftDocument.size), 0))
    count, total = session.execute(query.where(LeftDocument.entity_id == entity_id)).one()
    if count >= AT_ONCE:
        raise Refusal.RATE_LIMITED.error("too many unfinished documents")
    if total + size > room:
        raise Refusal.RATE_LIMITED.error(f"{total} bytes are left already: forget (DELETE) what you need no more")


def _life(left: LeftDocument) -> timedelta:
    return WHOLE if left.object_key else UNFINISHED


def of_digest(session: Session, entity_id: int, sha256: str) -> LeftDocument | None:
    """What an institution left under a digest; never another's."""
    mine = (LeftDocument.entity_id == entity_id) & (LeftDocument.sha256 == sha256)
    return session.scalar(select(LeftDocument).where(mine).execution_options(populate_existing=True))


def find(session: Session, entity_id: int, document_id: UUID) -> LeftDocument:
    """One of its documents. Raises ContractError DOCUMENT_UNKNOWN."""
    left = session.get(LeftDocument, document_id, populate_existing=True)
    if left is None or left.entity_id != entity_id:
        raise Refusal.DOCUMENT_UNKNOWN.error(str(document_id))
    return left


def _lock(session: Session, document_id: UUID) -> LeftDocument:
    query = select(LeftDocument).where(LeftDocument.id == document_id).with_for_update()
    left = session.scalar(query.execution_options(populate_existing=True))
    if left is None:
        raise Refusal.DOCUMENT_UNKNOWN.error(str(document_id))
    return left


def keep_part(
    session: Session, store: Store, document_id: UUID, offset: int, part: Stored, now: datetime
) -> LeftDocument:
    """Write down a piece whose bytes are stored, and make it durable.

    Raises PieceRefused where another was first, or it is too long.

    The caller discards the object of a piece that was refused.
    """
    left = _lock(session, document_id)
    if offset != left.received or offset + part.size > left.size:
        raise PieceRefused()
    first = session.scalar(select(LeftPart).where(LeftPart.document_id == left.id, LeftPart.offset == 0))
    piece = LeftPart(
        document_id=left.id, offset=offset, size=part.size, sha256=part.sha256, object_key=part.object_key
    )
    if pieces.keep(session, store, first, piece) and first:
        first.sha256 = ""
    left.received += part.size
    left.expires_at = now + UNFINISHED
    session.flush()
    return left


def parts_of(session: Session, document_id: UUID) -> Sequence[LeftPart]:
    """The pieces of a document, in order."""
    return session.scalars(select(LeftPart).where(LeftPart.document_id == document_id).order_by(LeftPart.offset)).all()


def assemble(store: Store, parts: Sequence[LeftPart]) -> Stored:
    """The pieces as one object with one SHA-256, a megabyte at a time; one piece is the document.

    Its SHA-256 is empty where others were joined to it: then it is read once.
    """
    if len(parts) == 1:
        [one] = parts
        return Stored(one.object_key, one.sha256, one.size) if one.sha256 else store.known(one.object_key)
    return store.joined(part.object_key for part in parts)


def finish(session: Session, document_id: UUID, whole: Stored, now: datetime) -> tuple[bool, list[str]]:
    """All bytes are in. Gives whether they are what was announced, and the object keys to discard after the commit.

    What is another document is forgotten whole. Two processes may finish the same one: the second keeps nothing.
    """
    left = _lock(session, document_id)
    if left.object_key:
        return True, [whole.object_key] if whole.object_key != left.object_key else []
    gone = [key for key in _drop_parts(session, left.id) if key != whole.object_key]
    if whole.sha256 != left.sha256:
        session.execute(delete(LeftDocument).where(LeftDocument.id == left.id))
        return False, [*gone, whole.object_key]
    left.object_key, left.expires_at = whole.object_key, now + WHOLE
    session.flush()
    return True, gone


def drop(session: Session, document_id: UUID) -> list[str]:
    """Forget a document, whole or not. Gives the object keys to discard after the commit.

    What a filing made of it is a copy of its own, and stays.
    """
    left = _lock(session, document_id)
    keys = [*_drop_parts(session, left.id), *filter(None, [left.object_key])]
    session.execute(delete(LeftDocument).where(LeftDocument.id == left.id))
    return keys


def _drop_parts(session: Session, document_id: UUID) -> list[str]:
    gone = delete(LeftPart).where(LeftPart.document_id == document_id).returning(LeftPart.object_key)
    return list(session.scalars(gone))


def drop_expired(session: Session, now: datetime) -> tuple[int, list[str]]:
    """Forget what nobody went on with or named again. Gives how many, and the object keys to discard afterwards."""
    query = select(LeftDocument.id).where(LeftDocument.expires_at <= now).order_by(LeftDocument.expires_at)
    ids = session.scalars(query.limit(BATCH).with_for_update(skip_locked=True)).all()
    return len(ids), [key for one in ids for key in drop(session, one)]


def named(session: Session, entity_id: int, wanted: Sequence[tuple[str, int]]) -> list[Stored]:
    """What its sender left under the (SHA-256, size) that a message names, in that order.

    Raises ContractError DOCUMENT_NOT_LEFT, DOCUMENT_DIGEST for a size that is not the one left, UNAVAILABLE where all
    bytes are in and nobody has looked yet whether they are what was announced.
    """
    return [_named(of_digest(session, entity_id, sha256), sha256, size) for sha256, size in wanted]


def _named(left: LeftDocument | None, sha256: str, size: int) -> Stored:
    if left is not None and not left.object_key and left.received == left.size:
        raise Refusal.UNAVAILABLE.error(f"{sha256}: being checked")
    if left is None or not left.object_key:
        raise Refusal.DOCUMENT_NOT_LEFT.error(sha256)
    if left.size != size:
        raise Refusal.DOCUMENT_DIGEST.error(f"{sha256}: {left.size} bytes")
    return Stored(left.object_key, sha256, size)


@contextmanager
def copied(store: Store, left: Iterable[Stored]) -> Iterator[list[Stored]]:
    """A copy of each document for whoever keeps it; where this block fails nobody names them, and they go.

    No transaction is to be open: a store far away takes its time. Not for a commit, either: one that fails may have
    been done. Raises StorageFailure, also for one that was forgotten meanwhile: asked again, `named` says so.
    """
    kept: list[Stored] = []
    try:
        for one in left:
            kept.append(Stored(store.copy(one.object_key), one.sha256, one.size))
        yield kept
    except Exception:
        store.discard_all(one.object_key for one in kept)
        raise
