"""The sandbox institution over SOAP, called by zeep with nothing but the published WSDL."""

import pytest
import requests
import zeep

from tests.adapters.institution import FAST, NEVER, credential, opened
from tests.fixtures.sandbox import ROOT, wait_until

BINDING = "{urn:pe:mesa-integrada:1:servicio}InstitucionSoap11"
SERVICE = "{urn:pe:mesa-integrada:1:servicio}"


@pytest.fixture
def call(sandbox):
    """call(institution) -> a zeep service at its address."""

    def make(institution):
        client = zeep.Client(str(ROOT / "schemas" / "mesadepartes.wsdl"))
        return client.create_service(BINDING, f"{institution.url}/mesadepartes")

    return make


def test_a_sobre_is_held_and_its_acuse_travels_as_base64(sandbox, call, hub_stub, parcel_for, keys):
    senace = sandbox("soap", "senace", **NEVER)
    parcel = parcel_for(senace)
    first = call(senace).recibirSobre(mensaje=parcel.sealed)
    assert first.estado == "acusado"
    assert opened(keys, "senace", first.acuse).message.header.answers == parcel.message_id
    assert call(senace).recibirSobre(mensaje=parcel.sealed).acuse == first.acuse
    assert [entry["times_received"] for entry in senace.held(parcel.cuo)] == [2]


def test_large_documents_are_taken_and_the_acuse_comes_by_itself(sandbox, call, hub_stub, parcel_for, keys):
    senace = sandbox("soap", "senace", inline_limit=100, **(FAST | NEVER))
    hub_stub.are_documents_down = True
    parcel = parcel_for(senace, b"x" * 500)
    answer = call(senace).recibirSobre(mensaje=parcel.sealed)
    assert (answer.estado, answer.acuse) == ("tomado", None)
    asked = call(senace).consultarSobre(credencial=credential(keys, senace), cuo=parcel.cuo)
    assert (asked.estado, asked.mensaje) == ("tomado", [])
    hub_stub.are_documents_down = False
    wait_until(lambda: hub_stub.of_kind("Acuse"))


def test_it_says_over_soap_what_happens_and_tells_it_again_when_asked(sandbox, call, hub_stub, parcel_for, keys):
    senace = sandbox("soap", "senace", **FAST)
    parcel = parcel_for(senace)
    acuse = call(senace).recibirSobre(mensaje=parcel.sealed).acuse
    wait_until(lambda: len(hub_stub.messages) == 3)
    asked = call(senace).consultarSobre(credencial=credential(keys, senace), cuo=parcel.cuo)
    assert (asked.estado, asked.mensaje) == ("tiene", [acuse, *hub_stub.messages])


def test_a_refusal_is_a_fault_with_our_code_and_the_right_culprit(sandbox, call, hub_stub, parcel_for, keys):
    senace = sandbox("soap", "senace", **NEVER)
    parcel = parcel_for(senace)
    service, unknown = call(senace), {"credencial": credential(keys, senace), "cuo": "0000000099"}
    tampered = parcel.sealed.replace(b"Pide", b"Pida")
    assert fault_of(service.consultarSobre, **unknown) == ("Client", "CUO_DESCONOCIDO", "false", "emisor")
    assert fault_of(service.recibirSobre, mensaje=tampered) == ("Client", "FIRMA_INVALIDA", "false", "emisor")
    hub_stub.are_documents_down = True
    unreachable = ("Server", "DOCUMENTO_INACCESIBLE", "true", "receptor")
    assert fault_of(service.recibirSobre, mensaje=parcel.sealed) == unreachable


def fault_of(operation, **values):
    with pytest.raises(zeep.exceptions.Fault) as caught:
        operation(**values)
    told = {element.tag.removeprefix(SERVICE): element.text for element in caught.value.detail[0]}
    assert told["mensaje"].endswith(".")
    return caught.value.code.partition(":")[2], told["codigo"], told["temporal"], told["culpable"]


def test_nothing_that_is_sent_makes_an_unhandled_error(sandbox):
    senace = sandbox("soap", "senace", **NEVER)
    entity = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    for body in (b"", b"no es xml", b"<a/>", entity, b"\xff\xfe\x00\x00"):
        answer = requests.post(senace.url, data=body, headers={"Content-Type": "text/xml"}, timeout=5)
        assert (answer.status_code, b"<codigo>ERROR_INTERNO" in answer.content) == (500, False)
        assert b"soap:Fault" in answer.content
