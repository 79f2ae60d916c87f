"""The sentences of code 0003, in the platform's own words (Especificaciones Técnicas, table 18): protocol."""

from typing import Final

MISSING: Final = {
    "vrucentrem": "RUC de la entidad remitente no especificado",
    "vrucentrec": "RUC de la entidad receptora no especificado",
    "vnomentemi": "Nombre de Entidad remitente no especificado",
    "ctipdociderem": "Tipo de documento de identidad del remitente no especificado",
    "vnumdociderem": "Número de documento de identidad del remitente no especificado",
    "ccodtipdoc": "Tipo de documento no especificado",
    "vnumdoc": "Número de documento no especificado",
    "dfecdoc": "Fecha de documento no especificado",
    "vuniorgrem": "Nombre de la unidad orgánica de remitente no especificado",
    "vuniorgdst": "Nombre de la unidad orgánica receptora no especificado",
    "vnomdst": "Nombre del destinatario no especificado",
    "vnomcardst": "Nombre de cargo del destino no especificado",
    "vasu": "Asunto de documento no especificado",
    "bpdfdoc": "No existe Documento PDF Principal",
    "vnomdoc": "Nombre del documento principal no especificado",
    "snumfol": "Número de folio no especificado",
    "vcuo": "CUO no especificado",
    "vnumregstd": "Número de registro del STD no especificado",
    "dfecregstd": "Fecha de registro del STD no especificado",
    "vuniorgstd": "Nombre de la unidad orgánica de derivación no especificado",
    "vusuregstd": "Nombre de la persona que registra en el STD no especificado",
    "bcarstd": "No existe documento PDF de cargo de tramite",
    "cflgest": "Código de Estado no especificado",
}

TOO_LONG: Final = {
    "vnomentemi": "Nombre de Entidad remitente excede el tamaño permitido",
    "vnumdoc": "Número de documento excede el tamaño permitido",
    "vuniorgrem": "Nombre de la unidad orgánica remitente excede al tamaño permitido",
    "vuniorgdst": "Nombre de la unidad orgánica receptora excede al tamaño permitido",
    "vnomdst": "Nombre del destinatario excede el tamaño permitido",
    "vnomcardst": "Nombre de cargo del destino excede el tamaño permitido",
    "vasu": "Asunto de documento excede el tamaño permitido",
    "vnomdoc": "Descripción del documento principal excede la longitud permitida",
    "vurldocanx": "La URL de descarga de los documentos anexos excede la longitud permitida",
    "vnumregstd": "Número de registro del STD excede el tamaño permitido",
    "vuniorgstd": "Nombre de la unidad orgánica de derivación excede el tamaño permitido",
    "vusuregstd": "Nombre de la persona que registra en el STD excede el tamaño permitido",
}

SENDER_RUC_LENGTH: Final = "RUC de Entidad remitente tiene que ser de 11 dígitos"
SENDER_UNKNOWN: Final = "RUC de Entidad remitente no se encuentra registrada"
RECEIVER_RUC_LENGTH: Final = "RUC de Entidad receptora tiene que ser de 11 dígitos"
RECEIVER_UNKNOWN: Final = "RUC de entidad receptora no se encuentra registrada"
SIGNER_KIND_INVALID: Final = "El tipo de documento de identidad del remitente no es válido"
DNI_LENGTH: Final = "El número de documento de identidad para tipo de documento DNI debe ser de 8 dígitos"
CE_LENGTH: Final = (
    "El número de documento de identidad para tipo de documento Carnet de Extranjería debe ser de 9 dígitos"
)
DOCUMENT_TYPE_INVALID: Final = "El código de Tipo de documento no es válido"
DOCUMENT_DATE_AHEAD: Final = "La fecha del documento no debe ser mayor que la fecha actual"
MAIN_PDF_TOO_LARGE: Final = "El Documento principal excede el tamaño permitido"
MAIN_PDF_NOT_BASE64: Final = "El Documento Principal debe estar codificado en Base64"
MAIN_PDF_INVALID: Final = "El Documento Principal no es un archivo PDF válido"
FOLIOS_TOO_MANY: Final = "El número de folio excede el tamaño permitido"
MORE_NAMES_THAN_ANNEXES: Final = (
    "La cantidad de nombres de los archivos anexos es mayor al número de documentos anexos especificados"
)
MORE_ANNEXES_THAN_NAMES: Final = (
    "El número de anexos indicado es mayor a la cantidad de nombres de los anexos especificados"
)
ANNEX_LIST_MISSING: Final = "Se ha especificado el número de anexos pero no se ha enviado la lista de documentos anexos"
ANNEX_URL_MISSING: Final = (
    "Se ha especificado el número de anexos pero no se especifica la URL de descarga de documentos anexos"
)
ANNEX_NAME_MISSING: Final = "Nombre del documento anexo no especificado"
ANNEX_NAME_TOO_LONG: Final = "Nombre del documento Anexo excede la longitud permitida"
CUO_INVALID: Final = "CUO no valido"
CUO_REF_INVALID: Final = "CUO de referencia no válido"
CARGO_PDF_TOO_LARGE: Final = "El Documento excede el tamaño permitido"
CARGO_PDF_INVALID: Final = "El Documento de registro de tramite no es un archivo PDF valido"
STATE_INVALID: Final = "Código de Estado inválido"
ANSWER_CODE_INVALID: Final = "Código de respuesta inválido"
