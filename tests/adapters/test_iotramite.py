"""The national contract over real HTTP: the bytes on the wire, every answer of its table."""

import io
import socket
import threading
import time
from dataclasses import replace

import pikepdf
import pytest
from lxml import etree

from hub.core.errors import PermanentFailure, StorageFailure, TemporaryFailure
from hub.core.ports import Ack, CannotTell, HasNot
from hub.papers.transfer_sheet import transfer_sheet
from hub.wire.iotramite import sentences
from hub.wire.iotramite.codes import taken_text
from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.fields import RECEPCION_D
from hub.wire.iotramite.files import read_pdf
from tests.adapters.national import CUO, NAMESPACE, an_adapter
from tests.fixtures.parcels import NOW, a_document, a_parcel, a_partner


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
