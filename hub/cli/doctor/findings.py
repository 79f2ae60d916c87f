"""What the doctor says of one thing: well, worth a look, or wrong, and what to do."""

from dataclasses import dataclass
from typing import Final

GOOD: Final = "bien"
WORTH: Final = "aviso"
BAD: Final = "mal"


@dataclass(frozen=True)
class Finding:
    """`verdict` is bien, aviso or mal; `what` a sentence without its full stop; `remedy` empty where all is well."""

    verdict: str
    what: str
    remedy: str = ""


def good(what: str) -> Finding:
    return Finding(GOOD, what)


def worth(what: str, remedy: str) -> Finding:
    return Finding(WORTH, what, f"{remedy}.")


def bad(what: str, remedy: str) -> Finding:
    return Finding(BAD, what, f"{remedy}.")
