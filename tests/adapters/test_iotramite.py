"""The national contract over real HTTP: the bytes on the wire, every answer of its table, an entity that answers."""

import base64
import io
import json
import socket
import threading
import time
from dataclasses import replace
from hashlib import sha256

import pikepdf
import pytest
import requests
from lxml import etree

from adapters.iotramite import Iotramite
from hub.core.errors import PermanentFailure, StorageFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, Has, HasNot, NewsKind
from hub.papers.transfer_sheet import transfer_sheet
from hub.wire.iotramite import sentences
from hub.wire.iotramite.codes import taken_text
from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.fields import RECEPCION_D
from hub.wire.iotramite.files import read_pdf
from hub.wire.iotramite.validation import cargo_problem
from tests.fixtures.parcels import NOW, OEFA, PDF, a_document, a_parcel, a_partner
from tests.fixtures.sandbox import HUB_RUC, Sandbox, wait_until

NAMESPACE = "http://ws.wsiotramite.segdi.gob.pe/"
CUO = "0000012345"


def an_adapter(**change):
    return Iotramite(**{"transfer_sheet": transfer_sheet, "now": lambda: NOW, "timeout": 2.0} | change)


class Recorder:
    """An entity that answers what it is told and remembers what it was asked."""

    def __init__(self):
        self.status, self.headers, self.content = "200 OK", [("Content-Type", "text/xml")], b""
        self.asked, self.bodies = [], []

    def says(self, code, text):
        values = "".join(f"<{name}>{value}</{name}>" for name, value in (("vcodres", code), ("vdesres", text)) if value)
        self.answers(f'<n:xResponse xmlns:n="{NAMESPACE}"><return>{values}</return></n:xResponse>')

    def answers(self, inside, status="200 OK"):
        self.status = status
        self.content = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
            f"<s:Body>{inside}</s:Body></s:Envelope>".encode()
        )

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        self.bodies.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)))
        start_response(self.status, self.headers)
        return [self.content]


@pytest.fixture
def recorder(serve):
    found = Recorder()
    found.url = serve(found)
    found.partner = a_partner(f"{found.url}/wsiotramite/Tramite?wsdl")
    found.says("0000", taken_text(CUO, "OEFA"))
    return found


def test_the_bytes_on_the_wire_are_the_contracts(recorder):
    parcel = a_parcel([a_document(), a_document("plano ñ.zip", b"zip", "application/zip")], recorder.partner)
    ack = an_adapter().deliver(replace(parcel, cuo_ref="0000000007"))
    assert ack == Ack(NOW, recorder.content)

    (environ,), (body,) = recorder.asked, recorder.bodies
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]) == (
        "POST", "/wsiotramite/Tramite", "",
    )  # fmt: skip
    assert environ["HTTP_SOAPACTION"] == '""'
    assert environ["CONTENT_TYPE"].startswith("text/xml")

    call = etree.fromstring(body).find("{http://schemas.xmlsoap.org/soap/envelope/}Body")[0]
    assert call.tag == f"{{{NAMESPACE}}}recepcionarTramiteResponse"
    (request,) = call
    assert request.tag == "recepcionRequest"
    assert [item.tag for item in request] == list(RECEPCION_D)
    assert [(item.tag, item.text) for item in request.find("lstanexos")] == [
        ("siddocanx", "0"), ("siddocext", "0"), ("vnomdoc", "plano ñ.zip"),
    ]  # fmt: skip
    assert request.findtext("bpdfdoc") == "SlZCRVJpMHhMalFLYUdWc2JHOGdjR1Jt"
    assert request.findtext("dfecdoc") == "2026-11-21T14:09:49-05:00"
    assert (request.findtext("snumanx"), request.findtext("snumfol")) == ("1", "3")
    assert request.findtext("vurldocanx") == "https://mesa.example/d/abc"


