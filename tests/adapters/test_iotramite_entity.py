"""The national contract with an entity at the other end: registered, told back, asked about, killed."""

import base64
import io
import json
from hashlib import sha256

import pikepdf
import pytest
import requests

from hub.core.errors import TemporaryFailure
from hub.core.ports import Ack, CargoBack, Has, HasNot, NewsKind
from hub.wire.iotramite import sentences
from hub.wire.iotramite.codes import taken_text
from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.files import read_pdf
from hub.wire.iotramite.validation import cargo_problem
from tests.adapters.national import CUO, NAMESPACE, an_adapter
from tests.fixtures.parcels import NOW, OEFA, PDF, a_document, a_parcel, a_partner
from tests.fixtures.sandbox import HUB_RUC, Sandbox, wait_until


class Platform:
    """The hub as the entity sees it: a download page with digests, and cargoResponse."""

    def __init__(self):
        self.files, self.cargos, self.refuse = {}, [], 0

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST":
            self.cargos.append((path, environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))))
            code, self.refuse = ("-1", self.refuse - 1) if self.refuse else ("0000", 0)
            content = f"<a><return><vcodres>{code}</vcodres><vdesres>X</vdesres></return></a>".encode()
        elif path == "/d/abc":
            listed = [
                {"direccion": f"{self.url}/f/{digest}", "sha256": digest, "bytes": len(content)}
                for digest, content in self.files.items()
            ]
            content = json.dumps({"documentos": listed}).encode()
        else:
            content = self.files[path.removeprefix("/f/")]
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(content)))])
        return [content]


@pytest.fixture
def platform(serve):
    found = Platform()
    found.url = serve(found)
    return found


@pytest.fixture
def entity(tmp_path, keys, platform):
    """entity(register_after=0) -> OEFA as a process of its own, at the other end of contract D."""
    running = []

    def start(**options):
        options = {"register_after": 0, "retry_first": 0.1} | options
        found = Sandbox("iotramite", "oefa", tmp_path / "oefa", keys, platform.url, options=options)
        running.append(found.start())
        return found

    yield start
    for one in running:
        one.stop()


def at(entity):
    return a_partner(f"{entity.url}/wsiotramite/Tramite?wsdl")


def test_a_filing_is_delivered_registered_and_its_cargo_comes_back(entity, platform):
    oefa = entity()
    annex = b"anexo" * 1000
    platform.files[sha256(annex).hexdigest()] = annex
    parcel = a_parcel([a_document(), a_document("anexo.bin", annex)], at(oefa), link=f"{platform.url}/d/abc")
    ack = an_adapter().deliver(parcel)
    assert taken_text(CUO, "OEFA") in ack.raw.decode()
    (path, body), *_ = wait_until(lambda: platform.cargos)
    assert path == "/services/PcmIMgdTramite"
    call = read_envelope(body)
    values = values_of(call.element)
    assert call.operation == "cargoResponse"
    assert cargo_problem(values) is None
    assert (values["vrucentrem"], values["vrucentrec"], values["vcuo"]) == (OEFA, HUB_RUC, CUO)
    (held,) = oefa.held(CUO)
    assert held["sha256s"] == [sha256(PDF).hexdigest(), sha256(annex).hexdigest()]
    assert held["registry_number"] == values["vnumregstd"] == "000001"
    (news,) = an_adapter().status_of(at(oefa), CUO).news
    assert (news.kind, news.registry_number, news.official) == (
        NewsKind.REGISTERED, "000001", "OPERADOR DE DEMOSTRACIÓN",
    )  # fmt: skip
    assert news.cargo_pdf == read_pdf(values["bcarstd"])
    with pikepdf.open(io.BytesIO(news.cargo_pdf)) as paper:
        assert len(paper.pages) == 1


def test_a_cargo_that_the_platform_does_not_take_is_sent_again(entity, platform):
    platform.refuse = 2
    an_adapter().deliver(a_parcel(partner=at(entity())))
    wait_until(lambda: len(platform.cargos) == 3)


