"""The habits of the field where cargos and numbers are concerned (the numbers are the contract's list of quirks)."""

import base64
import socket
from urllib.parse import urlsplit

import pytest

from hub.models import Delivery
from hub.wire.iotramite import sentences
from hub.wire.iotramite.services import ENTITY_SIDE, IOTRAMITE, TRAMITE
from tests.api.national import ENTITY_NAMESPACE, OEFA, a_call, envelope, question, recepcion, say
from tests.api.test_national_platform import KNOWN, NOT_TAKEN, TAKEN, cargo
from tests.fixtures.parcels import PDF


@pytest.fixture
def leg(hub):
    """A filing on its way to OEFA, which speaks the national contract."""
    return hub.file("oefa")


@pytest.mark.parametrize("dated", [
    "2026-11-21T19:09:49.813Z", "2026-11-21T09:30:00", "2019-08-01", "2025/06/01", "02021-06-01", "2026-11-21 09:30:00",
    "20/11/2025",
])  # fmt: skip
def test_3_a_cargo_is_dated_in_every_form_seen(hub, leg, dated):
    assert say(hub, cargo(leg.cuo, dfecregstd=dated)) == TAKEN
    assert hub.status(leg.cuo) == "registered"


def test_4_letters_that_were_encoded_twice_are_repaired(hub, leg):
    assert say(hub, cargo(leg.cuo, vuniorgstd="Dirección de Línea".encode().decode("latin-1"))) == TAKEN
    assert hub.leg(leg.cuo).unit == "Dirección de Línea"


@pytest.mark.parametrize("missing", ["", None])
def test_5_what_may_be_missing_in_a_cargo_may_be_empty_too(hub, leg, missing):
    assert say(hub, cargo(leg.cuo, vcuoref=missing, vobs=missing, vanioregstd=missing, vrucentrec=missing)) == TAKEN


@pytest.mark.parametrize("layers", [1, 2])
def test_a_cargo_is_taken_out_of_one_layer_or_two(hub, leg, layers):
    text = PDF
    for _ in range(layers):
        text = base64.b64encode(text)
    assert say(hub, cargo(leg.cuo, bcarstd=text.decode())) == TAKEN


@pytest.mark.parametrize("wrapper", ["cargoRequest", "parametros", ""])
def test_15_a_cargo_is_read_under_any_wrapper_or_none(hub, leg, wrapper):
    inside = cargo(leg.cuo).partition("<request>")[2].partition("</request>")[0]
    wrapped = f"<{wrapper}>{inside}</{wrapper}>" if wrapper else inside
    assert say(hub, envelope(f"<n:cargoResponse>{wrapped}</n:cargoResponse>"), IOTRAMITE.endpoint) == TAKEN


@pytest.mark.parametrize("inside", ["<n:cargoResponse/>", "<n:consultarTramiteResponse/>",
                                    "<n:recepcionarTramiteResponse/>"])  # fmt: skip
def test_6_a_probe_at_the_entitys_side_gets_a_code_and_a_text(hub, inside):
    answer = say(hub, envelope(inside, ENTITY_NAMESPACE), ENTITY_SIDE.endpoint)
    assert answer["vcodres"] and answer["vdesres"]


def test_a_cargo_that_comes_before_its_document_left_registers_it_and_nothing_is_sent_twice(hub):
    cuo = hub.present("oefa")
    assert hub.status(cuo) == "queued"
    assert say(hub, cargo(cuo)) == TAKEN
    assert say(hub, cargo(cuo)) == KNOWN
    assert hub.rows(Delivery, cuo=cuo)[0].status.value in ("queued", "registered")


def test_a_second_cargo_with_another_number_changes_nothing(hub, leg):
    assert say(hub, cargo(leg.cuo)) == TAKEN
    assert say(hub, cargo(leg.cuo, vnumregstd="000999")) == KNOWN
    assert hub.leg(leg.cuo).destination_registry_number == "000123"


def test_10_a_lost_answer_is_found_again_by_asking_with_the_number_that_was_kept(hub):
    body = recepcion()
    cuo = body.partition("<vcuo>")[2][:10]
    assert say(hub, question(cuo))["vcodres"] == "0001"
    say(hub, body)
    assert say(hub, question(cuo))["vcodres"] == "0000"


def test_14_a_cargo_of_a_number_that_is_not_known_is_minus_one_and_not_0001(hub):
    assert say(hub, cargo("9999999998")) == NOT_TAKEN


@pytest.mark.parametrize("cuo", ["12345678", "123456789", "12345678901"])
def test_21_a_number_that_is_too_short_or_too_long_is_said_to_be_none(hub, cuo):
    refused = {"vcodres": "0003", "vdesres": sentences.CUO_INVALID}
    assert say(hub, recepcion(vcuo=cuo)) == refused and say(hub, cargo(cuo)) == refused
    assert say(hub, question(cuo))["vcodres"] == "0001"


def test_21_nine_digits_are_no_dni(hub):
    answer = say(hub, recepcion(ctipdociderem="1", vnumdociderem="101174100"))
    assert answer == {"vcodres": "0003", "vdesres": sentences.DNI_LENGTH}


def test_a_stack_that_asks_first_whether_it_may_send_its_body_is_told_to_go_on(hub):
    body = a_call("consultarTramiteResponse", {"vrucentrem": OEFA, "vcuo": "999999999A"}).encode()
    place = urlsplit(hub.url)
    head = f"POST {TRAMITE.endpoint} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nExpect: 100-continue\r\n"
    with socket.create_connection((place.hostname, place.port), 10) as line:
        line.sendall(f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 100")
        line.sendall(body)
        assert b"<vcodres>0001" in b"".join(iter(lambda: line.recv(65_536), b""))
