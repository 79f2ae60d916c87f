"""The demonstration's SMS: what the gateway took, one file each, newest first. The same id is taken once."""

import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
LONGEST = 2000


class NotAText(ValueError):
    """What came is not a text that a gateway could send; its words say why."""


@dataclass(frozen=True)
class Sms:
    """One text as it was taken. `at` is seconds since the epoch."""

    id: str
    to: str
    text: str
    at: float


class SmsBox:
    """Texts in a folder. Safe for several threads: a text appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def keep(self, body: bytes) -> str:
        """Take a text as JSON and give its id; the same id again changes nothing. Raises NotAText."""
        sms = _read(body)
        if any(self._folder.glob(f"*-{sms.id}.json")):
            return sms.id
        name = f"{int(sms.at * 1000):013d}-{sms.id}"
        half = self._folder / f"{name}.new"
        with half.open("w", encoding="utf-8") as file:
            json.dump(vars(sms), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        half.rename(self._folder / f"{name}.json")
        return sms.id

    def texts(self, limit: int = 200) -> Iterator[Sms]:
        """The newest ones, newest first."""
        for file in sorted(self._folder.glob("*.json"), reverse=True)[:limit]:
            yield Sms(**json.loads(file.read_text("utf-8")))


def _read(body: bytes) -> Sms:
    try:
        given = json.loads(body)
        sms = Sms(str(given["id"]), str(given["to"]), str(given["text"]), time.time_ns() / 1e9)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAText("se espera {id, to, text}") from error
    if not _ID.fullmatch(sms.id):
        raise NotAText("el id lleva letras, números y guiones")
    if not re.fullmatch(r"\+?[0-9]{6,15}", sms.to):
        raise NotAText("ese número no puede recibir un SMS")
    if not 0 < len(sms.text) <= LONGEST:
        raise NotAText("falta el texto, o es demasiado largo")
    return sms
