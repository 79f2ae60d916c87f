"""The code writes and reads the fields in the order of our own WSDL files (test_national_facts.py states them)."""

from pathlib import Path

import pytest
from lxml import etree

from hub.wire.iotramite import fields

FOLDER = Path(__file__).parents[2] / "schemas" / "iotramite"
XS = "{http://www.w3.org/2001/XMLSchema}"


def read(file):
    return etree.parse(str(FOLDER / file)).getroot()


def elements(file, type_name):
    found = read(file).find(f".//{XS}complexType[@name='{type_name}']")
    return [
        (one.get("name"), one.get("type").partition(":")[2], one.get("minOccurs")) for one in found.iter(f"{XS}element")
    ]


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


def test_wrappers_have_the_names_of_each_side():
    for file, wrappers in (("PcmIMgdTramite.wsdl", fields.WRAPPERS_A), ("Tramite.wsdl", fields.WRAPPERS_D)):
        for operation, wrapper in wrappers.items():
            assert [name for name, _, _ in elements(file, operation)] == [wrapper]
    assert elements("Tramite.wsdl", "consultarTramiteResponse") == [("request", "string", None)]
    assert elements("Tramite.wsdl", "recepcionarTramiteResponse") == [("recepcionRequest", "RecepcionTramite", "0")]


def test_every_file_tells_its_origin():
    for path in FOLDER.glob("*.wsdl"):
        assert "Origen:" in path.read_text(encoding="utf-8")
