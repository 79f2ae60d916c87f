"""What each finding says, in Spanish, for who never heard of a hash. Read by the command and by the page."""

from collections.abc import Mapping
from typing import Final

PROVEN: Final[Mapping[str, str]] = {
    "CONTAINER_SIGNED": "El expediente lleva el sello de {name} (RUC {ruc}), puesto el {at}.",
    "FILES_SEALED": "Se comparó cada una de sus {count} piezas con lo que dice el manifiesto.",
    "CONTAINER_STAMPED": "{authority} certifica que el expediente sellado ya existía el {at}.",
    "SIGNER_EXPIRED_SINCE": "El certificado del sello venció el {until}; el sello de tiempo demuestra que se usó "
    "antes, el {at}, cuando valía.",
    "ROOTS_SIGNED": "El libro está firmado: {count} raíces, hasta la {last}.",
    "ROOT_STAMPED": "{authority} certifica que la raíz {batch} del libro ya existía el {at}.",
    "ROOT_SIGNERS_WERE_VALID": "Vencieron certificados que firmaron {count} raíces (el primero, el {until}); sus "
    "sellos de tiempo demuestran que firmaron antes, cuando valían.",
    "EVENTS_SEALED": "{count} de {total} hechos están en el libro, completos y en su orden.",
    "EVENTS_STAMPED": "{count} de {total} hechos ya existían el {at}, según la autoridad de sellado de tiempo.",
    "SEEN_AGREES": "La raíz {batch}, que ya conocías, es la misma.",
    "MESSAGE_SIGNED": "{what} Lo firmó {name} (RUC {ruc}) el {at}.",
    "MESSAGE_SIGNERS_WERE_VALID": "Vencieron certificados que firmaron {count} mensajes (el primero, el {until}); los "
    "sellos de tiempo de los hechos que los nombran demuestran que firmaron antes, cuando valían.",
    "ANSWER_KEPT": "Respuesta recibida el {at}, tal como llegó; no trae firma propia y la demuestra el libro.",
    "COMMITMENT_FILER": "Los datos de quien presentó son los que se sellaron al presentar.",
    "COMMITMENT_CONTENT": "El asunto y los demás datos del documento son los que se sellaron al presentar.",
    "DOCUMENT_TOLD": "«{name}» es, byte por byte, el que se entregó.",
    "PAPER_SEALED": "{kind}: el PDF lleva el sello de {name}, íntegro, puesto el {at}.",
    "PAPER_TOLD": "{kind}: es, byte por byte, el papel que emitió el sistema.",
}

MISSING: Final[Mapping[str, str]] = {
    "CA_NOT_GIVEN": "No diste el certificado publicado del sistema (--ca): sin él no se sabe si este expediente es "
    "suyo o de alguien que lo imita.",
    "TSA_NOT_GIVEN": "Trae sellos de tiempo y no diste el certificado de su autoridad (--tsa): no se comprobaron.",
    "CONTAINER_NOT_STAMPED": "El expediente no trae sello de tiempo propio: su fecha la dice solo quien lo selló.",
    "SIGNER_EXPIRED": "El certificado del sello venció el {until} y ningún sello de tiempo comprobado demuestra que se "
    "usó antes.",
    "ROOT_SIGNER_EXPIRED": "El certificado que firmó la raíz {batch} venció el {until} y ningún sello de tiempo "
    "comprobado demuestra que firmó antes.",
    "EVENTS_NOT_SEALED": "{count} hechos, desde el número {first}, están pendientes de sellado: son los más recientes. "
    "Pide otro expediente en unos minutos.",
    "EVENTS_LONG_UNSEALED": "{count} hechos, desde el número {first}, llevaban más de un día sin sellar: eso no es "
    "normal. Nada los demuestra todavía; pregunta a quien administra el sistema.",
    "EVENTS_NOT_STAMPED": "{count} hechos sellados en el libro no tienen todavía un sello de tiempo comprobado.",
    "EVENTS_BEFORE_LEDGER": "{count} hechos son anteriores al libro: solo los respalda el sello del expediente.",
    "SEEN_NOT_BELIEVED": "Una raíz de las que diste para comparar ({batch}) no está firmada por este sistema; no se "
    "usó.",
    "SEEN_NOT_COMPARED": "La raíz {batch} que diste no está en este expediente: no se pudo comparar.",
    "MESSAGE_UNTOLD": "Este mensaje está bien firmado, y ningún hecho del libro lo menciona: repite algo ya dicho.",
    "COMMITMENTS_CLOSED": "Los datos personales no se abren en este expediente.",
    "DOCUMENT_UNTOLD": "«{name}» llegó con una respuesta y ningún hecho lo nombra: lo respalda solo el sello.",
    "PAPER_UNTOLD": "{kind}: ningún hecho lo nombra; lo respalda solo el sello del expediente.",
    "MESSAGE_SIGNER_EXPIRED": "El certificado que firmó este mensaje venció el {until} y ningún sello de tiempo "
    "comprobado demuestra que firmó antes.",
}

MESSAGES: Final[Mapping[str, str]] = {
    "Sobre": "Sobre con el trámite, para {receiver}.",
    "Acuse": "Acuse: la institución lo tiene.",
    "Cargo": "Cargo: {outcome}{number}.",
    "Estado": "Estado: {movement}.",
    "Respuesta": "Respuesta al trámite.",
}
MOVEMENTS: Final[Mapping[str, str]] = {
    "in_process": "en atención", "answered": "atendido", "closed": "archivado", "withdrawn": "desistido",
}  # fmt: skip
PAPERS: Final[Mapping[str, str]] = {
    "constancia": "Constancia de presentación", "cargo": "Cargo de recepción",
    "no_presentado": "Constancia de no presentado",
}  # fmt: skip
HAPPENED: Final[Mapping[str, str]] = {
    "quarantined": "virus hallado en un archivo",
    "presented": "presentación", "queued": "listo para salir", "handed_out": "salida del mensaje",
    "sent": "entrega", "registered": "registro", "observed": "observación", "corrected": "subsanación",
    "observation_notified": "notificación de la observación", "lapsed": "vencimiento del plazo para subsanar",
    "refused": "no aceptado", "rerouted": "reenvío", "movement": "estado en la institución",
    "failed": "envío detenido", "sent_again": "nuevo envío", "cancelled": "envío anulado",
    "paper_made": "emisión de un papel", "opened": "apertura de un documento", "parked": "noticia apartada",
    "joined": "suma a una cuenta", "link_opened": "apertura por enlace", "bundle_made": "entrega del expediente",
    "sent_in": "llegada de otra institución", "annexes_kept": "llegada de los anexos anunciados",
    "annexes_missing": "anexos anunciados que no llegaron", "cargo_given": "entrega del cargo al remitente",
}  # fmt: skip
"""Kinds of events, as a person calls them; another one is told by its code."""
GROUPS: Final = (
    ("Lo que se entregó", ("DOCUMENT_", "COMMITMENT_", "PAPER_")),
    ("Lo que se comunicó", ("MESSAGE_", "ANSWER_")),
    ("La historia y cuándo ocurrió", ("EVENTS_", "ROOT", "SEEN_")),
    ("El sello que cubre todo", ("",)),
)
"""Titles of what is proven, by the beginnings of its codes; the first that fits."""
