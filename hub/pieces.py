"""Pieces of a file on its way in: joined to the first one where the store is a folder, each an object elsewhere."""

from sqlalchemy.orm import Session

from hub.models import FilePart, LeftPart
from hub.storage import Store


def keep(
    session: Session, store: Store, first: FilePart | LeftPart | None, piece: FilePart | LeftPart
) -> bool:
    """Make a stored piece durable. Gives whether it was joined to `first`; `piece` is added as a row where it was not.

    The caller holds the lock of the whole file and flushes. Raises StorageFailure.
    """
    if first is not None and store.join(first.object_key, piece.offset, piece.object_key):
        first.size = piece.offset + piece.size
        return True
    store.settle(piece.object_key)
    session.add(piece)
    return False
