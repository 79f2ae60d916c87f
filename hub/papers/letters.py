"""Letters: what the filer is told by mail, in plain Spanish. Courtesy notices, said to be so (Ley 27444 art. 20)."""

from dataclasses import dataclass

from hub.core.calendar import LIMA
from hub.models import Delivery, Filing

_COURTESY = "Este mensaje es un aviso informativo: no es la notificación de un acto administrativo."


@dataclass(frozen=True)
class Words:
    """What a letter needs besides the filing: names of bodies, its key and the address of its page."""

    received_by: str
    destination: str
    tracking_key: str
    tracking_address: str


def subject_and_text(letter: str, filing: Filing, leg: Delivery | None, words: Words) -> tuple[str, str]:
    """The subject and the text of a letter: `constancia`, `registered`, `observed` or `refused`."""
    subject, opening = _OPENINGS[letter](filing, leg, words)
    lines = [
        f"Hola, {filing.filer.names}:",
        "",
        *opening,
        "",
        f"Número de trámite: {filing.filing_number}",
        f"Clave de seguimiento: {words.tracking_key[:4]} {words.tracking_key[4:]}",
        f"Mira en qué va tu trámite: {words.tracking_address}",
        "",
        _COURTESY,
    ]
    return subject, "\n".join(lines)


def _constancia(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    presented = filing.presented_at.astimezone(LIMA).strftime("%d/%m/%Y a las %H:%M:%S")
    return f"Recibimos tu trámite {filing.filing_number}", [
        f"Tu documento para {words.destination} fue presentado el {presented} (hora oficial del Perú) "
        f"a través de {words.received_by}.",
        f"Asunto: {filing.subject}",
        f"Se considera presentado el {filing.considered_on:%d/%m/%Y}.",
    ]


def _registered(filing: Filing, leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    number = f"{leg.destination_registry_number}-{leg.destination_registry_year}" if leg else ""
    expediente = f"Expediente: {leg.expediente_number}" if leg and leg.expediente_number else ""
    return f"{words.destination} registró tu trámite {filing.filing_number}", [
        f"{words.destination} ya registró tu documento con el número {number.strip('-')}.",
        *([expediente] if expediente else []),
    ]


def _observed(filing: Filing, _leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"Revisa la observación a tu trámite {filing.filing_number}", [
        f"{words.destination} encontró algo que debes corregir o completar. Míralo en la página de tu trámite.",
    ]


def _refused(filing: Filing, leg: Delivery | None, words: Words) -> tuple[str, list[str]]:
    return f"{words.destination} no pudo recibir tu trámite {filing.filing_number}", [
        f"Motivo: {leg.refusal_text if leg else ''}",
        "Una persona de la mesa de partes lo está viendo. Tu fecha de presentación no cambia.",
    ]


_OPENINGS = {
    "constancia": _constancia,
    "registered": _registered,
    "observed": _observed,
    "refused": _refused,
}
