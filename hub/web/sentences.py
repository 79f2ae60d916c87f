"""The one place where codes, statuses and events become Spanish.

Spanish is the source language: what stands here is marked with `N_` and translated when it is said. The sentences
speak to the person ("tú"), say what is so, then what comes next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext

from hub.core.errors import Problem
from hub.core.statuses import (
    Author,
    DeliveryStatus,
    FilingStatus,
    InboundStatus,
    MessageKind,
    Mode,
    Movement,
    OutboundStatus,
    RefusalReason,
)
from hub.web.problems import PROBLEMS, UNKNOWN_PROBLEM


def N_(sentence: str) -> str:
    """Mark a sentence for the translators' catalogue."""
    return sentence


@dataclass(frozen=True)
class Words:
    """How a status is shown: its label and colour; on the tracking page also what it means and what comes next."""

    label: str
    colour: str = "grey"
    meaning: str = ""
    next: str = ""
    tone: str = ""
    """"", "attention" or "bad": how the box of what comes next is drawn."""


_F = FilingStatus
FILING_WORDS: Mapping[FilingStatus, Words] = {
    _F.HELD: Words(
        N_("En la mesa de partes"), "yellow",
        N_("%(counter)s tiene tu documento y todavía no lo envía a %(destination)s."),
        N_("Una persona lo está revisando. Ya está presentado: tu fecha de presentación no cambia."),
    ),
    _F.ON_ITS_WAY: Words(
        N_("En camino"), "blue",
        N_("Tu documento está en camino a %(destination)s."),
        N_("Cuando %(destination)s confirme que lo tiene, lo verás aquí. No tienes que hacer nada."),
    ),
    _F.DELIVERED: Words(
        N_("Entregado"), "turquoise",
        N_("%(destination)s ya tiene tu documento."),
        N_("Falta que su mesa de partes lo registre y le ponga su propio número."),
    ),
    _F.REGISTERED: Words(
        N_("Registrado"), "green",
        N_("La mesa de partes de %(destination)s registró tu documento."),
        N_("Ahora pasa a la oficina que debe atenderlo. Cuando lo haga, lo verás aquí."),
    ),
    _F.IN_PROCESS: Words(
        N_("En atención"), "green",
        N_("%(destination)s está atendiendo tu documento."),
        N_("Cuando haya una respuesta, lo verás aquí."),
    ),
    _F.ANSWERED: Words(
        N_("Con respuesta"), "green",
        N_("%(destination)s respondió."),
        N_("La respuesta te llega por el medio que elegiste para que te notifiquen. "
           "Si no te llegó, pregunta en %(destination)s con tu número de trámite."),
    ),
    _F.CLOSED: Words(
        N_("Concluido"), "grey",
        N_("%(destination)s terminó de atender tu documento."),
        N_("No falta nada. Puedes volver a esta página cuando quieras."),
    ),
    _F.OBSERVED: Words(
        N_("Observado"), "yellow",
        N_("%(destination)s te pide completar o corregir algo."),
        N_("Preséntalo en la mesa de partes con tu número de trámite. "
           "Si lo haces a tiempo, vale la fecha en que presentaste la primera vez."),
        "attention",
    ),
    _F.LAPSED: Words(
        N_("No presentado"), "red",
        N_("Pasó el plazo para corregir lo observado y el documento se considera no presentado."),
        N_("Puedes recoger tus documentos, pedir que te devuelvan la tasa si pagaste una, y presentarlo de nuevo."),
        "bad",
    ),
    _F.REFUSED: Words(
        N_("No aceptado"), "orange",
        N_("%(destination)s informó que no puede atender este documento."),
        N_("Una persona está viendo a qué institución le toca. Tu fecha de presentación no cambia."),
        "attention",
    ),
    _F.WITHDRAWN: Words(
        N_("Retirado"), "grey",
        N_("Retiraste este documento."),
        N_("No falta nada. Si lo necesitas, puedes presentarlo de nuevo."),
    ),
}

DELAYED = Words(
    N_("En camino, con demora"), "yellow",
    N_("El envío a %(destination)s está demorando."),
    N_("Una persona ya lo está viendo. No tienes que hacer nada y tu fecha de presentación no cambia."),
    "attention",
)

