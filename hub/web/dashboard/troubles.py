"""Why something stopped, in words: the codes of tries that failed, of refusals and of letters that came back."""

from collections.abc import Mapping

from flask_babel import gettext

from hub.core.statuses import RefusalReason
from hub.web.catalogue import N_
from hub.web.sentences import label

TROUBLES: Mapping[str, str] = {
    "UNREACHABLE": N_("su sistema no abre la conexión"),
    "TIMEOUT": N_("su sistema tarda demasiado en contestar"),
    "CONNECTION_LOST": N_("la conexión se cortó"),
    "ANSWER_UNREADABLE": N_("su sistema contesta algo que no se entiende"),
    "ANSWER_TOO_LARGE": N_("su sistema contesta algo que no se entiende"),
    "SOAP_FAULT": N_("su sistema contesta con un error"),
    "SCHEMA_INVALID": N_("su sistema no puede leer el mensaje"),
    "ADDRESS_INVALID": N_("su dirección está mal escrita"),
    "CUO_NOT_GIVEN": N_("la plataforma nacional no dio su número"),
    "DOCUMENT_UNREADABLE": N_("un archivo no se pudo leer"),
    "DOCUMENT_QUARANTINED": N_("un archivo está en cuarentena"),
    "CARGO_NOT_WRITTEN": N_("su cargo no se pudo escribir"),
    "LOST_AT_DESTINATION": N_("la institución dice que no lo tiene"),
    "RESTORED_UNNUMBERED": N_("el sistema volvió de una copia: quizá ya salió, pregunta a la institución"),
    "MAIL_BOUNCED": N_("el correo volvió"),
    "MAIL_REFUSED": N_("su correo no lo acepta"),
    "MAIL_UNREACHABLE": N_("el servidor de correo no responde"),
}


def trouble(code: str) -> str:
    """A code in words; what another system made up is shown as a word, not as a shout."""
    if code in set(RefusalReason):
        return label(RefusalReason(code))
    if code in TROUBLES:
        return gettext(TROUBLES[code])
    if code.startswith("HTTP_"):
        return gettext("su sistema contesta con el error %(number)s", number=code.removeprefix("HTTP_"))
    return code.replace("_", " ").lower()
