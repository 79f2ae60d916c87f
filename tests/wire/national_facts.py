"""What the national contract states of each service, as a table: names, actions, fields in order, how often, of what.

A field is `name:type`, with `?` where it may be left out, `*` where it may be repeated too, `~` where it may be nil.
"""

A, B = "http://ws.wsiopidetramite.segdi.gob.pe/", "http://ws.wsentidad.segdi.gob.pe/"
C, D = "http://pcm.pide.gob.pe/webservice", "http://ws.wsiotramite.segdi.gob.pe/"

_ANSWERED = "vcodres:string? vdesres:string?"
_CONSULTA = (
    "vcodres:string? vdesres:string? vcuo:string? vcuoref:string? vnumregstd:string? vanioregstd:string? "
    "vuniorgstd:string? dfecregstd:dateTime? vusuregstd:string? bcarstd:base64Binary? vobs:string? cflgest:string?"
)
_CARGO_A = (
    "vrucentrem:string vrucentrec:string vcuo:string vcuoref:string? vnumregstd:string vanioregstd:string "
    "dfecregstd:dateTime vuniorgstd:string vusuregstd:string bcarstd:base64Binary vobs:string? cflgest:string"
)
_HEAD_A = (
    "vrucentrem:string vrucentrec:string vnomentemi:string vuniorgrem:string vcuo:string vcuoref:string? "
    "ccodtipdoc:string vnumdoc:string dfecdoc:dateTime vuniorgdst:string vnomdst:string vnomcardst:string vasu:string "
    "snumanx:int snumfol:int bpdfdoc:base64Binary vnomdoc:string "
)
_TAIL_A = " vurldocanx:string? ctipdociderem:string vnumdociderem:string"
_ANSWERS = {
    "cargoResponseResponse": "return:RespuestaCargoTramite?",
    "consultarTramiteResponseResponse": "return:RespuestaConsultaTramite?",
    "recepcionarTramiteResponseResponse": "return:RespuestaTramite?",
    "RespuestaCargoTramite": _ANSWERED, "RespuestaTramite": _ANSWERED, "RespuestaConsultaTramite": _CONSULTA,
}  # fmt: skip
_PLATFORM = _ANSWERS | {
    "cargoResponse": "request:CargoTramite",
    "consultarTramiteResponse": "request:ConsultaTramite",
    "getTipoDocumento": "",
    "getTipoDocumentoResponse": "return:ioTipoDocumentoTramite?*",
    "ioTipoDocumentoTramite": "ccodtipdoctra:string? vnomtipdoctra:string?",
    "recepcionarTramiteResponse": "request:RecepcionTramite",
    "DocumentoAnexo": "vnomdoc:string?",
}
_BODIES = {
    "getListaEntidadResponse": "return:EntidadBean?*",
    "EntidadBean": "sident:int sidpadent:int vnoment:string? vrucent:string?",
    "validarEntidadResponse": "return:string?",
}
_CUO = {
    "getCUOEntidad": "ruc:string~ servicio:string~", "getCUO": "ruc:string~ servicio:string~",
    "getCUOEntidadResponse": "return:string~", "getCUOResponse": "return:string~",
}  # fmt: skip

_A_OPERATIONS = ("cargoResponse", "consultarTramiteResponse", "getTipoDocumento", "recepcionarTramiteResponse")
_B_OPERATIONS = ("getListaEntidad", "validarEntidad")
_D_OPERATIONS = ("cargoResponse", "consultarTramiteResponse", "recepcionarTramiteResponse")


def _named(operations):
    return {name: name for name in operations}


def _empty(operations):
    return dict.fromkeys(operations, "")


