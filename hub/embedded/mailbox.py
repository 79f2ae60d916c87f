"""The demonstration's letters: one file each, as received, newest first."""

import email
import email.policy
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser
from pathlib import Path

_NAME = re.compile(r"^[0-9]{13}-[0-9a-f]{8}$")


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A letter, read. `id` names its file; `text` is its plain text, or its HTML without the marks."""

    id: str
    sender: str
    recipients: str
    subject: str
    date: str
    text: str
    attachments: tuple[Attachment, ...]


class Mailbox:
    """Letters in a folder. Safe for several threads: a letter appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def keep(self, content: bytes) -> str:
        """Write a letter to disk, fsync it, and give its id."""
        name = f"{time.time_ns() // 1_000_000:013d}-{secrets.token_hex(4)}"
        half = self._folder / f"{name}.new"
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(self._folder / f"{name}.eml")
        return name

    def letters(self, limit: int = 200) -> Iterator[Letter]:
        """The newest ones, newest first."""
        for file in sorted(self._folder.glob("*.eml"), reverse=True)[:limit]:
            yield _read(file)

    def letter(self, letter_id: str) -> Letter | None:
        """One letter; None for an id that is not of a letter."""
        file = self._folder / f"{letter_id}.eml"
        return _read(file) if _NAME.match(letter_id) and file.exists() else None


def _read(file: Path) -> Letter:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Letter(
        id=file.stem,
        sender=str(message.get("From", "")),
        recipients=str(message.get("To", "")),
        subject=str(message.get("Subject", "")) or "(sin asunto)",
        date=str(message.get("Date", "")),
        text=_text(message),
        attachments=tuple(_attachments(message)),
    )


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    content = raw.decode(_charset(part), "replace") if isinstance(raw, bytes) else ""
    if part.get_content_type() != "text/html":
        return content
    words = _Words()
    words.feed(content)
    return "".join(words.found)


def _charset(part: MIMEPart) -> str:
    name = part.get_content_charset("utf-8")
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return name


def _attachments(message: EmailMessage) -> Iterator[Attachment]:
    for number, part in enumerate(message.iter_attachments(), start=1):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield Attachment(part.get_filename() or f"adjunto-{number}", content)


class _Words(HTMLParser):
    """The text of a page, its links written out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and dict(attrs).get("href"):
            self.found.append(f"{dict(attrs)['href']} ")
