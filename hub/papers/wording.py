"""The words of the papers: days and instants of Peru, the rule that gave the day, what a term of an observation is."""

from datetime import date, datetime

from hub.core.calendar import LIMA, Policy, counted_from, local_date
from hub.core.grammar import of, the, to
from hub.core.statuses import Mode
from hub.models import Filing, Observation
from hub.papers.facts import Constancia

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "setiembre", "octubre",
           "noviembre", "diciembre")  # fmt: skip
SEAL_NOTE = (
    "Este documento lleva un sello de integridad del sistema, que prueba que lo emitió esta mesa de partes y que no ha "
    "cambiado desde entonces. No es la firma digital de una persona."
)
CONSTANCIA_NOTE = (
    "Esta constancia prueba que el documento fue presentado en la fecha y hora indicadas (TUO de la Ley 27444, "
    "arts. 35.2, 125 y 135). El cargo de recepción, con el número que le ponga la institución de destino, se entrega "
    "cuando esta lo registra. La huella SHA-256 permite comprobar que cada archivo es el que se presentó."
)
CARGO_NOTE = (
    "Este cargo prueba que la institución de destino registró el documento (TUO de la Ley 27444, arts. 125 y 135.2). "
    "La huella SHA-256 permite comprobar que cada archivo es el que se presentó."
)


def day(one: date) -> str:
    """lunes 7 de diciembre de 2026"""
    return f"{_DAYS[one.weekday()]} {one.day} de {_MONTHS[one.month - 1]} de {one.year}"


def instant(at: datetime) -> str:
    """An instant to the second, in the official hour (TUO 149.7)."""
    local = at.astimezone(LIMA)
    return f"{day(local.date())}, {local:%H:%M:%S}, hora oficial del Perú (UTC-5)"


def rule_in_words(filing: Filing) -> str:
    """The rule that gave the day from which a filing counts (Ley 31465: LPAG 117.1, 123.2; TUO 144.1, 149.5)."""
    if filing.considered_on != local_date(counted_from(filing.presented_at, filing.ticket_at)):
        return "Se presentó en un día no hábil: cuenta desde el primer día hábil siguiente."
    if filing.rule_applied == Policy.SENT.value:
        return "Cuenta el mismo día en que se presentó, a cualquier hora, también en días no hábiles."
    if filing.ticket_at is not None:
        return "Quien lo presentó tomó turno dentro del horario de atención: cuenta ese mismo día."
    return "Se presentó en un día hábil: cuenta ese mismo día, a cualquier hora."


def clock_in_words(constancia: Constancia) -> str:
    """From when the destination's term runs (TUO 141.1, 144.1)."""
    leg, name = constancia.leg, constancia.destination.name
    if leg is None:
        return "No corre mientras no se corrija lo observado (TUO, art. 136.3)."
    if leg.clock_start is not None:
        return f"Se cuenta desde el {day(leg.clock_start)}."
    return f"Se cuenta desde el día hábil siguiente a aquel en que lo reciba {the(name)} (TUO, art. 141.1)."


def through(constancia: Constancia) -> str:
    """Before whom it was presented, and by which counter (TUO 130, 133, 141)."""
    origin, destination, counter = constancia.origin, constancia.destination, constancia.counter
    at = f"Mesa de Partes, {counter}" if counter else "Mesa de Partes"
    if origin.id == destination.id:
        return f"{destination.name}. {at}"
    if constancia.leg is not None and constancia.leg.mode is Mode.DELEGATED:
        return f"{destination.name}, a través {of(origin.name)} ({at}), que recibe en su nombre por convenio"
    return f"{origin.name} ({at}), que lo remite {to(destination.name)}"


def warning(observation: Observation) -> str:
    """What follows where an observation is not corrected in time (TUO 136.1, 136.2, 136.4)."""
    if observation.correct_by is None:
        return (
            "Tienes dos días hábiles, desde que se te notifica, para corregir lo observado. Si no lo haces, el "
            "documento se tiene por no presentado, se te devuelve con sus anexos y se te reembolsa lo que pagaste."
        )
    return (
        f"Tienes hasta el {instant(observation.correct_by)}, para corregir lo observado. Si no lo haces, el documento "
        "se tiene por no presentado, se te devuelve con sus anexos cuando te acerques y se te reembolsa lo que pagaste "
        "por el trámite (TUO, art. 136.4)."
    )
