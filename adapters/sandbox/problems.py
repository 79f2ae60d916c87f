"""The refusals of the contract that an institution gives: code, HTTP status, whether to try again, sentence."""

from typing import NamedTuple


class Problem(NamedTuple):
    status: int
    is_temporary: bool
    sentence: str


PROBLEMS = {
    "XML_MAL_FORMADO": Problem(400, False, "El mensaje no es XML bien formado."),
    "XML_DEMASIADO_GRANDE": Problem(413, False, "El mensaje supera el tamaño permitido."),
    "XML_CON_DTD": Problem(400, False, "El mensaje trae un DOCTYPE, que no se admite."),
    "XML_CON_ENTIDADES": Problem(400, False, "El mensaje declara entidades, que no se admiten."),
    "ESQUEMA_INVALIDO": Problem(422, False, "El mensaje no cumple el esquema."),
    "MENSAJE_NO_ESPERADO": Problem(422, False, "Aquí se espera otro tipo de mensaje."),
    "FIRMA_AUSENTE": Problem(422, False, "El mensaje no está firmado."),
    "FIRMA_REPETIDA": Problem(422, False, "El mensaje tiene más de una firma."),
    "FIRMA_FUERA_DE_LUGAR": Problem(422, False, "La firma no es el último elemento del mensaje."),
    "FIRMA_FUERA_DE_PERFIL": Problem(422, False, "La firma no tiene la forma acordada."),
    "ALGORITMO_NO_ADMITIDO": Problem(422, False, "La firma usa un algoritmo que no se admite."),
    "REFERENCIA_NO_ADMITIDA": Problem(422, False, "La firma no cubre el mensaje entero."),
    "FIRMA_INVALIDA": Problem(422, False, "El contenido no es el que se firmó."),
    "FIRMANTE_DESCONOCIDO": Problem(403, False, "El certificado del firmante no es uno de los conocidos."),
    "FIRMANTE_NO_ES_EMISOR": Problem(403, False, "El mensaje no lo firma quien dice enviarlo."),
    "CERTIFICADO_AUN_NO_VIGENTE": Problem(403, False, "El certificado aún no estaba vigente al firmar."),
    "CERTIFICADO_VENCIDO": Problem(403, False, "El certificado ya había vencido al firmar."),
    "RECEPTOR_EQUIVOCADO": Problem(422, False, "El mensaje no va dirigido a esta entidad."),
    "INSTANTE_ADELANTADO": Problem(422, False, "La fecha de emisión está en el futuro."),
    "MENSAJE_CON_OTRO_CONTENIDO": Problem(409, False, "Ese mensaje o ese CUO ya llegó con otro contenido."),
    "CUO_DESCONOCIDO": Problem(404, False, "Aquí no se ha recibido ese CUO."),
    "DOCUMENTO_INACCESIBLE": Problem(503, True, "Por ahora no se pudo traer un documento."),
    "DOCUMENTO_ALTERADO": Problem(422, False, "Un documento no es el que se anunció."),
    "DOCUMENTO_DEMASIADO_GRANDE": Problem(413, False, "Los documentos son más grandes de lo que aquí se admite."),
    "CREDENCIAL_AUSENTE": Problem(401, False, "Falta la credencial."),
    "CREDENCIAL_INVALIDA": Problem(401, False, "La credencial no es válida."),
    "CREDENCIAL_VENCIDA": Problem(401, False, "La credencial venció."),
    "CREDENCIAL_REPETIDA": Problem(401, False, "La credencial ya se usó."),
    "PEDIDO_MAL_FORMADO": Problem(400, False, "El pedido no es de este contrato."),
    "TIPO_DE_CONTENIDO_NO_ADMITIDO": Problem(415, False, "El tipo de contenido no se admite."),
    "ERROR_INTERNO": Problem(500, True, "Hubo un error de este lado; intenta más tarde."),
}
ON_THIS_SIDE = ("DOCUMENTO_INACCESIBLE", "ERROR_INTERNO")


class Refused(Exception):
    """What came is not taken. `code` is one of PROBLEMS; `detail` is for engineers."""

    def __init__(self, code: str, detail: str = "", message_id: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail, self.message_id = code, detail, message_id
        self.problem = PROBLEMS[code]
