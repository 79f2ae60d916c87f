"""The one place where codes, statuses and events become Spanish.

Spanish is the source language: what stands here is marked with `N_` and translated when it is said. The sentences
speak to the person ("tú"), say what is so, then what comes next.
"""

from collections.abc import Mapping
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
from hub.web.catalogue import N_
from hub.web.problems import PROBLEMS, UNKNOWN_PROBLEM
from hub.web.status_words import ATTEMPT_OUTCOMES, DELIVERY_WORDS, FILING_WORDS, MESSAGE_STATUSES, Words

MESSAGE_KINDS: Mapping[str, str] = {
    MessageKind.SOBRE: N_("Sobre"), MessageKind.CARGO: N_("Cargo"), MessageKind.ESTADO: N_("Estado"),
    MessageKind.RESPUESTA: N_("Respuesta"), MessageKind.MAIL: N_("Correo"), MessageKind.SMS: N_("SMS"),
    MessageKind.WEBHOOK: N_("Aviso automático"),
    MessageKind.NATIONAL_CARGO: N_("Cargo por el contrato nacional"), "acuse": N_("Acuse"),
    "recepcion": N_("Documento de otra institución"),
}

MODES: Mapping[Mode, str] = {
    Mode.OWN: N_("En la mesa de partes de la propia institución"),
    Mode.DELEGATED: N_("Por encargo de la institución de destino"),
    Mode.REMITTANCE: N_("Para remitirlo a la institución de destino"),
}

REFUSAL_REASONS: Mapping[RefusalReason, str] = {
    RefusalReason.NOT_COMPETENT: N_("No le corresponde a la institución"),
    RefusalReason.ILLEGIBLE: N_("No se puede leer"),
    RefusalReason.UNKNOWN_ADDRESSEE: N_("El destinatario no existe en la institución"),
    RefusalReason.DUPLICATE: N_("Ya se había recibido"),
    RefusalReason.UNPROCESSABLE_FORMAT: N_("El formato no se puede abrir"),
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
    Author.DESTINATION: N_("Lo informó: %(name)s"),
    Author.CLERK: N_("Lo anotó la mesa de partes de %(name)s"),
    Author.OFFICER: N_("Lo anotó: %(name)s"),
    Author.FILER: N_("Lo hizo quien lo presentó"),
    Author.ADMIN: N_("Lo hizo la administración del sector"),
}

PERSON_DOCUMENT_KINDS: Mapping[str, str] = {
    "dni": N_("DNI"), "ce": N_("Carné de extranjería"), "passport": N_("Pasaporte"),
    "ptp": N_("Permiso temporal (PTP o CPP)"),
}

CHANNELS: Mapping[str, str] = {
    "rest": N_("Contrato propio, REST"), "soap": N_("Contrato propio, SOAP"), "pull": N_("Contrato propio, recoge"),
    "iotramite": N_("Contrato nacional (PIDE)"), "pide": N_("Plataforma nacional (PIDE)"),
    "hosted": N_("Bandeja de este sistema"), "mail": N_("Correo"), "sms": N_("SMS"), "webhook": N_("Aviso automático"),
}

DOCUMENT_TYPES: Mapping[str, str] = {
    "solicitud": N_("Solicitud"), "carta": N_("Carta"), "oficio": N_("Oficio"), "escrito": N_("Escrito"),
    "informe": N_("Informe"), "memorial": N_("Memorial"), "recurso": N_("Recurso"), "denuncia": N_("Denuncia"),
    "otro": N_("Otro"),
}


