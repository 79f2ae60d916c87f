"""The platform's side of the national contract, over real HTTP: cargos taken once, questions answered, never a 500."""

import pytest
import zeep

from hub.clock import now
from hub.core.statuses import FilingStatus, InboundStatus
from hub.models import InboundMessage
from hub.receiving import read_news, received_when_asked, take
from hub.wire.iotramite import answers, sentences
from hub.wire.iotramite.envelope import read_envelope, write_answer
from hub.wire.iotramite.fields import CONSULTAR
from hub.wire.iotramite.files import encode_twice
from hub.wire.iotramite.read import read_consulta
from hub.wire.iotramite.services import TRAMITE
from tests.api.national import IGP, NAMESPACE, OEFA, PATH, a_call, envelope, question, say, send
from tests.fixtures.parcels import PDF

ENDPOINT = TRAMITE.endpoint
TAKEN = {"vcodres": "0000", "vdesres": "RECEPCION DE CARGO EXITOSO"}
KNOWN = {"vcodres": "0002", "vdesres": "EL CARGO YA SE ENCUENTRA REGISTRADO"}
NOT_TAKEN = {"vcodres": "-1", "vdesres": "NO SE PUDO REGISTRAR EL CARGO"}


@pytest.fixture
def leg(hub):
    """A filing on its way to OEFA, which speaks the national contract."""
    return hub.file("oefa")


def cargo(cuo, **change):
    values = {
        "vrucentrem": OEFA, "vrucentrec": "20492966658", "vcuo": cuo, "vnumregstd": "000123", "vanioregstd": "2026",
        "dfecregstd": "2026-11-21T10:00:00-05:00", "vuniorgstd": "Archivo", "vusuregstd": "LPAZ",
        "bcarstd": encode_twice(PDF), "cflgest": "R",
    } | change  # fmt: skip
    return a_call("cargoResponse", values)


def test_a_cargo_registers_the_leg_and_is_taken_once(hub, leg):
    assert say(hub, cargo(leg.cuo)) == TAKEN
    found = hub.leg(leg.cuo)
    assert (found.status.value, found.destination_registry_number, found.unit) == ("registered", "000123", "Archivo")
    assert say(hub, cargo(leg.cuo)) == KNOWN
    assert len(hub.rows(InboundMessage, cuo=leg.cuo)) == 1


@pytest.mark.parametrize("path", [PATH, ENDPOINT, f"{PATH}?wsdl", f"{ENDPOINT}?wsdl"])
def test_a_call_comes_in_by_every_address_that_is_in_use(hub, leg, path):
    assert say(hub, cargo(leg.cuo), path) == TAKEN


def test_what_an_institution_says_when_asked_is_the_same_message_as_its_cargo(hub, leg):
    known = answers.Known(leg.cuo, FilingStatus.REGISTERED, "000123", "2026", now(), "Archivo", "LPAZ", "", PDF)
    (news,) = read_consulta(write_answer(NAMESPACE, CONSULTAR, [answers.consulta(known)]), leg.cuo, OEFA, now()).news
    with hub.session() as session:
        assert take(session, hub.directory, received_when_asked(news), now()) == (InboundStatus.APPLIED, True)
    (row,) = hub.rows(InboundMessage, cuo=leg.cuo)
    assert read_news(row, news.raw).registry_number == "000123"
    assert hub.status(leg.cuo) == "registered"
    assert say(hub, cargo(leg.cuo)) == KNOWN


def test_an_observation_opens_one_with_its_remark(hub, leg):
    assert say(hub, cargo(leg.cuo, cflgest="O", vobs="Falta la firma", vnumregstd="", bcarstd="")) == TAKEN
    assert hub.status(leg.cuo) == "observed"
    answer = say(hub, question(leg.cuo))
    assert (answer["vcodres"], answer["cflgest"], answer["vobs"]) == ("0000", "O", "Falta la firma")


def test_a_cargo_in_latin_1_keeps_its_letters(hub, leg):
    body = '<?xml version="1.0" encoding="ISO-8859-1"?>' + cargo(leg.cuo, vuniorgstd="Dirección de Línea")
    say(hub, body.encode("latin-1"), **{"Content-Type": "text/xml; charset=ISO-8859-1"})
    assert hub.leg(leg.cuo).unit == "Dirección de Línea"


