"""A short `make fuzz`: real messages of both contracts, spoilt by chance, and the twin over REST with any field."""

import logging
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.national import document
from tests.fuzz.judging import judge
from tests.fuzz.national_calls import national_calls
from tests.fuzz.own_calls import OwnCalls
from tests.fuzz.running import Fuzz
from tests.fuzz.stacks import SOAP

MESSAGES, SEED = 400, 2026


@pytest.fixture
def unhurried(hub):
    """The hub, that lets everybody call as fast as they can."""
    house = hub.app.extensions["mesa"]
    hub.app.extensions["mesa"] = replace(house, settings=replace(house.settings, calls_per_second=100_000.0))
    yield hub
    hub.app.extensions["mesa"] = house


@pytest.fixture
def client(unhurried):
    return unhurried.app.test_client()


def test_no_spoilt_message_makes_an_error_of_ours(unhurried, caplog):
    cuos = [unhurried.file("oefa").cuo for _ in range(4)]
    fuzz = Fuzz(unhurried.url, national_calls(cuos), OwnCalls(unhurried), SEED)
    fuzz.run(0, MESSAGES)
    assert fuzz.told.wrong == []
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    deep = {"national 0000", "national 0003", "national Fault", "own aplicado", "own ESQUEMA_INVALIDO"}
    assert deep <= set(fuzz.told.codes), fuzz.told.codes


XML, NATIONAL, OWN = {"Content-Type": "text/xml"}, "/services/PcmIMgdTramite", "/soap/mesadepartes"


def enveloped(inside):
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{inside}</s:Body></s:Envelope>'.encode()


@pytest.mark.parametrize(("path", "status", "inside"), [
    (NATIONAL, 200, "<cargoResponseResponse><return><vcodres>0000</vcodres></return></cargoResponseResponse>"),
    (NATIONAL, 200, "<cargoResponseResponse><return><vcodres>-1</vcodres><vdesres>ERROR INTENTELO NUEVAMENTE</vdesres>"
                    "</return></cargoResponseResponse>"),
    (NATIONAL, 200, "<getCUOResponse><return/></getCUOResponse>"), (NATIONAL, 200, "<getCUOResponse/>"),
    (NATIONAL, 500, "<s:Fault><faultcode>s:Server</faultcode><faultstring>x</faultstring></s:Fault>"),
    (NATIONAL, 400, "<s:Fault><faultcode>s:Client</faultcode></s:Fault>"), (NATIONAL, 200, ""),
    (OWN, 200, "<recibirMensajeRespuesta/>"),
    (OWN, 500, "<s:Fault><faultcode>s:Server</faultcode><faultstring>x</faultstring></s:Fault>"),
    (OWN, 500, '<s:Fault><detail><falla xmlns="urn:pe:mesa-integrada:1:servicio"><codigo>ERROR_INTERNO</codigo>'
               "<mensaje>x</mensaje></falla></detail></s:Fault>"),
])  # fmt: skip
def test_the_fuzz_sees_an_answer_that_is_none(path, status, inside):
    assert judge(path, status, XML, enveloped(inside)).wrong


def test_the_fuzz_sees_a_page_and_another_type_of_content():
    assert judge(NATIONAL, 500, XML, b"<html><p>Internal Server Error").wrong
    told = "<cargoResponseResponse><return><vcodres>0000</vcodres><vdesres>x</vdesres></return></cargoResponseResponse>"
    assert judge(NATIONAL, 200, {"Content-Type": "text/html"}, enveloped(told)).wrong
    assert not judge(NATIONAL, 200, XML, enveloped(told)).wrong


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3), max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    change=st.dictionaries(st.sampled_from([*document(), "lstanexos", "vnomdoc2", ""]), VALUES, max_size=5),
    call=st.sampled_from(["RecepcionarTramite", "CargoTramite", "ConsultarTramite", "ListaEntidad", "ValidarEntidad"]),
    out=st.sampled_from(["json", "xml"]),
)
def test_no_field_over_rest_makes_an_error_of_ours(client, change, call, out):
    answer = client.post(f"/Rest/Pcm/{call}?out={out}", json={"PIDE": document(vcuo="7000000002") | change})
    assert answer.status_code == 200
    assert b"ERROR INTENTELO NUEVAMENTE" not in answer.data