def test_a_question_carries_the_cuo_and_nothing_else(recorder):
    recorder.says("0001", "DATOS NO ENCONTRADOS")
    assert an_adapter().status_of(recorder.partner, CUO) == HasNot(raw=recorder.content)
    call = etree.fromstring(recorder.bodies[0]).find("{http://schemas.xmlsoap.org/soap/envelope/}Body")[0]
    assert call.tag == f"{{{NAMESPACE}}}consultarTramiteResponse"
    assert [(item.tag, item.text) for item in call] == [("request", CUO)]


@pytest.mark.parametrize(("code", "text", "failure", "failure_code"), [
    ("0003", "CUO no valido", PermanentFailure, "PIDE_0003"),
    ("0003", "Error en el servicio de la entidad receptora", TemporaryFailure, "PIDE_0003"),
    ("-1", "", TemporaryFailure, "PIDE_-1"),
    ("-1", "ERROR INTENTELO NUEVAMENTE", TemporaryFailure, "PIDE_-1"),
    ("", "", TemporaryFailure, "PIDE_SIN_CODIGO"),
    ("0001", "algo", TemporaryFailure, "PIDE_0001"),
])  # fmt: skip
def test_every_answer_of_the_table_has_its_failure(recorder, code, text, failure, failure_code):
    recorder.says(code, text)
    with pytest.raises(failure) as raised:
        an_adapter().deliver(a_parcel(partner=recorder.partner))
    assert (raised.value.code, raised.value.detail, raised.value.raw) == (failure_code, text, recorder.content)
    assert raised.value.may_have_arrived is (failure is TemporaryFailure)


def test_a_success_without_its_code_is_known_by_its_text(recorder):
    recorder.says("", taken_text(CUO, "OEFA"))
    assert isinstance(an_adapter().deliver(a_parcel(partner=recorder.partner)), Ack)


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_fault_is_an_answer_that_does_not_tell(recorder, status):
    recorder.answers(
        "<s:Fault><faultcode>s:Server</faultcode><faultstring>Error en el servicio</faultstring></s:Fault>", status
    )
    with pytest.raises(TemporaryFailure) as raised:
        an_adapter().deliver(a_parcel(partner=recorder.partner))
    assert (raised.value.code, raised.value.may_have_arrived) == ("SOAP_FAULT", True)
    assert an_adapter().status_of(recorder.partner, CUO) == CannotTell("Error en el servicio", recorder.content)


@pytest.mark.parametrize(("status", "content", "code", "may_have_arrived"), [
    ("404 Not Found", b"nada", "HTTP_404", False),
    ("302 Found", b"", "HTTP_302", False),
    ("500 Internal Server Error", b"boom", "HTTP_500", True),
    ("503 Service Unavailable", b"", "HTTP_503", True),
    ("200 OK", b"<html>Bienvenido</html>", "ANSWER_UNREADABLE", True),
    ("200 OK", b"", "ANSWER_UNREADABLE", True),
    ("200 OK", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "ANSWER_UNREADABLE", True),
])  # fmt: skip
def test_what_is_no_answer_is_temporary_and_kept(recorder, status, content, code, may_have_arrived):
    recorder.status, recorder.content = status, content
    recorder.headers = [("Location", recorder.url), ("Content-Type", "text/html")]
    for ask in (
        lambda: an_adapter().deliver(a_parcel(partner=recorder.partner)),
        lambda: an_adapter().status_of(recorder.partner, CUO),
    ):
        with pytest.raises(TemporaryFailure) as raised:
            ask()
        assert (raised.value.code, raised.value.may_have_arrived) == (code, may_have_arrived)
        assert raised.value.raw == content
    assert len(recorder.asked) == 2


@pytest.mark.parametrize("address", ["", "wsiotramite/Tramite", "ftp://127.0.0.1/x", "http://", "http://[::1/"])
def test_an_address_that_is_none_is_for_a_person(address):
    with pytest.raises(PermanentFailure) as raised:
        an_adapter().deliver(a_parcel(partner=a_partner(address)))
    assert (raised.value.code, raised.value.may_have_arrived) == ("ADDRESS_INVALID", False)