@pytest.mark.parametrize(("change", "said"), [
    ({"vcuo": "9999999999"}, NOT_TAKEN),
    ({"vrucentrem": ""}, {"vcodres": "0003", "vdesres": sentences.MISSING["vrucentrem"]}),
    ({"vrucentrem": IGP}, {"vcodres": "0003", "vdesres": sentences.SENDER_UNKNOWN}),
    ({"cflgest": "X"}, {"vcodres": "0003", "vdesres": "Código de Estado inválido"}),
    ({"bcarstd": ""}, {"vcodres": "0003", "vdesres": "No existe documento PDF de cargo de tramite"}),
])  # fmt: skip
def test_a_cargo_that_cannot_be_taken_is_answered_with_a_code(hub, leg, change, said):
    assert say(hub, cargo(leg.cuo, **change)) == said
    assert hub.status(leg.cuo) == "sending"


def test_a_cargo_of_another_institutions_leg_is_not_taken(hub):
    of_igp = hub.file("igp")
    assert say(hub, cargo(of_igp.cuo)) == NOT_TAKEN
    assert hub.status(of_igp.cuo) == "sending"
    assert say(hub, question(of_igp.cuo))["vcodres"] == "0001"


def test_a_question_is_answered_with_the_letter_of_the_filing(hub, leg):
    assert say(hub, question(leg.cuo)) == {
        "vcodres": "0000", "vdesres": "DATOS ENCONTRADOS", "vcuo": leg.cuo, "cflgest": "P",
    }  # fmt: skip
    say(hub, cargo(leg.cuo))
    answer = say(hub, question(leg.cuo))
    assert (answer["cflgest"], answer["vnumregstd"], answer["vusuregstd"]) == ("R", "000123", "LPAZ")
    assert answer["dfecregstd"] == "2026-11-21T10:00:00-05:00"


@pytest.mark.parametrize("cuo", ["9999999999", "999999999A", "", "1"])
def test_a_cuo_that_we_do_not_know_is_0001(hub, cuo):
    assert say(hub, question(cuo)) == {"vcodres": "0001", "vdesres": "DATOS NO ENCONTRADOS"}


@pytest.mark.parametrize("inside", [
    "<n:cargoResponse/>",
    "<n:cargoResponse><request/></n:cargoResponse>",
    "<n:consultarTramiteResponse/>",
    "<n:recepcionarTramiteResponse/>",
    "<n:recepcionarTramiteResponse><request><vrucentrem>20521286769</vrucentrem></request></n:recepcionarTramiteResponse>",
])  # fmt: skip
def test_an_empty_call_gets_a_code_and_a_text(hub, inside):
    answer = say(hub, envelope(inside))
    assert answer["vcodres"] and answer["vdesres"]


def test_the_document_types_are_two(hub):
    answer = send(hub, envelope("<n:getTipoDocumento/>"))
    codes = [item.text for item in read_envelope(answer.content).element.iter("ccodtipdoctra")]
    assert codes == ["01", "02"]


@pytest.mark.parametrize("body", [
    b"", b"hola", b"<a>", b"<a/>", b"\x00\xff", envelope("").encode(), envelope("<n:otra/>").encode(),
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
])  # fmt: skip
def test_what_cannot_be_read_is_a_fault_of_the_caller(hub, body):
    answer = send(hub, body)
    assert answer.status_code == 400
    assert b"soap:Client" in answer.content


def test_a_stack_of_another_house_reads_our_wsdl_and_gets_its_answer(hub, leg):
    client = zeep.Client(f"{hub.url}{PATH}?wsdl", settings=zeep.Settings(forbid_dtd=True))
    port = client.wsdl.services["PcmIMgdTramite"].ports["PcmIMgdTramiteHttpsSoap11Endpoint"]
    assert port.binding_options["address"] == "http://mesa.prueba" + ENDPOINT
    service = client.create_service(f"{{{NAMESPACE}}}PcmIMgdTramiteSoap11Binding", hub.url + ENDPOINT)
    answer = service.consultarTramiteResponse(request={"vrucentrem": OEFA, "vcuo": leg.cuo})
    assert (answer.vcodres, answer.cflgest) == ("0000", "P")
    assert [item.ccodtipdoctra for item in service.getTipoDocumento()] == ["01", "02"]
