"""The shapes of the national contract: namespaces, operations, wrappers, the order of the elements, the lengths."""

from typing import Final

NAMESPACE_A: Final = "http://ws.wsiopidetramite.segdi.gob.pe/"
NAMESPACE_D: Final = "http://ws.wsiotramite.segdi.gob.pe/"

RECEPCIONAR: Final = "recepcionarTramiteResponse"
CONSULTAR: Final = "consultarTramiteResponse"
CARGO: Final = "cargoResponse"
GET_TIPO_DOCUMENTO: Final = "getTipoDocumento"

WRAPPERS_A: Final = {RECEPCIONAR: "request", CONSULTAR: "request", CARGO: "request"}
WRAPPERS_D: Final = {RECEPCIONAR: "recepcionRequest", CONSULTAR: "request", CARGO: "cargoRequest"}

_RECEPCION_HEAD = (
    "vrucentrem", "vrucentrec", "vnomentemi", "vuniorgrem", "vcuo", "vcuoref", "ccodtipdoc", "vnumdoc", "dfecdoc",
    "vuniorgdst", "vnomdst", "vnomcardst", "vasu", "snumanx", "snumfol",
)  # fmt: skip
RECEPCION_A: Final = (
    *_RECEPCION_HEAD, "bpdfdoc", "vnomdoc", "lstanexos", "vurldocanx", "ctipdociderem", "vnumdociderem",
)  # fmt: skip
RECEPCION_D: Final = (
    *_RECEPCION_HEAD, "vurldocanx", "bpdfdoc", "vnomdoc", "lstanexos", "ctipdociderem", "vnumdociderem",
)  # fmt: skip
ANEXO_D: Final = ("dfecreg", "siddocanx", "siddocext", "vnomdoc")

_CARGO = (
    "vcuo", "vcuoref", "vnumregstd", "vanioregstd", "dfecregstd", "vuniorgstd", "vusuregstd", "bcarstd", "vobs",
    "cflgest",
)  # fmt: skip
CARGO_A: Final = ("vrucentrem", "vrucentrec", *_CARGO)
CARGO_D: Final = (*_CARGO, "vdesanxstdrec")

RESPUESTA: Final = ("vcodres", "vdesres")
RESPUESTA_CONSULTA: Final = (
    "vcodres", "vdesres", "vcuo", "vcuoref", "vnumregstd", "vanioregstd", "vuniorgstd", "dfecregstd", "vusuregstd",
    "bcarstd", "vobs", "cflgest",
)  # fmt: skip

LENGTHS: Final = {
    "vrucentrem": 11, "vrucentrec": 11, "vnomentemi": 250, "vuniorgrem": 250, "vcuo": 10, "vcuoref": 10,
    "ccodtipdoc": 2, "vnumdoc": 100, "vuniorgdst": 150, "vnomdst": 100, "vnomcardst": 100, "vasu": 500,
    "vnomdoc": 200, "vurldocanx": 200, "ctipdociderem": 1, "vnumdociderem": 9,
    "vnumregstd": 14, "vanioregstd": 4, "vuniorgstd": 250, "vusuregstd": 150, "vobs": 250, "cflgest": 1,
}  # fmt: skip
"""Most characters of each text; from the tables that ship with the entities' component, the XSD says nothing."""

ANNEX_NAME_LENGTH: Final = 100
SMALLINT: Final = 32_767
"""Most of snumanx and snumfol: the columns of the entities are SMALLINT."""