def test_an_entity_that_drips_its_answer_keeps_nobody_waiting():
    def drip(server):
        caller, _ = server.accept()
        with caller:
            caller.recv(65_536)
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(40):
                try:
                    caller.sendall(b"<")
                except OSError:  # it hung up, as it should
                    return
                time.sleep(0.1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        started = time.monotonic()
        with pytest.raises(TemporaryFailure) as raised:
            an_adapter(timeout=0.5).status_of(a_partner(f"http://127.0.0.1:{server.getsockname()[1]}/"), CUO)
        assert time.monotonic() - started < 2
        assert raised.value.code == "TIMEOUT"
        thread.join()


def test_what_breaks_the_contracts_rules_never_leaves(recorder):
    parcel = a_parcel([a_document(), a_document("anexo.pdf", b"%PDF-2")], recorder.partner, link="")
    with pytest.raises(PermanentFailure) as raised:
        an_adapter().deliver(parcel)
    assert (raised.value.code, raised.value.detail) == ("PIDE_0003", sentences.ANNEX_URL_MISSING)
    assert recorder.asked == []


def test_a_document_that_the_store_does_not_give_is_tried_again(recorder):
    def opened():
        raise StorageFailure("gone")

    broken = replace(a_document(), open=opened)
    with pytest.raises(TemporaryFailure) as raised:
        an_adapter().deliver(a_parcel([broken], recorder.partner))
    assert (raised.value.code, raised.value.may_have_arrived) == ("DOCUMENT_UNREADABLE", False)


def test_control_characters_of_a_citizen_do_not_stop_the_message(recorder):
    parcel = a_parcel([a_document("a\x00\x1b.pdf")], recorder.partner, subject="uno\x0bdos\nTRES \ufffe <&>")
    an_adapter().deliver(parcel)
    values = values_of(read_envelope(recorder.bodies[0]).element)
    assert values["vasu"] == "Solicitud: uno dos TRES <&>"


@pytest.mark.parametrize(("filer_ruc", "type_code"), [("", "02"), ("20123456789", "02"), ("20131366028", "01")])
def test_documents_of_institutions_go_as_oficio(recorder, filer_ruc, type_code):
    parcel = a_parcel(partner=recorder.partner)
    parcel = replace(parcel, sobre=replace(parcel.sobre, filer=replace(parcel.sobre.filer, ruc=filer_ruc)))
    an_adapter(is_institution=lambda ruc: ruc == "20131366028").deliver(parcel)
    assert values_of(read_envelope(recorder.bodies[0]).element)["ccodtipdoc"] == type_code


def text_of(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return b"".join(page.Contents.read_bytes() for page in paper.pages).decode("latin-1")


def test_a_document_over_five_megabytes_goes_by_link_behind_a_transfer_sheet(recorder):
    large = a_document("estudio de impacto.pdf", b"%PDF-1.4" + b"x" * (5 * 1024 * 1024))
    an_adapter().deliver(a_parcel([large], recorder.partner))
    values = values_of(read_envelope(recorder.bodies[0]).element)
    sheet = read_pdf(values["bpdfdoc"])
    assert (values["snumanx"], values["vnomdoc"]) == ("1", f"hoja-de-transferencia-{CUO}.pdf")
    assert values["vurldocanx"] == "https://mesa.example/d/abc"
    assert large.sha256 in text_of(sheet)
    assert len(sheet) < 20_000


def test_a_transfer_sheet_is_the_same_paper_at_every_try_and_writes_any_name():
    parcel = a_parcel([a_document("“Ñandú” — 你好 😀.pdf")], subject="Opinión técnica " * 31)
    assert transfer_sheet(parcel) == transfer_sheet(parcel)
    with pikepdf.open(io.BytesIO(transfer_sheet(parcel))) as paper:
        assert len(paper.pages) == 1


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
