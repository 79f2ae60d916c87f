"""What a machine is told in words: one sentence for each refusal. Part of the contract, so never translated."""

from typing import Final

from hub.wire.codes import Refusal

_R = Refusal

SENTENCES: Final[dict[Refusal, str]] = {
    _R.XML_MALFORMED: "El mensaje no es XML bien formado.",
    _R.XML_TOO_LARGE: "El mensaje es más grande de lo que se admite.",
    _R.XML_DTD: "El mensaje trae un DOCTYPE y aquí no se admite ninguno.",
    _R.XML_ENTITIES: "El mensaje declara entidades y aquí no se admite ninguna.",
    _R.SCHEMA_INVALID: "El mensaje no cumple el esquema publicado.",
    _R.MESSAGE_UNEXPECTED: "Este tipo de mensaje no se recibe por esta vía.",
    _R.SIGNATURE_MISSING: "El mensaje no está firmado.",
    _R.SIGNATURE_REPEATED: "El mensaje tiene más de una firma.",
    _R.SIGNATURE_MISPLACED: "La firma no es el último elemento del mensaje.",
    _R.SIGNATURE_PROFILE: "La firma no sigue el perfil publicado.",
    _R.SIGNATURE_ALGORITHM: "La firma usa un algoritmo que no se admite.",
    _R.SIGNATURE_REFERENCES: "La firma no cubre el mensaje entero con una sola referencia.",
    _R.SIGNATURE_INVALID: "La firma no corresponde al contenido del mensaje.",
    _R.KEY_WEAK: "La clave que firmó es más débil de lo que se admite.",
    _R.SIGNER_UNKNOWN: "El certificado que firmó no está en el directorio de la mesa.",
    _R.SIGNER_NOT_SENDER: "El certificado que firmó no es de la entidad que dice enviar el mensaje.",
    _R.CERTIFICATE_NOT_YET_VALID: "Se firmó antes de que el certificado entrara en vigencia.",
    _R.CERTIFICATE_EXPIRED: "Se firmó cuando el certificado ya había vencido.",
    _R.CERTIFICATE_REVOKED: "El certificado que firmó está revocado.",
    _R.RECEIVER_WRONG: "El mensaje está dirigido a otro RUC.",
    _R.INSTANT_AHEAD: "El mensaje lleva una fecha que todavía no llega: revisa el reloj de tu sistema.",
    _R.MESSAGE_ID_REUSED: "Ese identificador ya llegó con otro contenido: usa uno nuevo para cada mensaje.",
    _R.ANSWER_MISMATCH: "El mensaje no responde a ninguno de los que se le enviaron a tu entidad.",
    _R.CUO_UNKNOWN: "Ese CUO no salió de esta mesa.",
    _R.CUO_OF_ANOTHER: "Ese CUO es de un envío a otra entidad.",
    _R.MESSAGE_UNKNOWN: "Tu entidad no tiene un mensaje con ese identificador.",
    _R.DOCUMENT_UNKNOWN: "Ese envío no tiene un documento con ese identificador.",
    _R.DOCUMENT_FORBIDDEN: "Ese documento ya no se entrega: su envío se retiró, o se halló un virus en él.",
    _R.DOCUMENT_UNREACHABLE: "Por ahora no se pudo traer un documento: se intentará de nuevo.",
    _R.DOCUMENT_DIGEST: "Un documento no tiene el tamaño o el resumen SHA-256 que se anunció.",
    _R.DOCUMENT_TOO_LARGE: "Los documentos anunciados son más grandes de lo que este sistema declara que admite.",
    _R.DOCUMENT_NOT_LEFT: "El mensaje nombra un documento que tu entidad no dejó antes en la mesa, o no entero.",
    _R.DESTINATION_UNKNOWN: "El RUC de destino no es de una entidad a la que se pueda presentar en esta mesa.",
    _R.FILING_IMPOSSIBLE: "La presentación no dice quién presenta, o no trae un documento principal.",
    _R.CARGO_MISSING: "Antes de una Respuesta hace falta el Cargo: envíalo y repite la Respuesta.",
    _R.TOKEN_MISSING: "Falta la credencial (Authorization: Bearer).",
    _R.TOKEN_INVALID: "La credencial no es de una entidad conocida, o no es para esta mesa.",
    _R.TOKEN_EXPIRED: "La credencial venció o dura más de cinco minutos.",
    _R.TOKEN_REUSED: "La credencial ya se usó: haz una nueva para cada llamada.",
    _R.REQUEST_MALFORMED: "La llamada no es de este contrato.",
    _R.MEDIA_TYPE: "El tipo de contenido no es el de este contrato.",
    _R.RATE_LIMITED: "Son demasiadas llamadas seguidas: espera un momento y repite.",
    _R.UNAVAILABLE: "El servicio no está disponible en este momento: repite la llamada más tarde.",
    _R.INTERNAL: "Algo falló de nuestro lado: repite la llamada más tarde.",
}
