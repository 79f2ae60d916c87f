"""The balance of a day between the hub and one institution: what is stated, how its legs are summed up in a root.

Canonical JSON, so that anybody computes it again with nothing of ours. Each balance names the one before by its
SHA-256, and the newest root of the ledger: what was given out can be neither changed nor cut off unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from hub.core.chain import canonical, instant
from hub.core.merkle import root

NOTHING_BEFORE: Final = bytes(32)
KEYS: Final = ("cuo", "estado", "numero", "sobre")
"""Of a line: the leg, its status, the number that its destination gave it, the digest of its Sobre."""
Line = Mapping[str, str]


@dataclass(frozen=True)
class Compared:
    """What came of the comparison that closed the day. `code` says why it was not made, or not to its end."""

    made_at: datetime | None = None
    code: str = ""
    since: datetime | None = None
    listed: int | None = None
    equal: int = 0
    differing: int = 0
    cannot_tell: int = 0
    left_out: int = 0

    def to_json(self) -> dict[str, Any]:
        """As it stands in the statement."""
        return {
            "hecha": instant(self.made_at) if self.made_at else None, "motivo": self.code,
            "desde": instant(self.since) if self.since else None, "suLista": self.listed, "iguales": self.equal,
            "difieren": self.differing, "noDice": self.cannot_tell, "sinComparar": self.left_out,
        }  # fmt: skip


@dataclass(frozen=True)
class Sides:
    """Whose balance it is: the RUC of the hub and of the institution, and the day in Peru."""

    hub: str
    entity: str
    day: date


def statement(
    sides: Sides,
    made_at: datetime,
    counts: Mapping[str, int],
    lines: Sequence[Line],
    compared: Compared,
    differences: Sequence[Mapping[str, Any]],
    ledger: Mapping[str, Any] | None,
    previous: bytes,
) -> dict[str, Any]:
    """What is signed."""
    return {
        "v": 1, "mesa": sides.hub, "entidad": sides.entity, "dia": sides.day.isoformat(), "hecho": instant(made_at),
        "conteos": dict(counts), "movidos": len(lines), "raiz": root_of(lines).hex(),
        "comparacion": compared.to_json(), "diferencias": list(differences), "libro": ledger,
        "anterior": previous.hex(),
    }  # fmt: skip


def root_of(lines: Sequence[Line]) -> bytes:
    """The Merkle root (RFC 6962) of the lines, in the order of their CUOs; each leaf is its canonical form."""
    ordered = sorted(lines, key=lambda one: one["cuo"])
    return root([canonical({key: one[key] for key in KEYS}) for one in ordered])


def faults(content: Mapping[str, Any], lines: Sequence[Line]) -> list[str]:
    """What does not fit between a statement and the lines that came with it: codes, none for a whole balance."""
    found = []
    if [set(one) for one in lines] != [set(KEYS)] * len(lines):
        return ["LINES_MALFORMED"]
    if len({one["cuo"] for one in lines}) != len(lines):
        found.append("LINES_REPEATED")
    if content.get("movidos") != len(lines):
        found.append("LINES_COUNT")
    if content.get("raiz") != root_of(lines).hex():
        found.append("LINES_ROOT")
    return found
