"""What is known of a body in words, for papers that others publish. What is not known is left as a marked blank."""

from collections.abc import Iterable
from datetime import date, time
from itertools import groupby
from typing import Final

from hub.core.bodies import CounterRecord, OpeningHours

DAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS: Final = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "setiembre", "octubre",
                 "noviembre", "diciembre")  # fmt: skip


def or_blank(known: str, what: str) -> str:
    """What is known, or a blank that says what has to be filled in. Nothing is ever invented."""
    return known.strip() or f"[por completar: {what}]"


def long_day(on: date) -> str:
    """A day as "20 de noviembre de 2026"."""
    return f"{on.day} de {MONTHS[on.month - 1]} de {on.year}"


def long_month(on: date) -> str:
    """A month as "noviembre de 2026"."""
    return f"{MONTHS[on.month - 1]} de {on.year}"


def soles(cents: int) -> str:
    """Céntimos as "S/ 12.50"."""
    return f"S/ {cents // 100}.{cents % 100:02d}"


def hours_text(hours: Iterable[OpeningHours]) -> str:
    """Opening hours as "lunes a viernes de 08:30 a 16:30"; empty where none are known."""
    days: dict[int, list[tuple[time, time]]] = {}
    for one in sorted(hours, key=lambda one: (one.weekday, one.opens)):
        days.setdefault(one.weekday, []).append((one.opens, one.closes))
    parts = []
    for shifts, group in groupby(_runs(days), key=lambda run: run[2]):
        spans = [f"{DAYS[a]} a {DAYS[b]}" if b > a else DAYS[a] for a, b, _ in group]
        times = " y ".join(f"de {opens:%H:%M} a {closes:%H:%M}" for opens, closes in shifts)
        parts.append(f"{', '.join(spans)} {times}")
    return "; ".join(parts)


def counter_line(counter: CounterRecord) -> str:
    """A counter with its address and hours, or with blanks."""
    address = or_blank(counter.address, f"dirección de {counter.name}")
    return f"{counter.name}: {address}. Horario: {or_blank(hours_text(counter.hours), 'horario de atención')}."


Shifts = tuple[tuple[time, time], ...]


def _runs(days: dict[int, list[tuple[time, time]]]) -> list[tuple[int, int, Shifts]]:
    """Days that follow each other with the same hours, as (first, last, hours)."""
    runs: list[tuple[int, int, Shifts]] = []
    for weekday, shifts in days.items():
        if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == tuple(shifts):
            runs[-1] = (runs[-1][0], weekday, tuple(shifts))
        else:
            runs.append((weekday, weekday, tuple(shifts)))
    return runs
