"""Our own WSDL files say what the national contract says: names, order, optionality, bindings."""

from pathlib import Path

import pytest
from lxml import etree

from hub.wire.iotramite import fields

FOLDER = Path(__file__).parents[2] / "schemas" / "iotramite"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
XS = "{http://www.w3.org/2001/XMLSchema}"


def read(file):
    return etree.parse(str(FOLDER / file)).getroot()


def elements(file, type_name):
    found = read(file).find(f".//{XS}complexType[@name='{type_name}']")
    return [
        (one.get("name"), one.get("type").partition(":")[2], one.get("minOccurs")) for one in found.iter(f"{XS}element")
    ]


@pytest.mark.parametrize(
    ("file", "namespace", "service", "port", "binding", "port_type"),
    [
        ("PcmIMgdTramite.wsdl", "http://ws.wsiopidetramite.segdi.gob.pe/", "PcmIMgdTramite",
         "PcmIMgdTramiteHttpsSoap11Endpoint", "PcmIMgdTramiteSoap11Binding", "PcmIMgdTramitePortType"),
        ("Tramite.wsdl", "http://ws.wsiotramite.segdi.gob.pe/", "Tramite", "TramitePort", "TramiteSoapBinding",
         "Tramite"),
        ("PcmIMgdEntidad.wsdl", "http://ws.wsentidad.segdi.gob.pe/", "PcmIMgdEntidad",
         "PcmIMgdEntidadHttpsSoap11Endpoint", "PcmIMgdEntidadSoap11Binding", "PcmIMgdEntidadPortType"),
        ("PcmCuo.wsdl", "http://pcm.pide.gob.pe/webservice", "PcmCuo", "PcmCuoHttpsSoap11Endpoint",
         "PcmCuoSoap11Binding", "PcmCuoPortType"),
    ],
)  # fmt: skip
def test_services_ports_and_bindings_have_the_names_of_the_contract(file, namespace, service, port, binding, port_type):
    root = read(file)
    assert root.get("targetNamespace") == namespace
    assert root.find(f"{WSDL}service").get("name") == service
    assert root.find(f"{WSDL}service/{WSDL}port").get("name") == port
    assert root.find(f"{WSDL}binding").get("name") == binding
    assert root.find(f"{WSDL}portType").get("name") == port_type
    assert root.find(f"{WSDL}types/{XS}schema").get("elementFormDefault") == "unqualified"
    assert root.find(f"{WSDL}binding/{SOAP}binding").get("style") == "document"


def soap_actions(file):
    operations = read(file).findall(f"{WSDL}binding/{WSDL}operation")
    return {one.get("name"): one.find(f"{SOAP}operation").get("soapAction") for one in operations}


def test_the_platform_names_its_actions_after_the_operations_and_the_entity_leaves_them_empty():
    names = ["cargoResponse", "consultarTramiteResponse", "getTipoDocumento", "recepcionarTramiteResponse"]
    assert soap_actions("PcmIMgdTramite.wsdl") == {name: name for name in names}
    assert soap_actions("Tramite.wsdl") == {name: "" for name in names if name != "getTipoDocumento"}
    assert soap_actions("PcmCuo.wsdl")["getCUOEntidad"] == "http://pcm.pide.gob.pe/webservice#ShowArchivos"


@pytest.mark.parametrize(
    ("file", "type_name", "order"),
    [
        ("PcmIMgdTramite.wsdl", "RecepcionTramite", fields.RECEPCION_A),
        ("Tramite.wsdl", "RecepcionTramite", fields.RECEPCION_D),
        ("PcmIMgdTramite.wsdl", "CargoTramite", fields.CARGO_A),
        ("Tramite.wsdl", "CargoTramite", fields.CARGO_D),
        ("PcmIMgdTramite.wsdl", "RespuestaConsultaTramite", fields.RESPUESTA_CONSULTA),
        ("Tramite.wsdl", "RespuestaConsultaTramite", fields.RESPUESTA_CONSULTA),
        ("Tramite.wsdl", "documentoAnexo", fields.ANEXO_D),
        ("Tramite.wsdl", "RespuestaTramite", fields.RESPUESTA),
        ("PcmIMgdTramite.wsdl", "RespuestaCargoTramite", fields.RESPUESTA),
    ],
)
def test_the_order_of_the_code_is_the_order_of_the_schema(file, type_name, order):
    assert tuple(name for name, _, _ in elements(file, type_name)) == order


def test_the_entity_takes_the_document_after_the_address_of_the_annexes_and_the_platform_before():
    assert fields.RECEPCION_D[15:] == (
        "vurldocanx",
        "bpdfdoc",
        "vnomdoc",
        "lstanexos",
        "ctipdociderem",
        "vnumdociderem",
    )
    assert fields.RECEPCION_A[15:] == (
        "bpdfdoc",
        "vnomdoc",
        "lstanexos",
        "vurldocanx",
        "ctipdociderem",
        "vnumdociderem",
    )


def test_only_the_two_counts_are_required_by_the_entity():
    required = [name for name, _, least in elements("Tramite.wsdl", "RecepcionTramite") if least is None]
    assert required == ["snumanx", "snumfol"]
    assert [name for name, _, least in elements("Tramite.wsdl", "documentoAnexo") if least is None] == [
        "siddocanx",
        "siddocext",
    ]
    assert all(least == "0" for _, _, least in elements("Tramite.wsdl", "CargoTramite"))


def test_the_platform_requires_all_but_the_references_the_annexes_and_the_remark():
    optional = [name for name, _, least in elements("PcmIMgdTramite.wsdl", "RecepcionTramite") if least == "0"]
    assert optional == ["vcuoref", "lstanexos", "vurldocanx"]
    optional = [name for name, _, least in elements("PcmIMgdTramite.wsdl", "CargoTramite") if least == "0"]
    assert optional == ["vcuoref", "vobs"]


def test_wrappers_have_the_names_of_each_side():
    for file, wrappers in (("PcmIMgdTramite.wsdl", fields.WRAPPERS_A), ("Tramite.wsdl", fields.WRAPPERS_D)):
        for operation, wrapper in wrappers.items():
            assert [name for name, _, _ in elements(file, operation)] == [wrapper]
    assert elements("Tramite.wsdl", "consultarTramiteResponse") == [("request", "string", None)]
    assert elements("Tramite.wsdl", "recepcionarTramiteResponse") == [("recepcionRequest", "RecepcionTramite", "0")]


def test_every_file_tells_its_origin():
    for path in FOLDER.glob("*.wsdl"):
        assert "Origen:" in path.read_text(encoding="utf-8")
