"""How each status is shown: its label and colour, what it means, what comes next. One table per kind of status."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.core.statuses import DeliveryStatus, FilingStatus, InboundStatus, OutboundStatus
from hub.web.catalogue import N_


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
        N_("%(asker)s te pide completar o corregir algo."),
        N_("Puedes hacerlo desde esta página o en una mesa de partes, con tu número de trámite. "
           "Si lo haces a tiempo, vale la fecha en que presentaste la primera vez."),
        "attention",
    ),
    _F.LAPSED: Words(
        N_("No presentado"), "red",
        N_("Pasó el plazo para corregir lo observado y el documento se considera no presentado."),
        N_("Puedes recoger tus documentos, pedir que te devuelvan la tasa si pagaste una, y presentarlo de nuevo: "
           "tus datos y tus archivos se copian."),
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
