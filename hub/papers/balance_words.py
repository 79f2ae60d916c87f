"""What is said of comparisons, differences and balances: to operators at a terminal, on screen and in files."""

from collections.abc import Mapping
from typing import Final

from hub.core.comparing import Gap

GAPS: Final[Mapping[str, str]] = {
    Gap.LACKING.value: "Se le entregó y dice que no lo tiene",
    Gap.UNKNOWN.value: "Lo tiene y aquí nadie se lo envió",
    Gap.DIFFERS.value: "Las dos partes dicen cosas distintas",
}
STATES: Final[Mapping[str, str]] = {
    "": "nada", "held": "recibido", "queued": "en cola", "sending": "enviándose", "sent": "entregado",
    "registered": "registrado", "observed": "observado", "corrected": "subsanado", "lapsed": "no subsanado",
    "refused": "no aceptado", "rerouted": "enviado a otra institución", "failed": "detenido", "cancelled": "anulado",
}  # fmt: skip
NOT_COMPARED: Final[Mapping[str, str]] = {
    "FETCHES_BY_ITSELF": "recoge por su cuenta: nadie puede preguntarle; compara ella con el balance",
    "DOES_NOT_ANSWER": "no respondió a las preguntas",
    "MAY_NOT_BE_CALLED": "está en pausa, en mantenimiento o no responde",
    "FAILED_HERE": "no se pudo terminar por una falla de esta mesa",
}
WHY_NOT: Final[Mapping[str, str]] = {
    "DIFFERENCE_CLOSED": "Ya no hay diferencia",
    "NOTHING_TO_TAKE": "No dijo nada que se pueda tomar como noticia",
    "NOT_SENDABLE": "No se puede enviar otra vez: la institución ya lo tuvo o aquí no existe",
    "NOTHING_FITS": "Lo que dice ya no cabe en el trámite; si llegó como noticia apartada, decídelo allí",
    "NOT_ITS_WORD": "El mensaje no es de esa institución o no habla de este envío",
    "NOTHING_TO_SEND": "No hay un mensaje que enviar otra vez",
    "NOT_FAILED": "Ya sigue su camino",
    "SIGNER_UNKNOWN": "Lo firmó alguien que el directorio no conoce",
    "FIRMANTE_DESCONOCIDO": "Lo firmó alguien que el directorio no conoce",
    "FIRMA_INVALIDA": "Su firma no es válida",
    "CERTIFICADO_REVOCADO": "Lo firmó con un certificado revocado",
    "CERTIFICADO_VENCIDO": "Lo firmó con un certificado vencido",
}
FAULTS: Final[Mapping[str, str]] = {
    "LINES_MALFORMED": "las líneas no tienen la forma de un balance",
    "LINES_REPEATED": "hay un CUO dos veces",
    "LINES_COUNT": "las líneas no son tantas como dice el balance firmado",
    "LINES_ROOT": "las líneas no son las que se firmaron",
    "DECLARACION_MAL_FORMADA": "no es un balance de este sistema",
    "RAIZ_MAL_FORMADA": "no es un balance de este sistema",
    "DECLARACION_FIRMA_INVALIDA": "la firma no corresponde a lo que dice",
    "DECLARACION_FIRMANTE_DESCONOCIDO": "quien lo firmó no tiene un certificado de esa autoridad, o no valía ese día",
    "DECLARACION_FIRMANTE_NO_ES_EL_HUB": "lo firmó otro que el que dice",
}


def figures(equal: int, differing: int, cannot_tell: int, left_out: int, listed: int | None = None) -> str:
    """What a comparison counted: "12 iguales, 1 difiere, 2 sin respuesta, 3 sin comparar".

    Of an institution with a list "40 en su lista; al preguntar: 12 iguales, 1 difiere": it is asked about less.
    """
    told = [_many(equal, "igual", "iguales"), _many(differing, "difiere", "difieren")]
    if cannot_tell:
        told.append(f"{cannot_tell} sin respuesta")
    if left_out:
        told.append(f"{left_out} sin comparar")
    asked = ", ".join(told)
    return asked if listed is None else f"{listed} en su lista; al preguntar: {asked}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
