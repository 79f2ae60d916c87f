"""Districts of Peru by INEI's ubigeo (DDPPdd), and finding one by what a person types.

RENIEC's codes are others for most districts: what is kept anywhere in the house is INEI's.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MOST = 30
"""Districts offered to choose from."""
_OTHER = "otro distrito de "


@dataclass(frozen=True)
class District:
    """A district, or any other of a province (code ending in 00): lists grow old, and provinces hardly ever."""

    code: str
    name: str
    province: str
    department: str

    @property
    def title(self) -> str:
        """ "San Isidro, Lima, Lima": as it is said, and as it is found again."""
        return ", ".join(part for part in (self.name, self.province, self.department) if part)


@cache
def _named() -> dict[str, str]:
    text = files("hub.core").joinpath("districts.txt").read_text("utf-8")
    return {code: name for code, _, name in (line.partition(" ") for line in text.splitlines())}


@cache
def _all() -> tuple[tuple[str, str, str, District], ...]:
    """Every district, with its name, its province and its department as `fold` has them."""
    found = (district(code) for code in _named() if len(code) == 6)
    return tuple((fold(one.name), fold(one.province), fold(one.department), one) for one in found if one is not None)


def district(code: str) -> District | None:
    """The district of a code of six digits, or its province's "any other"; None for a code of neither."""
    named = _named()
    if len(code) != 6 or code[:4] not in named or (code not in named and not code.endswith("00")):
        return None
    province, department = named[code[:4]], named[code[:2]]
    return District(code, named.get(code, f"Otro distrito de {province}"), province, department)


def fold(text: str) -> str:
    """A name without capitals, marks or signs: "Ñuñoa" and "nunoa" are the same, as people type them."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def find(typed: str) -> tuple[District, ...]:
    """The districts that a text may mean: "San Isidro", "San Isidro, Lima", "150131". Exact names come alone.

    A province without a district of its name gives its districts and, last, any other of them. At most `MOST` + 1:
    whoever gets more than `MOST` asks for the province too.
    """
    if known := district(typed.strip()):
        return (known,)
    name, *within = [fold(part) for part in re.split(r"[,/()]", typed) if fold(part)] or [""]
    if not name:
        return ()
    if name.startswith(_OTHER):
        return tuple(_of_province(name.removeprefix(_OTHER)))[-1:]
    places = [one for one in _all() if all(part in one[1:3] for part in within)]
    exact = [one[3] for one in places if one[0] == name]
    partly = [one[3] for one in places if f" {name}" in f" {one[0]}"]
    return tuple((exact or _of_province(name) or partly)[: MOST + 1])


def _of_province(name: str) -> list[District]:
    found = [one[3] for one in _all() if one[1] == name]
    other = district(f"{found[0].code[:4]}00") if found else None
    return [*found, other] if other else []


def with_district(address: str, place: str) -> str:
    """An address with its district behind it, where there is room for both in 300 characters."""
    whole = f"{address}, {place}" if address and place else address or place
    return whole if len(whole) <= 300 else address
