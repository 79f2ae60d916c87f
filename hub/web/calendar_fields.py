"""The questions of the calendar's pages, and how a day's place is said."""

from collections.abc import Mapping, Sequence

from hub.web.forms import Field, Form
from hub.web.sentences import say

DEPARTMENTS: Mapping[str, str] = {
    "01": "Amazonas", "02": "Áncash", "03": "Apurímac", "04": "Arequipa", "05": "Ayacucho", "06": "Cajamarca",
    "07": "Callao", "08": "Cusco", "09": "Huancavelica", "10": "Huánuco", "11": "Ica", "12": "Junín",
    "13": "La Libertad", "14": "Lambayeque", "15": "Lima", "16": "Loreto", "17": "Madre de Dios", "18": "Moquegua",
    "19": "Pasco", "20": "Piura", "21": "Puno", "22": "San Martín", "23": "Tacna", "24": "Tumbes", "25": "Ucayali",
}  # fmt: skip
"""By the first two digits of INEI's ubigeo."""
CALLAO = ("07", "0701")
"""A province that is no part of a department: its two beginnings are one place."""


def place(scope: Sequence[str]) -> str:
    """Where a day holds: the whole country, departments by name, anything smaller by its ubigeo."""
    if not scope:
        return say("Todo el país")
    return ", ".join(dict.fromkeys(map(_named, scope)))


def _named(beginning: str) -> str:
    if beginning in CALLAO:
        return say("Callao (provincia)")
    return DEPARTMENTS.get(beginning) or say("%(name)s (ubigeo %(code)s)", name=DEPARTMENTS[beginning[:2]],
                                             code=beginning)


def new_day() -> Form:
    return Form((
        Field("day", say("Día"), type="date", width="10"),
        Field("norm", say("Norma que lo dispone"), say("Con su número, como DS 042-2025-PCM"), max_length=120,
              width="two-thirds"),
        Field("scope", say("Dónde vale"), say("En blanco, en todo el país. Si no, los primeros dígitos del ubigeo del "
              "INEI, separados por comas: 15 es Lima y 07 el Callao"), max_length=200, width="two-thirds",
              is_optional=True),
    ))


def end_day(row_id: int) -> Form:
    """One of several on a page: `row_id` tells their fields apart."""
    return Form((
        Field("norm", say("Norma que lo deja sin efecto"), say("Con su número"), max_length=120, width="two-thirds",
              prefix=f"dia-{row_id}-"),
    ))


def open_outage() -> Form:
    return Form((
        Field("started_at", say("No funciona desde"), say("Hora oficial del Perú"), type="datetime-local", width="20"),
        Field("reason", say("Qué pasa"), say("Lo verá todo el mundo, tal cual"), max_length=500),
    ))


def close_outage(code: str) -> Form:
    return Form((
        Field("ended_at", say("Volvió a funcionar"), say("Hora oficial del Perú"), type="datetime-local", width="20",
              prefix=f"{code}-"),
    ))
