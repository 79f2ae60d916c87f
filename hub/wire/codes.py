"""The closed list of refusals of our contract: the code on the wire, whether to try again, and whose fault it is.

The same list over SOAP (`codigo` of a Falla) and REST (`code` of a problem). The sentences are said by the doors.
"""

from enum import Enum

from hub.core.errors import ContractError


class Refusal(Enum):
    """One refusal. `wire` is the code as partners see it, `status` its HTTP status."""

    # the XML itself
    XML_MALFORMED = ("XML_MAL_FORMADO", 400)
    XML_TOO_LARGE = ("XML_DEMASIADO_GRANDE", 413)
    XML_DTD = ("XML_CON_DTD", 400)
    XML_ENTITIES = ("XML_CON_ENTIDADES", 400)
    SCHEMA_INVALID = ("ESQUEMA_INVALIDO", 422)
    MESSAGE_UNEXPECTED = ("MENSAJE_NO_ESPERADO", 422)
    # its signature
    SIGNATURE_MISSING = ("FIRMA_AUSENTE", 422)
    SIGNATURE_REPEATED = ("FIRMA_REPETIDA", 422)
    SIGNATURE_MISPLACED = ("FIRMA_FUERA_DE_LUGAR", 422)
    SIGNATURE_PROFILE = ("FIRMA_FUERA_DE_PERFIL", 422)
    SIGNATURE_ALGORITHM = ("ALGORITMO_NO_ADMITIDO", 422)
    SIGNATURE_REFERENCES = ("REFERENCIA_NO_ADMITIDA", 422)
    SIGNATURE_INVALID = ("FIRMA_INVALIDA", 422)
    KEY_WEAK = ("CLAVE_DEBIL", 422)
    # who signed
    SIGNER_UNKNOWN = ("FIRMANTE_DESCONOCIDO", 403)
    SIGNER_NOT_SENDER = ("FIRMANTE_NO_ES_EMISOR", 403)
    CERTIFICATE_NOT_YET_VALID = ("CERTIFICADO_AUN_NO_VIGENTE", 403)
    CERTIFICATE_EXPIRED = ("CERTIFICADO_VENCIDO", 403)
    CERTIFICATE_REVOKED = ("CERTIFICADO_REVOCADO", 403)
    # what it says
    RECEIVER_WRONG = ("RECEPTOR_EQUIVOCADO", 422)
    INSTANT_AHEAD = ("INSTANTE_ADELANTADO", 422)
    MESSAGE_ID_REUSED = ("MENSAJE_CON_OTRO_CONTENIDO", 409)
    ANSWER_MISMATCH = ("RESPUESTA_A_OTRO_MENSAJE", 422)
    CUO_UNKNOWN = ("CUO_DESCONOCIDO", 404)
    CUO_OF_ANOTHER = ("CUO_AJENO", 403)
    MESSAGE_UNKNOWN = ("MENSAJE_DESCONOCIDO", 404)
    BALANCE_UNKNOWN = ("BALANCE_DESCONOCIDO", 404)
    # its documents
    DOCUMENT_UNKNOWN = ("DOCUMENTO_DESCONOCIDO", 404)
    DOCUMENT_FORBIDDEN = ("DOCUMENTO_NO_AUTORIZADO", 403)
    DOCUMENT_UNREACHABLE = ("DOCUMENTO_INACCESIBLE", 503, True, False)
    DOCUMENT_DIGEST = ("DOCUMENTO_ALTERADO", 422)
    DOCUMENT_TOO_LARGE = ("DOCUMENTO_DEMASIADO_GRANDE", 413)
    DOCUMENT_NOT_LEFT = ("DOCUMENTO_NO_DEJADO", 422)
    # a filing or an answer of an institution
    DESTINATION_UNKNOWN = ("DESTINO_DESCONOCIDO", 422)
    FILING_IMPOSSIBLE = ("PRESENTACION_IMPOSIBLE", 422)
    CARGO_MISSING = ("CARGO_PENDIENTE", 409, True)
    # a call without a message
    TOKEN_MISSING = ("CREDENCIAL_AUSENTE", 401)
    TOKEN_INVALID = ("CREDENCIAL_INVALIDA", 401)
    TOKEN_EXPIRED = ("CREDENCIAL_VENCIDA", 401)
    TOKEN_REUSED = ("CREDENCIAL_REPETIDA", 401)
    # the call
    REQUEST_MALFORMED = ("PEDIDO_MAL_FORMADO", 400)
    MEDIA_TYPE = ("TIPO_DE_CONTENIDO_NO_ADMITIDO", 415)
    TOO_SLOW = ("MENSAJE_DEMASIADO_LENTO", 408, True)
    RATE_LIMITED = ("DEMASIADAS_LLAMADAS", 429, True)
    UNAVAILABLE = ("NO_DISPONIBLE", 503, True, False)
    INTERNAL = ("ERROR_INTERNO", 500, True, False)

    def __init__(self, wire: str, status: int, is_temporary: bool = False, blames_sender: bool = True) -> None:
        self.wire = wire
        self.status = status
        self.is_temporary = is_temporary
        self.blames_sender = blames_sender

    @property
    def culprit(self) -> str:
        """`culpable` of a Falla: "emisor" who called, "receptor" who answers."""
        return "emisor" if self.blames_sender else "receptor"

    def error(self, detail: str = "", *, message_id: str | None = None) -> ContractError:
        """The error to raise for this refusal. `detail` is for engineers and carries no personal data."""
        return ContractError(self.wire, detail, message_id=message_id, is_temporary=self.is_temporary)


BY_WIRE: dict[str, Refusal] = {refusal.wire: refusal for refusal in Refusal}