def test_a_repeated_cuo_is_minus_one_without_a_text_and_held_once(entity):
    oefa = entity(register_after=-1)
    parcel = a_parcel(partner=at(oefa))
    an_adapter().deliver(parcel)
    with pytest.raises(TemporaryFailure) as raised:
        an_adapter().deliver(parcel)
    assert (raised.value.code, raised.value.detail, raised.value.may_have_arrived) == ("PIDE_-1", "", True)
    assert an_adapter().status_of(at(oefa), CUO).news == ()
    (held,) = oefa.held(CUO)
    assert held["times_received"] == 2
    oefa.control(idempotent=True)
    assert isinstance(an_adapter().deliver(parcel), Ack)
    oefa.control(deduplicate=False)
    an_adapter().deliver(parcel)
    assert len(oefa.held(CUO)) == 2


def test_an_observation_is_news_with_its_reason(entity, platform):
    oefa = entity()
    oefa.control(observe_next="Falta la firma", hold_cargo=True)
    an_adapter().deliver(a_parcel(partner=at(oefa)))
    wait_until(lambda: oefa.held(CUO)[0]["state"] == "O")
    (news,) = an_adapter().status_of(at(oefa), CUO).news
    assert (news.kind, news.text) == (NewsKind.OBSERVED, "Falta la firma")
    assert platform.cargos == []
    oefa.control(hold_cargo=False)
    values = values_of(read_envelope(wait_until(lambda: platform.cargos)[0][1]).element)
    assert (values["cflgest"], values["vobs"]) == ("O", "Falta la firma")


def test_what_was_stored_before_a_lost_answer_and_a_power_cut_is_still_there(entity):
    oefa = entity(register_after=-1)
    oefa.control(lose_answer=1)
    with pytest.raises(TemporaryFailure) as raised:
        an_adapter().deliver(a_parcel(partner=at(oefa)))
    assert raised.value.may_have_arrived
    oefa.kill()
    with pytest.raises(TemporaryFailure) as raised:
        an_adapter().status_of(at(oefa), CUO)
    assert (raised.value.code, raised.value.may_have_arrived) == ("UNREACHABLE", False)
    oefa.start()
    assert isinstance(an_adapter().status_of(at(oefa), CUO), Has)
    assert isinstance(an_adapter().status_of(at(oefa), "0000099999"), HasNot)


def test_a_kept_connection_that_the_entity_closed_is_no_lost_paper(entity):
    oefa, adapter = entity(register_after=-1), an_adapter()
    assert isinstance(adapter.status_of(at(oefa), CUO), HasNot)
    oefa.kill()
    oefa.start()
    assert isinstance(adapter.status_of(at(oefa), CUO), HasNot)


def test_a_single_layer_of_base64_is_refused_by_the_entity(entity):
    oefa = entity()
    single = base64.b64encode(PDF).decode()
    body = (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="{NAMESPACE}"><s:Body>'
        f"<n:recepcionarTramiteResponse><recepcionRequest><vcuo>{CUO}</vcuo><snumanx>0</snumanx><snumfol>1</snumfol>"
        f"<bpdfdoc>{single}</bpdfdoc></recepcionRequest></n:recepcionarTramiteResponse></s:Body></s:Envelope>"
    )
    answer = requests.post(f"{oefa.url}/wsiotramite/Tramite?wsdl", body.encode(), timeout=5)
    assert sentences.MAIN_PDF_NOT_BASE64 in answer.text
    assert requests.get(f"{oefa.url}/wsiotramite/Tramite?wsdl", timeout=5).content.startswith(b"<?xml")


def test_a_cargo_is_taken_once_and_only_for_what_was_sent(entity):
    oefa, adapter = entity(), an_adapter()
    cargo = CargoBack("0000012345", "R", HUB_RUC, OEFA, NOW, "", "000001", "2026", "Archivo", "LPAZ", "", PDF)
    with pytest.raises(TemporaryFailure) as raised:
        adapter.give_cargo(at(oefa), cargo)
    assert (raised.value.code, raised.value.detail) == ("PIDE_-1", "NO SE PUDO REGISTRAR EL CARGO")
