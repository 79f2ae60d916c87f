"""What a file is: its kind by leading bytes, its pages, its name. Nothing here trusts what the sender declared."""

import codecs
import unicodedata
import zipfile
from typing import BinaryIO

from hub.core.errors import MesaError

PDF = "application/pdf"
HEAD = 4096
"""Bytes by which a file is known."""
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's control, formatting (as those that turn the reading), half a pair, and separators of lines."""


class UnreadableFile(MesaError):
    """The file cannot be read by anybody: EMPTY, NOT_PDF, TRUNCATED, ENCRYPTED."""


def media_type(stream: BinaryIO) -> str:
    """The media type by content; `text/plain` for UTF-8 text, `application/octet-stream` when unknown."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return _office_kind(stream) if kind == "application/zip" else kind
    if head and b"\x00" not in head and _is_text(head):
        return "text/plain"
    return "application/octet-stream"


def _is_text(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return True


def _office_kind(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return "application/zip"
    finally:
        stream.seek(0)
    return next((kind for part, kind in _OFFICE.items() if any(n.startswith(part) for n in names)), "application/zip")


def check_pdf(stream: BinaryIO) -> int:
    """The number of pages of a PDF. Raises UnreadableFile for one that nobody could open.

    A scanner's PDF with a wrong table of contents, which every viewer mends, is mended here too; one that was cut
    off lacks its end mark and is refused.
    """
    stream.seek(0)
    head = stream.read(1024)
    if not head:
        raise UnreadableFile(code="FILE_EMPTY")
    if b"%PDF-" not in head:
        raise UnreadableFile(code="FILE_NOT_PDF")
    import pikepdf  # six megabytes that a process needs from its first PDF on

    try:
        pages = _pages(stream, mending=_has_end_mark(stream))
    except pikepdf.PasswordError as error:
        raise UnreadableFile(code="FILE_ENCRYPTED") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise UnreadableFile(code="FILE_TRUNCATED") from error
    if pages == 0:
        raise UnreadableFile(code="FILE_EMPTY")
    return pages


def _has_end_mark(stream: BinaryIO) -> bool:
    size = stream.seek(0, 2)
    stream.seek(max(size - 2048, 0))
    return b"%%EOF" in stream.read(2048)


def _pages(stream: BinaryIO, *, mending: bool) -> int:
    import pikepdf

    stream.seek(0)
    with pikepdf.open(stream, attempt_recovery=mending) as pdf:
        if pdf.is_encrypted and not pdf.user_password_matched and not pdf.owner_password_matched:
            raise UnreadableFile(code="FILE_ENCRYPTED")
        return len(pdf.pages)


def clean_name(name: str | None, fallback: str) -> str:
    """The filer's own name for a file: NFC, no path, nothing unseen, at most 200 characters, never empty."""
    text = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN and sign not in "\ufffe\uffff")
    text = text.strip(" .")
    if len(text) > 200:
        stem, dot, ending = text.rpartition(".")
        text = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else text[:200]
    return text or fallback