_D = DeliveryStatus
DELIVERY_WORDS: Mapping[DeliveryStatus, Words] = {
    _D.QUEUED: Words(N_("En cola"), "grey", N_("Espera su turno para salir.")),
    _D.SENDING: Words(N_("Enviando"), "blue", N_("Un envío está en curso.")),
    _D.SENT: Words(N_("Entregado"), "turquoise", N_("El destino lo tiene; falta su cargo.")),
    _D.REGISTERED: Words(N_("Registrado"), "green", N_("La mesa de partes del destino dio su cargo.")),
    _D.OBSERVED: Words(N_("Observado"), "yellow", N_("El destino pide completar o corregir algo.")),
    _D.CORRECTED: Words(N_("Subsanado"), "grey", N_("La subsanación salió en otro envío.")),
    _D.LAPSED: Words(N_("No presentado"), "red", N_("Pasó el plazo para subsanar.")),
    _D.REFUSED: Words(N_("No aceptado"), "orange", N_("El destino no lo acepta; falta decidir a dónde va.")),
    _D.REROUTED: Words(N_("Reencaminado"), "grey", N_("Salió otro envío, a otra institución.")),
    _D.FAILED: Words(N_("Detenido"), "red", N_("No se pudo enviar: alguien tiene que verlo.")),
    _D.CANCELLED: Words(N_("Anulado"), "grey", N_("Se anuló antes de entregarlo.")),
}

MESSAGE_STATUSES: Mapping[OutboundStatus | InboundStatus, Words] = {
    OutboundStatus.WAITING: Words(N_("Espera"), "grey"),
    OutboundStatus.CLAIMED: Words(N_("En curso"), "blue"),
    OutboundStatus.DONE: Words(N_("Hecho"), "green"),
    OutboundStatus.DEAD: Words(N_("Detenido"), "red"),
    OutboundStatus.VOID: Words(N_("Ya no hace falta"), "grey"),
    InboundStatus.KEPT: Words(N_("Guardado"), "blue"),
    InboundStatus.APPLIED: Words(N_("Aplicado"), "green"),
    InboundStatus.PARKED: Words(N_("Apartado"), "yellow"),
    InboundStatus.REFUSED: Words(N_("Rechazado"), "red"),
}

MESSAGE_KINDS: Mapping[str, str] = {
    MessageKind.SOBRE: N_("Sobre"), MessageKind.CARGO: N_("Cargo"), MessageKind.ESTADO: N_("Estado"),
    MessageKind.RESPUESTA: N_("Respuesta"), MessageKind.MAIL: N_("Correo"), MessageKind.SMS: N_("SMS"),
    "acuse": N_("Acuse"),
}

ATTEMPT_OUTCOMES: Mapping[str, Words] = {
    "ack": Words(N_("Lo tiene"), "green"),
    "taken": Words(N_("Lo está recogiendo"), "blue"),
    "has": Words(N_("Ya lo tenía"), "green"),
    "has_not": Words(N_("No lo tenía"), "grey"),
    "cannot_tell": Words(N_("No supo decir"), "yellow"),
    "temporary": Words(N_("Falló, se intenta de nuevo"), "orange"),
    "permanent": Words(N_("Falló"), "red"),
    "late": Words(N_("Respuesta tardía"), "grey"),
}

MODES: Mapping[Mode, str] = {
    Mode.OWN: N_("En la mesa de partes de la propia institución"),
    Mode.DELEGATED: N_("Por encargo de la institución de destino"),
    Mode.REMITTANCE: N_("Para remitirlo a la institución de destino"),
}

REFUSAL_REASONS: Mapping[RefusalReason, str] = {
    RefusalReason.NOT_COMPETENT: N_("No es de nuestra competencia"),
    RefusalReason.ILLEGIBLE: N_("No se puede leer"),
    RefusalReason.UNKNOWN_ADDRESSEE: N_("El destinatario no existe aquí"),
    RefusalReason.DUPLICATE: N_("Ya lo habíamos recibido"),
    RefusalReason.UNPROCESSABLE_FORMAT: N_("No podemos abrir el formato"),
    RefusalReason.OTHER: N_("Otro motivo"),
}

MOVEMENTS: Mapping[Movement, str] = {
    Movement.IN_PROCESS: N_("En atención"),
    Movement.ANSWERED: N_("Respondido"),
    Movement.CLOSED: N_("Concluido"),
    Movement.WITHDRAWN: N_("Retirado"),
}

