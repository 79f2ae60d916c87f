"""Why something stopped, in words: the codes of tries that failed, of refusals and of letters that came back."""

from collections.abc import Mapping

from flask_babel import gettext

from hub.core.statuses import RefusalReason
from hub.web.catalogue import N_
from hub.web.sentences import label

_UNREADABLE = N_("su sistema no puede leer el mensaje")
_FORM = N_("la firma no tiene la forma acordada")
_CREDENTIAL = N_("su sistema no acepta nuestra credencial")
_NUMBER = N_("un número que lleva no es válido")
_IDENTITY = N_("el documento de identidad de quien presentó no es válido")
_SEAL = N_("el cargo no se pudo firmar")

TROUBLES: Mapping[str, str] = {
    # the way there
    "UNREACHABLE": N_("su sistema no abre la conexión"),
    "TIMEOUT": N_("su sistema tarda demasiado en contestar"),
    "CONNECTION_LOST": N_("la conexión se cortó"),
    "ANSWER_UNREADABLE": N_("su sistema contesta algo que no se entiende"),
    "ANSWER_TOO_LARGE": N_("su sistema contesta algo que no se entiende"),
    "SOAP_FAULT": N_("su sistema contesta con un error"),
    "SCHEMA_INVALID": _UNREADABLE,
    "ADDRESS_INVALID": N_("su dirección está mal escrita"),
    "NOT_CALLED": N_("no hay cómo llamar a su sistema"),
    "PIDE_SIN_CODIGO": N_("contesta sin ningún código del contrato nacional"),
    "CANNOT_TELL": N_("su sistema no puede decir si ya lo tiene"),
    "TAKEN": N_("su sistema está descargando los archivos"),
    "CUO_NOT_GIVEN": N_("la plataforma nacional no dio su número"),
    "GATEWAY_OFF": N_("la salida hacia la plataforma nacional está apagada"),
    "LOST_AT_DESTINATION": N_("la institución dice que no lo tiene"),
    "RESTORED_UNNUMBERED": N_("el sistema volvió de una copia: quizá ya salió, pregunta a la institución"),
    # ours
    "DOCUMENT_UNREADABLE": N_("un archivo no se pudo leer"),
    "DOCUMENT_QUARANTINED": N_("un archivo está en cuarentena"),
    "STORAGE_FAILED": N_("el almacén de documentos no respondió"),
    "PARCEL_NOT_WRITTEN": N_("su mensaje no se pudo escribir"),
    "MESSAGE_UNWRITABLE": N_("lleva letras que el mensaje no admite"),
    "ENTITY_UNKNOWN": N_("nombra a una institución que no está en el directorio"),
    "KEY_UNUSABLE": N_("la clave con que firma este sistema no sirve"),
    "RUC_LENGTH": _NUMBER, "RUC_PREFIX": _NUMBER, "RUC_CHECK_DIGIT": _NUMBER,
    "CUO_INVALID": _NUMBER, "FILING_NUMBER_INVALID": _NUMBER,
    "DNI_LENGTH": _IDENTITY, "CE_LENGTH": _IDENTITY, "PASSPORT_FORM": _IDENTITY, "PTP_FORM": _IDENTITY,
    "DOCUMENT_KIND_UNKNOWN": _IDENTITY,
    "CARGO_NOT_WRITTEN": N_("su cargo no se pudo escribir"),
    "CARGO_NOT_FOUND": N_("su cargo no se encuentra"),
    "PAPER_UNKNOWN": N_("su cargo no se encuentra"),
    "PDF_WITHOUT_PLACE": _SEAL, "SEAL_TOO_LARGE": _SEAL,
    # letters
    "LETTER_NOT_WRITTEN": N_("el aviso no se pudo escribir"),
    "MAIL_NOT_WRITABLE": N_("su dirección de correo no se puede usar"),
    "MAIL_BOUNCED": N_("el correo volvió"),
    "MAIL_REFUSED": N_("su correo no lo acepta"),
    "MAIL_UNREACHABLE": N_("el servidor de correo no responde"),
    "SMS_REFUSED": N_("el servicio de SMS no lo acepta"),
    "SMS_UNREACHABLE": N_("el servicio de SMS no responde"),
    "WEBHOOK_REFUSED": N_("el webhook no lo acepta"),
    "WEBHOOK_UNREACHABLE": N_("el webhook no responde"),
    # what one side refuses of the other's message: either of the two may say so
    "XML_MAL_FORMADO": _UNREADABLE, "XML_CON_DTD": _UNREADABLE, "XML_CON_ENTIDADES": _UNREADABLE,
    "ESQUEMA_INVALIDO": _UNREADABLE, "PEDIDO_MAL_FORMADO": _UNREADABLE, "TIPO_DE_CONTENIDO_NO_ADMITIDO": _UNREADABLE,
    "XML_DEMASIADO_GRANDE": N_("el mensaje es demasiado grande"),
    "MENSAJE_NO_ESPERADO": N_("el mensaje no es el que se esperaba"),
    "FIRMA_AUSENTE": N_("el mensaje llegó sin firma"),
    "FIRMA_REPETIDA": _FORM, "FIRMA_FUERA_DE_LUGAR": _FORM, "FIRMA_FUERA_DE_PERFIL": _FORM,
    "ALGORITMO_NO_ADMITIDO": _FORM, "REFERENCIA_NO_ADMITIDA": _FORM,
    "FIRMA_INVALIDA": N_("la firma no vale"),
    "CLAVE_DEBIL": N_("la clave de la firma es débil"),
    "FIRMANTE_DESCONOCIDO": N_("no se conoce el certificado de la firma"),
    "FIRMANTE_NO_ES_EMISOR": N_("firmó otra institución"),
    "CERTIFICADO_AUN_NO_VIGENTE": N_("el certificado todavía no vale"),
    "CERTIFICADO_VENCIDO": N_("el certificado venció"),
    "CERTIFICADO_REVOCADO": N_("el certificado fue revocado"),
    "RECEPTOR_EQUIVOCADO": N_("el mensaje es para otra institución"),
    "INSTANTE_ADELANTADO": N_("lleva una hora que todavía no llega: hay un reloj mal puesto"),
    "MENSAJE_CON_OTRO_CONTENIDO": N_("ya tenía ese mensaje, con otro contenido"),
    "RESPUESTA_A_OTRO_MENSAJE": N_("su sistema contesta sobre otro mensaje"),
    "CUO_DESCONOCIDO": N_("no se conoce ese CUO"),
    "CUO_AJENO": N_("ese CUO es de otra institución"),
    "MENSAJE_DESCONOCIDO": N_("no se conoce ese mensaje"),
    "BALANCE_DESCONOCIDO": N_("no se conoce ese balance"),
    "DOCUMENTO_DESCONOCIDO": N_("un archivo no se encuentra"),
    "DOCUMENTO_NO_AUTORIZADO": N_("un archivo no se deja descargar"),
    "DOCUMENTO_INACCESIBLE": N_("un archivo no se pudo descargar"),
    "DOCUMENTO_ALTERADO": N_("un archivo llegó cambiado"),
    "DOCUMENTO_DEMASIADO_GRANDE": N_("un archivo es demasiado grande para su sistema"),
    "DOCUMENTO_NO_DEJADO": N_("falta un archivo que debía dejarse antes"),
    "DESTINO_DESCONOCIDO": N_("no se conoce la institución de destino"),
    "PRESENTACION_IMPOSIBLE": N_("su sistema dice que no se puede presentar así"),
    "CARGO_PENDIENTE": N_("su cargo todavía no está"),
    "CREDENCIAL_AUSENTE": _CREDENTIAL, "CREDENCIAL_INVALIDA": _CREDENTIAL, "CREDENCIAL_VENCIDA": _CREDENTIAL,
    "CREDENCIAL_REPETIDA": _CREDENTIAL,
    "MENSAJE_DEMASIADO_LENTO": N_("el mensaje llega demasiado lento"),
    "DEMASIADAS_LLAMADAS": N_("su sistema pide que se le llame menos seguido"),
    "NO_DISPONIBLE": N_("su sistema dice que ahora no puede"),
    "ERROR_INTERNO": N_("su sistema se equivocó por dentro"),
}  # fmt: skip


def trouble(code: str) -> str:
    """A code in words; one that nobody here knows is named as it is, in a Spanish sentence."""
    if code in set(RefusalReason):
        return label(RefusalReason(code))
    if code in TROUBLES:
        return gettext(TROUBLES[code])
    if code.startswith("HTTP_"):
        return gettext("su sistema contesta con el error %(number)s", number=code.removeprefix("HTTP_"))
    if code.startswith("PIDE_"):
        return gettext("contesta con el código %(number)s del contrato nacional", number=code.removeprefix("PIDE_"))
    return gettext("se detuvo con el código %(code)s", code=code)
