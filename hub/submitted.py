"""A file as it was handed in, stored already, and the row that keeps it."""

from dataclasses import dataclass

from hub.core.messages import DocumentRole
from hub.models import Document
from hub.storage import Stored


@dataclass(frozen=True)
class SubmittedFile:
    """A document that is stored already. `pages` is None for what is not a PDF."""

    role: DocumentRole
    file_name: str
    media_type: str
    stored: Stored
    pages: int | None = None


def document_of(position: int, file: SubmittedFile) -> Document:
    """The row of a file, not yet tied to its filing. `position` counts from 0 over the whole filing."""
    return Document(
        role=file.role.value,
        position=position,
        file_name=file.file_name,
        media_type=file.media_type,
        size=file.stored.size,
        sha256=file.stored.sha256,
        object_key=file.stored.object_key,
        pages=file.pages,
    )