AUTHORS: Mapping[Author, str] = {
    Author.HUB: N_("Lo anotó el sistema"),
    Author.DESTINATION: N_("Lo informó %(name)s"),
    Author.CLERK: N_("Lo anotó la mesa de partes de %(name)s"),
    Author.OFFICER: N_("Lo anotó %(name)s"),
    Author.FILER: N_("Lo hiciste tú"),
    Author.ADMIN: N_("Lo hizo la administración del sector"),
}

PERSON_DOCUMENT_KINDS: Mapping[str, str] = {
    "dni": N_("DNI"), "ce": N_("Carné de extranjería"), "passport": N_("Pasaporte"),
    "ptp": N_("Permiso temporal (PTP o CPP)"),
}

DOCUMENT_TYPES: Mapping[str, str] = {
    "solicitud": N_("Solicitud"), "carta": N_("Carta"), "oficio": N_("Oficio"), "escrito": N_("Escrito"),
    "informe": N_("Informe"), "memorial": N_("Memorial"), "recurso": N_("Recurso"), "denuncia": N_("Denuncia"),
    "otro": N_("Otro"),
}


EVENTS: Mapping[str, str] = {
    "presented": N_("Presentaste tu documento"),
    "held": N_("La mesa de partes lo guarda y todavía no lo envía"),
    "queued": N_("Listo para salir hacia %(destination)s"),
    "sent": N_("%(destination)s lo tiene"),
    "registered": N_("%(destination)s lo registró"),
    "observed": N_("%(destination)s pide completar o corregir algo"),
    "corrected": N_("Presentaste lo que faltaba"),
    "lapsed": N_("Pasó el plazo para corregir lo observado"),
    "refused": N_("%(destination)s no lo aceptó"),
    "rerouted": N_("Se envió a %(destination)s, que es a quien le toca"),
    "failed": N_("El envío a %(destination)s se detuvo y una persona lo está viendo"),
    "sent_again": N_("Se envió otra vez a %(destination)s"),
    "cancelled": N_("Se anuló el envío a %(destination)s"),
    "in_process": N_("%(destination)s lo está atendiendo"),
    "answered": N_("%(destination)s respondió"),
    "closed": N_("%(destination)s terminó de atenderlo"),
    "withdrawn": N_("Retiraste tu documento"),
}
"""Every kind of event that a page may show. What has no sentence here is not for the public."""

_BY_TYPE: Mapping[type, Mapping[Any, Words | str]] = {
    FilingStatus: FILING_WORDS,
    DeliveryStatus: DELIVERY_WORDS,
    OutboundStatus: MESSAGE_STATUSES,
    InboundStatus: MESSAGE_STATUSES,
    MessageKind: MESSAGE_KINDS,
    Mode: MODES,
    RefusalReason: REFUSAL_REASONS,
    Movement: MOVEMENTS,
}
"""By type, because the same word ("registered") means other things in other tables."""


def words(status: StrEnum) -> Words:
    """Everything said about a status."""
    found = _BY_TYPE[type(status)][status]
    return found if isinstance(found, Words) else Words(found)


def label(value: StrEnum) -> str:
    """The short name of a status, a reason, a mode or a movement."""
    return gettext(words(value).label)


def say(sentence: str, **values: Any) -> str:
    """A marked sentence of this module with its values."""
    return gettext(sentence, **values)


def document_type(code: str) -> str:
    """The kind of writing, by its code; what a partner named in its own words stays as it is."""
    return gettext(DOCUMENT_TYPES[code]) if code in DOCUMENT_TYPES else code


def document_kind(code: str) -> str:
    """The kind of identity document."""
    return gettext(PERSON_DOCUMENT_KINDS[code])


def message_kind(code: str) -> str:
    """The kind of a message, ours or a partner's."""
    return gettext(MESSAGE_KINDS[code])


def attempt_words(outcome: str) -> Words:
    """How a try ended."""
    return ATTEMPT_OUTCOMES[outcome]


def say_event(kind: str, destination: str) -> str:
    """What happened, for a line of the timeline; `destination` is the short name of the body concerned."""
    return gettext(EVENTS[kind], destination=destination)


def say_author(author: Author, name: str) -> str:
    """Who says it, for a line of the timeline."""
    return gettext(AUTHORS[author], name=name)


def say_problem(problem: Problem) -> str:
    """What is wrong with a field, and how to mend it."""
    return gettext(PROBLEMS.get(problem.code, UNKNOWN_PROBLEM), **problem.params)
