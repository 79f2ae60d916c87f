"""An institution that calls too fast by the national contract is told to wait in the contract's own way."""

from dataclasses import replace

import pytest
import requests

from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.services import CUO, ENTIDAD, TRAMITE
from tests.api.national import IGP, OEFA, a_call, envelope, question, recepcion, send

TYPES = envelope("<n:getTipoDocumento/>")
NUMBER = envelope(f"<n:getCUOEntidad><ruc>{OEFA}</ruc></n:getCUOEntidad>", CUO.namespace)
IS_REGISTERED = envelope(f"<n:validarEntidad><vrucent>{IGP}</vrucent></n:validarEntidad>", ENTIDAD.namespace)


@pytest.fixture
def slowed():
    """slowed(hub): it has room for three calls at once and for one a minute besides."""
    found = []

    def slow(hub):
        house = hub.app.extensions["mesa"]
        found.append((hub, house))
        settings = replace(house.settings, calls_per_second=1 / 60, calls_at_once=2)
        hub.app.extensions["mesa"] = replace(house, settings=settings)

    yield slow
    for hub, house in found:
        hub.app.extensions["mesa"] = house


def spent(hub, body):
    """Calls until one is told to wait; gives that answer."""
    answers = [send(hub, body) for _ in range(5)]
    assert {one.status_code for one in answers} == {200}
    return answers[-1]


def test_who_calls_too_fast_gets_a_code_a_sentence_and_when_to_come_again(hub, slowed):
    slowed(hub)
    answer = spent(hub, question("999999999A"))
    said = values_of(read_envelope(answer.content).element)
    seconds = int(answer.headers["Retry-After"])
    assert 0 < seconds <= 60 and said["vcodres"] == "-1" and f"espera {seconds} segundos" in said["vdesres"]


def test_each_operation_says_it_in_its_own_shape(hub, slowed):
    slowed(hub)
    spent(hub, question("999999999A"))
    cargo = a_call("cargoResponse", {"vrucentrem": OEFA})
    for body, operation in ((recepcion(), "recepcionarTramiteResponse"), (cargo, "cargoResponse")):
        answer = read_envelope(send(hub, body).content)
        assert answer.operation == f"{operation}Response"
        assert "más rápido" in values_of(answer.element)["vdesres"]
    assert b"<return>-1</return>" in send(hub, NUMBER, CUO.endpoint).content
    assert b"<ccodtipdoctra>01" in send(hub, TYPES).content
    asked = f"{hub.url}/Rest/Pcm/ConsultarTramite?out=json"
    told = requests.post(asked, json={"PIDE": {"vrucentrem": OEFA, "vcuo": "1"}}, timeout=20)
    assert int(told.headers["Retry-After"]) > 0 and "-1" in told.text


def test_a_call_that_has_to_wait_is_not_read(hub, slowed):
    slowed(hub)
    spent(hub, question("999999999A"))
    assert b"-1" in send(hub, "<n:consultarTramiteResponse <<< nothing that can be read").content


def test_the_directory_answers_all_the_same(hub, slowed):
    slowed(hub)
    spent(hub, question("999999999A"))
    answers = [send(hub, IS_REGISTERED, ENTIDAD.endpoint).content for _ in range(4)]
    assert all(b"<return>0000</return>" in one for one in answers)


def test_where_several_share_an_address_each_has_a_rate_of_its_own(open_hub, slowed):
    slowed(open_hub)
    fast = spent(open_hub, question("999999999A"))
    assert int(fast.headers["Retry-After"]) > 0
    other = send(open_hub, question("999999999A", asker="20168999926"), TRAMITE.endpoint)
    assert "Retry-After" not in other.headers and b"0001" in other.content
