"""The SOAP door: the same messages in an envelope, refusals as Faults that blame the right side."""

import base64

import zeep
from lxml import etree

from hub.outgoing import sign_waiting
from hub.wire.service import NS
from hub.worker import make_tools
from tests.api.test_bad_calls import BOMB
from tests.api.test_leaving import leave
from tests.api.test_sent_in import a_sobre
from tests.fixtures.house import a_pdf


def fault(answer):
    """The `falla` of a Fault, as a dict, after checking its shape."""
    assert answer.status_code == 500, answer.text
    root = etree.fromstring(answer.content)
    [told] = root.iter(f"{{{NS}}}falla")
    values = {etree.QName(child).localname: child.text for child in told}
    code = root.findtext(".//faultcode")
    assert code == ("soap:Client" if values["culpable"] == "emisor" else "soap:Server")
    assert root.findtext(".//faultstring") == values["codigo"]
    return values


def test_a_cargo_registers_the_leg(hub):
    leg = hub.file("senace")
    answer = hub.post_soap(hub.sealed(hub.cargo(leg, "senace"), "senace"))
    assert answer.status_code == 200 and "<estado>aplicado</estado>" in answer.text
    assert hub.status(leg.cuo) == "registered"


def test_a_message_that_came_over_rest_is_a_repeat_over_soap(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    hub.post(raw)
    assert "<estado>repetido</estado>" in hub.post_soap(raw).text


def test_a_soap_library_can_use_the_published_contract(hub, leg):
    wsdl = hub.http.get(f"{hub.url}/soap/mesadepartes?wsdl")
    assert b'location="http://mesa.prueba/soap/mesadepartes"' in wsdl.content
    client = zeep.Client(f"{hub.url}/soap/mesadepartes?wsdl")
    binding = "{urn:pe:mesa-integrada:1:servicio}MesaSoap11"
    called = client.create_service(binding, f"{hub.url}/soap/mesadepartes")
    answer = called.recibirMensaje(mensaje=hub.sealed(hub.cargo(leg)))
    assert answer.estado == "aplicado"


def test_a_refusal_is_a_fault_that_blames_the_sender(hub, leg):
    raw = hub.sealed(hub.cargo(leg)).replace(b"004512", b"004513")
    values = fault(hub.post_soap(raw))
    assert (values["codigo"], values["temporal"], values["culpable"]) == ("FIRMA_INVALIDA", "false", "emisor")
    assert values["idMensaje"] and values["mensaje"].endswith(".")


def test_what_is_no_call_of_the_contract_is_a_fault(hub):
    assert fault(hub.call_soap("", operation="recibirSobre"))["codigo"] == "PEDIDO_MAL_FORMADO"
    assert fault(hub.call_soap("<mensaje>no es base64 ñ</mensaje>"))["codigo"] == "PEDIDO_MAL_FORMADO"
    assert fault(hub.call_soap("<otro/>"))["codigo"] == "PEDIDO_MAL_FORMADO"
    bomb = f"<mensaje>{base64.b64encode(BOMB).decode()}</mensaje>"
    assert fault(hub.call_soap(bomb))["codigo"] == "XML_CON_ENTIDADES"


def test_an_envelope_with_a_dtd_is_a_fault(hub):
    answer = hub.http.post(f"{hub.url}/soap/mesadepartes", BOMB, headers={"Content-Type": "text/xml"})
    assert fault(answer)["codigo"] == "XML_CON_ENTIDADES"


def test_another_content_type_is_a_fault(hub):
    answer = hub.call_soap("", headers={"Content-Type": "application/soap+xml"})
    assert fault(answer)["codigo"] == "TIPO_DE_CONTENIDO_NO_ADMITIDO"


def test_an_envelope_over_the_limit_is_a_fault(hub):
    assert fault(hub.call_soap("<mensaje>" + "A" * 2_100_000 + "</mensaje>"))["codigo"] == "XML_DEMASIADO_GRANDE"


def test_another_method_is_a_405_with_a_fault(hub):
    answer = hub.http.put(f"{hub.url}/soap/mesadepartes")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]
    assert "PEDIDO_MAL_FORMADO" in answer.text


def test_an_institution_files_and_asks_over_soap_too(hub):
    pdf = a_pdf()
    leave(hub, pdf, "senace")
    sobre = a_sobre(hub, [pdf], sender="senace", to="igp")
    client = zeep.Client(f"{hub.url}/soap/mesadepartes?wsdl")
    binding = "{urn:pe:mesa-integrada:1:servicio}MesaSoap11"
    called = client.create_service(binding, f"{hub.url}/soap/mesadepartes")
    raw = hub.sealed(sobre, "senace")
    assert called.recibirSobre(mensaje=raw).estado == "tomado"
    cuo = sobre.header.cuo
    assert called.consultarSobre(credencial=hub.token("senace"), cuo=cuo).estado == "tomado"
    tools = make_tools(hub.house.settings, hub.engine)
    sign_waiting(tools)
    tools.live_directory.stop()
    assert b"<Acuse" in called.recibirSobre(mensaje=raw).acuse
    asked = called.consultarSobre(credencial=hub.token("senace"), cuo=cuo)
    assert asked.estado == "tiene" and len(asked.mensaje) == 1


def test_a_question_without_a_good_credential_is_a_fault(hub):
    asked = "<credencial>x</credencial><cuo>0000000001</cuo>"
    assert fault(hub.call_soap(asked, operation="consultarSobre"))["codigo"] == "CREDENCIAL_INVALIDA"
    asked = f"<credencial>{hub.token()}</credencial><cuo>8888888888</cuo>"
    assert fault(hub.call_soap(asked, operation="consultarSobre"))["codigo"] == "CUO_DESCONOCIDO"