FACTS = {
    "PcmIMgdTramite.wsdl": {
        "namespace": A, "service": "PcmIMgdTramite", "port": "PcmIMgdTramiteHttpsSoap11Endpoint",
        "binding": "PcmIMgdTramiteSoap11Binding", "port_type": "PcmIMgdTramitePortType",
        "actions": _named(_A_OPERATIONS), "faults": {}, "request_message": "{0}",
        "types": _PLATFORM | {
            "CargoTramite": _CARGO_A,
            "ConsultaTramite": "vrucentrem:string? vrucentrec:string? vcuo:string?",
            "RecepcionTramite": f"{_HEAD_A}lstanexos:DocumentoAnexo?*~{_TAIL_A}",
        },
    },
    "IOTramite.wsdl": {
        "namespace": A, "service": "IOTramiteService", "port": "IOTramitePort",
        "binding": "IOTramiteServiceSoapBinding", "port_type": "IOTramite", "actions": _empty(_A_OPERATIONS),
        "faults": {"consultarTramiteResponse": "IOException"}, "request_message": "{0}",
        "types": _PLATFORM | {
            "CargoTramite": f"{_CARGO_A} vdesanxstdrec:string?",
            "ConsultaTramite": "vrucentrem:string vrucentrec:string vcuo:string",
            "RecepcionTramite": f"{_HEAD_A}lstanexos:DocumentoAnexo?*{_TAIL_A}",
            "IOException": "message:string?",
        },
    },
    "PcmIMgdEntidad.wsdl": {
        "namespace": B, "service": "PcmIMgdEntidad", "port": "PcmIMgdEntidadHttpsSoap11Endpoint",
        "binding": "PcmIMgdEntidadSoap11Binding", "port_type": "PcmIMgdEntidadPortType",
        "actions": _named(_B_OPERATIONS), "faults": {}, "request_message": "{0}",
        "types": _BODIES | {"getListaEntidad": "sidcatent:int", "validarEntidad": "vrucent:string"},
    },
    "Entidad.wsdl": {
        "namespace": B, "service": "EntidadService", "port": "EntidadPort", "binding": "EntidadServiceSoapBinding",
        "port_type": "Entidad", "actions": _empty(_B_OPERATIONS), "faults": {}, "request_message": "{0}",
        "types": _BODIES | {
            "getListaEntidad": "vipent:string? sidcatent:int", "validarEntidad": "vipent:string? vrucent:string",
        },
    },
    "PcmCuo.wsdl": {
        "namespace": C, "service": "PcmCuo", "port": "PcmCuoHttpsSoap11Endpoint", "binding": "PcmCuoSoap11Binding",
        "port_type": "PcmCuoPortType", "faults": {}, "request_message": "{0}Request",
        "actions": {"getCUOEntidad": f"{C}#ShowArchivos", "getCUO": f"{C}#ShowArchivo"},
        "types": _CUO,
    },
    "Tramite.wsdl": {
        "namespace": D, "service": "Tramite", "port": "TramitePort", "binding": "TramiteSoapBinding",
        "port_type": "Tramite", "actions": _empty(_D_OPERATIONS), "faults": {}, "request_message": "{0}",
        "types": _ANSWERS | {
            "cargoResponse": "cargoRequest:CargoTramite",
            "CargoTramite": (
                "vcuo:string? vcuoref:string? vnumregstd:string? vanioregstd:string? dfecregstd:dateTime? "
                "vuniorgstd:string? vusuregstd:string? bcarstd:base64Binary? vobs:string? cflgest:string? "
                "vdesanxstdrec:string?"
            ),
            "consultarTramiteResponse": "request:string",
            "recepcionarTramiteResponse": "recepcionRequest:RecepcionTramite?",
            "RecepcionTramite": (
                "vrucentrem:string? vrucentrec:string? vnomentemi:string? vuniorgrem:string? vcuo:string? "
                "vcuoref:string? ccodtipdoc:string? vnumdoc:string? dfecdoc:dateTime? vuniorgdst:string? "
                "vnomdst:string? vnomcardst:string? vasu:string? snumanx:int snumfol:int vurldocanx:string? "
                "bpdfdoc:base64Binary? vnomdoc:string? lstanexos:documentoAnexo?*~ ctipdociderem:string? "
                "vnumdociderem:string?"
            ),
            "documentoAnexo": "dfecreg:dateTime? siddocanx:int siddocext:int vnomdoc:string?",
        },
    },
}  # fmt: skip
"""By file of schemas/iotramite. `faults`: operation -> the fault it declares."""
