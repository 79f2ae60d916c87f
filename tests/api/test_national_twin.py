"""The services of the national contract over REST: the same answers, in JSON or in XML, and never an error of ours."""

import tracemalloc

import pytest
import requests

from hub.models import InboundMessage, RawMessage, Sending
from hub.receiving import read_news
from hub.wire.iotramite import sentences
from hub.wire.iotramite.files import encode_twice
from tests.api.national import IGP, OEFA, a_number, document, elements
from tests.fixtures.parcels import PDF


def ask(hub, path, fields=None, out="?out=json", **query):
    url = f"{hub.url}/Rest/{path}{out}"
    answer = requests.get(url, query, timeout=20) if fields is None else requests.post(url, json=fields, timeout=20)
    assert answer.status_code == 200, answer.text
    return answer


def returned(answer):
    ((_, inside),) = answer.json().items()
    return inside["return"]


def test_a_number_comes_as_the_platform_gives_it(hub):
    number = returned(ask(hub, "PCM/CEntidad", {"PIDE": {"ruc": OEFA, "servicio": "3011"}}))["$"]
    assert len(number) == 10 and number.isdigit()
    answer = ask(hub, "PCM/CEntidad", out="", ruc=OEFA, servicio="3011")
    assert answer.headers["Content-Type"].startswith("text/xml") and b"<return>" in answer.content
    assert int(returned(ask(hub, "PCM/CTest", {"PIDE": {"ruc": OEFA}}))["$"]) > int(number)
    assert returned(ask(hub, "Pcm/CEntidad", {"PIDE": {"ruc": "20100000001"}})) == {"$": "-1"}


def test_the_directory_answers_anybody(hub):
    assert returned(ask(hub, "Pcm/ValidarEntidad", vrucent=IGP)) == "0000"
    assert returned(ask(hub, "Pcm/ValidarEntidad", {"PIDE": {"vrucent": "20100000001"}})) == "0001"
    bodies = returned(ask(hub, "Pcm/ListaEntidad", {"PIDE": {"sidcatent": 1}}))
    assert {"IGP", "OEFA"} <= {hub.directory.by_ruc(one["vrucent"]).acronym for one in bodies}
    assert returned(ask(hub, "Pcm/ListaEntidad", {"PIDE": {"sidcatent": "4"}})) == []
    assert [one["ccodtipdoctra"] for one in returned(ask(hub, "Pcm/TipoDocumento"))] == ["01", "02"]


@pytest.mark.parametrize("shape", ["list", "names", "flat", "one"])
def test_a_document_comes_in_with_its_annexes_however_they_are_written(hub, shape):
    values = document(snumanx=1, vurldocanx="https://oefa.gob.pe/a")
    values |= {
        "list": {"lstanexos": [{"vnomdoc": "plano.zip"}]}, "names": {"lstanexos": ["plano.zip"]},
        "flat": {"lstanexos": [], "vnomdoc2": "plano.zip"}, "one": {"lstanexos": {"vnomdoc": {"$": "plano.zip"}}},
    }[shape]  # fmt: skip
    answer = returned(ask(hub, "Pcm/RecepcionarTramite", {"PIDE": values}))
    assert answer["vcodres"] == "0000" and values["vcuo"] in answer["vdesres"]
    (sending,) = hub.rows(Sending, cuo=values["vcuo"])
    assert sending.annex_names == ["plano.zip"]
    (row,) = hub.rows(InboundMessage, delivery_id=sending.delivery_id)
    (raw,) = hub.rows(RawMessage, digest=row.raw_digest)
    assert b"<vasu>Solicita el registro" in raw.body and b"sha256:" in raw.body and b"SlZCRVJp" not in raw.body


def test_who_asks_and_who_gives_a_cargo_are_answered_with_a_code(hub):
    leg = hub.file("oefa")
    cargo = {
        "vrucentrem": OEFA, "vrucentrec": "20492966658", "vcuo": leg.cuo, "vnumregstd": "000123",
        "vanioregstd": 2026, "dfecregstd": "2026/11/21", "vuniorgstd": "Archivo", "vusuregstd": "LPAZ",
        "bcarstd": encode_twice(PDF), "cflgest": "R",
    }  # fmt: skip
    assert returned(ask(hub, "Pcm/CargoTramite", {"PIDE": cargo}))["vcodres"] == "0000"
    assert returned(ask(hub, "Pcm/CargoTramite", {"PIDE": cargo}))["vcodres"] == "0002"
    (row,) = hub.rows(InboundMessage, cuo=leg.cuo)
    (raw,) = hub.rows(RawMessage, digest=row.raw_digest)
    assert read_news(row, raw.body).registry_number == "000123"
    answer = returned(ask(hub, "Pcm/ConsultarTramite", {"PIDE": {"vrucentrem": OEFA, "vcuo": leg.cuo}}))
    assert (answer["vcodres"], answer["cflgest"], answer["vnumregstd"]) == ("0000", "R", "000123")
    assert returned(ask(hub, "Pcm/ConsultarTramite", {"PIDE": {"vcuo": "999999999A"}}))["vcodres"] == "0001"


@pytest.mark.parametrize("body", [
    b"", b"hola", b"[]", b'{"PIDE": 3}', b"[" * 100_000, b'{"PIDE": {"vasu": [1, {"a": 2}]}}',
    b'{"PIDE": {"a b<": "x"}}',
])  # fmt: skip
def test_what_cannot_be_read_is_answered_with_the_field_that_is_missing(hub, body):
    answer = requests.post(f"{hub.url}/Rest/Pcm/RecepcionarTramite?out=json", body, timeout=20)
    assert (answer.status_code, returned(answer)) == (
        200, {"vcodres": "0003", "vdesres": sentences.MISSING["vrucentrem"]},
    )  # fmt: skip


def test_a_body_of_very_many_pieces_is_not_taken_apart(hub):
    body = b'{"PIDE": [' + b"[]," * 2_000_000 + b"[]]}"
    tracemalloc.start()
    try:
        answer = requests.post(f"{hub.url}/Rest/Pcm/RecepcionarTramite?out=json", body, timeout=60)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert returned(answer) == {"vcodres": "0003", "vdesres": sentences.MISSING["vrucentrem"]}
    assert most < 100_000_000  # the reading takes 80 MB of it; taken apart it was 135


def test_a_caller_learns_its_own_address(hub):
    assert ask(hub, "Pide/IP").json() == {"ip": "127.0.0.1"}
    assert ask(hub, "Pide/IP", out="").text == "127.0.0.1"


def test_the_fields_of_the_test_are_those_of_the_contract():
    assert "<vcuo>" in elements(document(vcuo=a_number()))


@pytest.mark.parametrize("fields", [{"a b<": "x"}, {"vcuo": "\x00\x01\ud800"}, {"bcarstd": "\x1b"}, {"": "x"}])
def test_fields_that_no_message_can_carry_are_no_error_of_ours(hub, fields):
    assert returned(ask(hub, "Pcm/CargoTramite", {"PIDE": {"vrucentrem": OEFA} | fields}))["vcodres"] == "0003"


@pytest.mark.parametrize("text", ["con\x00nulo", "suelto \ud800 fin", "fin \ufffe"])
def test_a_document_whose_texts_no_table_can_hold_is_taken_without_those_signs(hub, text):
    values = document(vasu=text)
    values.pop("lstanexos")
    assert returned(ask(hub, "Pcm/RecepcionarTramite", {"PIDE": values}))["vcodres"] == "0000"
