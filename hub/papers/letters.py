"""Letters: what the filer is told by mail, in plain Spanish. Courtesy notices, said to be so (Ley 27444 art. 20).

What has legal effect is not written here: see hub.alerts.
"""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_datetime

from hub.core.calendar import LIMA, local_date
from hub.core.grammar import begun, greeted, of, the, to
from hub.models import Delivery, Filing

COURTESY = "Aviso informativo, no es notificación: este mensaje no notifica ningún acto administrativo."
LOCALE = "es_PE"


@dataclass(frozen=True)
class Words:
    """What a letter needs besides the filing: names of bodies, its key and the address of its page."""

    received_by: str
    destination: str
    tracking_key: str
    tracking_address: str
    bundle_address: str = ""
    """The one-time link to the evidence bundle, in the letter that gives it."""
    asked: tuple[str, ...] = ()
    """What its counter asks to complete or correct, item by item, while that is awaited."""
    correct_by: datetime | None = None
    """Until when, aware."""


def subject_and_text(letter: str, filing: Filing, leg: Delivery | None, words: Words) -> tuple[str, str]:
    """The subject and the text of a letter, by its name in _OPENINGS."""
    subject, opening = _OPENINGS[letter](filing, leg, words)
    lines = [
        f"Hola, {greeted(filing.filer.names)}:",
        "",
        *opening,
        "",
        f"Número de trámite: {filing.filing_number}",
        f"Clave de seguimiento: {words.tracking_key[:4]} {words.tracking_key[4:]}",
        f"Mira en qué va tu trámite: {words.tracking_address}",
    ]
    return subject, "\n".join(as_courtesy(lines))


def as_courtesy(lines: list[str]) -> list[str]:
    """The lines of a letter with the sentence that keeps it apart from a notification."""
    return [*lines, "", COURTESY]


def spanish_day(day: date) -> str:
    """A day as "viernes 20 de noviembre de 2026"."""
    return str(format_date(day, "EEEE d 'de' MMMM 'de' y", locale=LOCALE))


def spanish_instant(at: datetime) -> str:
    """An aware instant as "viernes 20 de noviembre de 2026 a las 16:20:05", in the hour of Peru."""
    local = at.astimezone(LIMA).replace(tzinfo=None)
    return str(format_datetime(local, "EEEE d 'de' MMMM 'de' y 'a las' HH:mm:ss", locale=LOCALE))


def _dates(filing: Filing) -> str:
    """Both dates truly: when it was presented and the day that it counts from, where that is another."""
    presented = f"Lo presentaste el {spanish_instant(filing.presented_at)} (hora oficial del Perú)"
    if local_date(filing.presented_at) == filing.considered_on:
        return f"{presented} y esa fecha no cambia."
    return f"{presented} y se considera presentado el {spanish_day(filing.considered_on)}: eso no cambia."


def _counts(filing: Filing, words: Words) -> list[str]:
    """The day it counts from; while something is asked, what, until when, and what follows (TUO 136.1, 136.4)."""
    counted = f"se considera presentado el {spanish_day(filing.considered_on)}."
    if not words.asked:
        return [counted.capitalize()]
    last = words.correct_by
    until = f"hasta el {spanish_instant(last)} (hora oficial del Perú)" if last else "cuanto antes"
    return [
        "",
        "La mesa de partes lo recibió con observaciones. Esto es lo que tienes que completar o corregir:",
        *(f"- {item}" for item in words.asked),
        f"Puedes hacerlo {until}, en la página de tu trámite o en cualquier mesa de partes del sector.",
        f"Si lo corriges a tiempo, {counted}",
        "Si no lo corriges en ese plazo, se considera no presentado.",
    ]


def _constancia(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"Recibimos tu trámite {filing.filing_number}", [
        f"Tu documento para {the(words.destination)} fue presentado el {spanish_instant(filing.presented_at)} "
        f"(hora oficial del Perú) a través {of(words.received_by)}.",
        f"Asunto: {filing.subject}",
        *_counts(filing, words),
    ]


def _registered(filing: Filing, leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    number = f"{leg.destination_registry_number}-{leg.destination_registry_year}" if leg else ""
    expediente = f"Expediente: {leg.expediente_number}" if leg and leg.expediente_number else ""
    return f"{begun(the(words.destination))} registró tu trámite {filing.filing_number}", [
        f"{begun(the(words.destination))} ya registró tu documento con el número {number.strip('-')}.",
        *([expediente] if expediente else []),
    ]


def _refused(filing: Filing, leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"{begun(the(words.destination))} no pudo recibir tu trámite {filing.filing_number}", [
        f"Motivo: {leg.refusal_text if leg else ''}",
        "Una persona de la mesa de partes lo está viendo. Tu fecha de presentación no cambia.",
    ]


def _rerouted(filing: Filing, leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"Enviamos tu trámite {filing.filing_number} {to(words.destination)}", [
        f"Lo enviamos {to(words.destination)}, que es a quien le toca atenderlo. No tienes que hacer nada.",
        f"Motivo: {leg.opened_because if leg else ''}",
        _dates(filing),
        f"El plazo para responderte corre desde que {the(words.destination)} lo reciba.",
    ]


def _corrected(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"Recibimos tu subsanación del trámite {filing.filing_number}", [
        f"Lo que corregiste va camino {to(words.destination)}.",
        _dates(filing),
    ]


def _lapsed(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"Tu trámite {filing.filing_number} se considera no presentado", [
        "Pasó el plazo para corregir lo que te observaron.",
        "Puedes recoger tus documentos, pedir que te devuelvan lo que pagaste por el trámite y presentarlo de nuevo "
        "con un clic desde la página de tu trámite.",
    ]


def _withdrawn(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"Retiraste tu trámite {filing.filing_number}", [
        f"Lo retiraste antes de que llegara {to(words.destination)}. Si lo necesitas, puedes presentarlo de nuevo.",
    ]


def _key(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"La clave de tu trámite {filing.filing_number}", [
        "Alguien pidió la clave de seguimiento de tu trámite con este correo. Si no fuiste tú, no hagas nada.",
    ]


def _bundle(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"El expediente con pruebas de tu trámite {filing.filing_number}", [
        "Pediste el expediente de tu trámite: tus documentos, los mensajes firmados y lo que demuestra cuándo ocurrió "
        "cada cosa. Descárgalo aquí; el enlace sirve una sola vez y durante una hora:",
        words.bundle_address,
        "Si no lo pediste, no abras el enlace: alguien tiene el número y la clave de tu trámite.",
    ]


_OPENINGS = {
    "constancia": _constancia,
    "registered": _registered,
    "refused": _refused,
    "rerouted": _rerouted,
    "corrected": _corrected,
    "lapsed": _lapsed,
    "withdrawn": _withdrawn,
    "key": _key,
    "bundle": _bundle,
}
