"""Texts of the national contract: cleaned and fitted when they go out, repaired when they come in."""

import re
import unicodedata
from pathlib import PurePath
from typing import Final

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOJIBAKE: Final = re.compile("[\u00c2\u00c3\u00c5\u00e2]")
_CUT: Final = "…"


def without_controls(text: str) -> str:
    """The text without the characters that XML cannot carry."""
    return _NOT_XML.sub(" ", text)


def clean(text: str) -> str:
    """One line, NFC, without the characters that XML cannot carry."""
    return re.sub(r"\s+", " ", without_controls(unicodedata.normalize("NFC", text))).strip()


def fit(text: str, length: int) -> str:
    """Clean a text and shorten it to `length` characters, at a word where one ends near the end."""
    text = clean(text)
    if len(text) <= length:
        return text
    head = text[: length - len(_CUT)]
    at_word = head.rpartition(" ")[0]
    return (at_word if len(at_word) > len(head) * 0.8 else head).rstrip() + _CUT


def fit_file_name(name: str, length: int) -> str:
    """Clean a file name and shorten it to `length` characters; its extension stays."""
    name = clean(name)
    if len(name) <= length:
        return name
    suffix = PurePath(name).suffix if len(PurePath(name).suffix) <= 10 else ""
    return name[: length - len(suffix) - len(_CUT)].rstrip() + _CUT + suffix


def repair(text: str) -> str:
    """Undo UTF-8 that somebody encoded as UTF-8 again: `AtenciÃ³n` is `Atención`. Anything else comes back as it is."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("latin-1", "cp1252"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:  # not this kind of damage
            continue
    return text