EVENTS: Mapping[str, str] = {
    "presented": N_("Documento presentado"),
    "sent_in": N_("Llegó de otra institución por el contrato nacional"),
    "annexes_kept": N_("Se trajeron los anexos que el remitente anunció"),
    "annexes_missing": N_("No se pudieron traer los anexos que el remitente anunció"),
    "cargo_given": N_("El remitente tiene el cargo"),
    "cargo_given:O": N_("El remitente sabe que se observó o no se aceptó"),
    "cargo_again": N_("Se da otra vez el cargo al remitente"),
    "cargo_not_given": N_("No se pudo dar el cargo al remitente: alguien tiene que verlo"),
    "queued": N_("Listo para salir hacia %(destination)s"),
    "handed_out": N_("El mensaje firmado salió hacia %(destination)s"),
    "sent": N_("%(destination)s lo tiene"),
    "registered": N_("%(destination)s lo registró"),
    "observed": N_("%(destination)s pide completar o corregir algo"),
    "observed:counter": N_("La mesa de partes lo recibió y pide completar o corregir algo"),
    "observation_notified": N_("Quien lo presentó sabe lo que se le pide"),
    "corrected": N_("Se corrigió lo observado"),
    "lapsed": N_("Pasó el plazo para corregir lo observado"),
    "refused": N_("%(destination)s no lo aceptó"),
    "rerouted": N_("Salió hacia %(destination)s, que es a quien le toca"),
    "term_recomputed": N_("Cambió un plazo"),
    "term_recomputed:due_on": N_("Cambió el plazo de %(destination)s para responder"),
    "term_recomputed:clock_start": N_("Cambió el día desde el que cuenta el plazo de %(destination)s"),
    "term_recomputed:correct_by": N_("Cambió el plazo para corregir lo observado"),
    "term_recomputed:deemed_on": N_("Cambió el día desde el que vale la notificación si no se abre"),
    "failed": N_("El envío a %(destination)s se detuvo y una persona lo está viendo"),
    "sent_again": N_("Se envía otra vez a %(destination)s"),
    "loop_stopped": N_("Ya cambió de institución varias veces: una persona decide a dónde va"),
    "hand_over_overdue": N_("Pasaron 24 horas sin que %(destination)s lo tuviera"),
    "withdrawn": N_("Quien lo presentó lo retiró antes de que se entregara"),
    "cancelled": N_("Se anuló el envío a %(destination)s"),
    "parked": N_("Llegó una noticia de %(destination)s que no cabe en este estado"),
    "set_aside": N_("Se dejó de lado una noticia de %(destination)s"),
    "applied_by_hand": N_("Se aplicó a mano una noticia de %(destination)s que estaba apartada"),
    "notice_deposited": N_("%(destination)s dejó una notificación en la casilla"),
    "notified": N_("La notificación llegó"),
    "notified:opened": N_("La notificación se abrió en la casilla"),
    "notified:acknowledged": N_("Se confirmó que la notificación llegó"),
    "notified:in_person": N_("La notificación se entregó en persona o por cédula"),
    "notified:deemed": N_("La notificación vale por ley: pasó el plazo para abrirla"),
    "alert_taken": N_("Salió el aviso de la notificación"),
    "alert_failed": N_("No se pudo entregar el aviso de la notificación"),
    "mail_failed": N_("Correo no entregado"),
    "custody_taken": N_("Quedaron originales o soportes físicos en la mesa de partes"),
    "custody_sent": N_("Lo que estaba en la mesa de partes salió con su hoja de remisión"),
    "custody_received": N_("%(destination)s recibió los originales o soportes físicos"),
    "custody_returned": N_("Los originales o soportes físicos se devolvieron a quien los trajo"),
    "fetched": N_("%(destination)s se llevó un documento"),
    "opened": N_("Se abrió un documento"),
    "quarantined": N_("Se halló un virus en un archivo: quedó en cuarentena"),
    "archived": N_("Se archivó en la bandeja"),
    "taken_up": N_("Se sacó del archivo"),
    "joined": N_("Se sumó a la cuenta de quien lo presentó"),
    "own_document": N_("Salió un documento a otra institución por este trámite"),
    "bundle_made": N_("Se entregó el expediente con pruebas"),
    "paper_made": N_("Se hizo la constancia en PDF"),
    "signatures_read": N_("Se leyeron las firmas que trae un documento"),
    "link_opened": N_("Se abrieron los documentos por su enlace"),
    "movement:in_process": N_("%(destination)s lo está atendiendo"),
    "movement:answered": N_("%(destination)s respondió"),
    "movement:closed": N_("%(destination)s terminó de atenderlo"),
    "movement:withdrawn": N_("Se retiró el documento"),
}
"""Every kind of event; a movement by what it says, a notification by how it was made, an observation by who asks."""

_TOLD_APART = {"movement": "movement", "notified": "how", "term_recomputed": "deadline", "observed": "source",
               "cargo_given": "state"}

UNKNOWN_EVENT = N_("Se anotó un paso (%(kind)s)")

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


def step(code: str) -> str:
    """A step off the table, kept as "cancelled->registered": "Anulado → Registrado"; any other code stays as it is."""
    known = {status.value: status for status in (*Movement, *DeliveryStatus)}
    names = [label(known[part]) if part in known else part for part in code.split("->")]
    return " → ".join(names)


def document_type(code: str) -> str:
    """The kind of writing, by its code; what a partner named in its own words stays as it is."""
    return gettext(DOCUMENT_TYPES[code]) if code in DOCUMENT_TYPES else code


def document_kind(code: str) -> str:
    """The kind of identity document."""
    return gettext(PERSON_DOCUMENT_KINDS[code])


def message_kind(code: str) -> str:
    """The kind of a message, ours or a partner's."""
    return gettext(MESSAGE_KINDS[code])


def channel(code: str) -> str:
    """The way a message travels."""
    return gettext(CHANNELS[code])


def attempt_words(outcome: str) -> Words:
    """How a try ended."""
    return ATTEMPT_OUTCOMES[outcome]


def say_event(kind: str, data: Mapping[str, Any], destination: str) -> str:
    """What happened, for a line of the timeline; `destination` is the short name of the body concerned."""
    key = f"{kind}:{data.get(_TOLD_APART[kind])}" if kind in _TOLD_APART else kind
    return gettext(EVENTS.get(key) or EVENTS.get(kind, UNKNOWN_EVENT), destination=destination, kind=key)


def say_author(author: Author, name: str) -> str:
    """Who says it, for a line of the timeline."""
    return gettext(AUTHORS[author], name=name)


def say_problem(problem: Problem) -> str:
    """What is wrong with a field, and how to mend it."""
    return gettext(PROBLEMS.get(problem.code, UNKNOWN_PROBLEM)) % _Told(problem.params)


class _Told(dict[str, Any]):
    """The values of a problem; one that nobody gave is left out, not an error in front of a citizen."""

    def __missing__(self, name: str) -> str:
        return "…"
