"""An institution files by its system: its Sobre becomes a filing, and what becomes of it comes back signed."""

import base64
import hashlib
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from lxml import etree

from hub.clock import now
from hub.core.messages import (
    Acuse,
    Addressee,
    Cargo,
    DocumentRef,
    DocumentRole,
    Estado,
    Filer,
    Header,
    Respuesta,
    Sobre,
)
from hub.core.ports import TrustedCertificate
from hub.core.statuses import Mode, Movement
from hub.models import Document, Filing, Notice, ReceivedSobre
from hub.outgoing import sign_waiting
from hub.wire import seal, xml
from hub.wire.trusted import leaf_of
from hub.worker import make_tools
from tests.api.test_leaving import leave
from tests.api.test_messages import refused, said
from tests.fixtures.house import a_pdf

COUNT = iter(range(1, 10_000))


@pytest.fixture(scope="module")
def tools(hub):
    found = make_tools(hub.house.settings, hub.engine)
    yield found
    found.live_directory.stop()


@pytest.fixture
def pdf():
    return a_pdf()


def a_sobre(hub, contents, sender="igp", to="senace", **changes):
    filer = Filer("dni", "10117410", "Ana Rojas", ruc=hub.ruc_of(sender), business_name="Instituto")
    header = Header(uuid4(), hub.ruc_of(sender), hub.ruc, "", f"{next(COUNT):010d}", now())
    documents = tuple(
        DocumentRef(
            DocumentRole.MAIN if place == 0 else DocumentRole.ANNEX, f"Informe Ñ {place}.pdf", "application/pdf",
            len(one), hashlib.sha256(one).hexdigest(),
        )
        for place, one in enumerate(contents)
    )  # fmt: skip
    values = Sobre(
        header, filer, Addressee("Dirección"), "oficio", "OF-1", "Remite informe", 2, now(), date.today(),
        Mode.OWN, f"{sender}/principal", documents, destination_ruc=hub.ruc_of(to),
    )  # fmt: skip
    return replace(values, **changes)


def post(hub, sobre, sender="igp"):
    raw = hub.sealed(sobre, sender) if isinstance(sobre, Sobre) else sobre
    headers = {"Content-Type": "application/xml"}
    return hub.http.post(f"{hub.url}/api/v1/sobres", raw, headers=headers, timeout=20)


def ask(hub, path, code="igp"):
    headers = {"Authorization": f"Bearer {hub.token(code)}"}
    return hub.http.get(f"{hub.url}{path}", headers=headers, timeout=20)


def told(hub, sobre, sender="igp"):
    """The messages of the report about a Sobre, their signatures checked."""
    answer = ask(hub, f"/api/v1/sobres/{sobre.header.cuo}", sender)
    assert answer.status_code == 200, answer.text
    root = etree.fromstring(answer.content)
    assert xml.faults(root, "reporte.xsd") == []
    pem = hub.own_signer().certificate_pem
    trust = (TrustedCertificate(pem, leaf_of(pem).valid_from, leaf_of(pem).valid_until),)
    raws = [base64.b64decode(one.text) for one in root]
    opened = [seal.open_sealed(one, lambda ruc: trust, receiver_ruc=hub.ruc_of(sender), now=now()) for one in raws]
    return [one.message for one in opened]


def leg_of(hub, sobre):
    [row] = hub.rows(ReceivedSobre, message_id=sobre.header.message_id)
    with hub.session() as session:
        filing = session.get(Filing, row.filing_id)
        leg = max(filing.deliveries, key=lambda one: one.id)
        return type("Leg", (), {"cuo": leg.cuo, "filing_number": filing.filing_number, "filing_id": filing.id,
                                "sobre_id": None, "sobre_digest": ""})  # fmt: skip


@pytest.fixture
def filed(hub, tools, pdf):
    leave(hub, pdf)
    sobre = a_sobre(hub, [pdf])
    assert post(hub, sobre).status_code == 202
    sign_waiting(tools)
    return sobre


def test_a_sobre_is_filed_and_its_acuse_names_the_filing(hub, filed):
    [acuse] = told(hub, filed)
    leg = leg_of(hub, filed)
    assert isinstance(acuse, Acuse) and acuse.header.answers == filed.header.message_id
    assert (acuse.header.cuo, acuse.header.filing_number) == (filed.header.cuo, leg.filing_number)
    [document] = hub.rows(Document, filing_id=leg.filing_id)
    assert (document.file_name, document.sha256) == ("Informe Ñ 0.pdf", filed.documents[0].sha256)
    assert hub.rows(Filing, id=leg.filing_id)[0].channel == "entity"


def test_the_same_sobre_again_gets_its_acuse_and_files_nothing(hub, filed):
    again = post(hub, filed)
    assert again.status_code == 200 and b"<Acuse" in again.content
    assert len(hub.rows(ReceivedSobre, cuo=filed.header.cuo)) == 1


def test_the_same_id_or_cuo_with_another_content_is_refused(hub, filed):
    refused(post(hub, replace(filed, subject="Otro")), 409, "MENSAJE_CON_OTRO_CONTENIDO")
    other = replace(filed, header=replace(filed.header, message_id=uuid4()))
    refused(post(hub, other), 409, "MENSAJE_CON_OTRO_CONTENIDO")


def test_what_becomes_of_it_is_told_back_signed(hub, tools, filed):
    leg = leg_of(hub, filed)
    hub.post(hub.sealed(hub.cargo(leg, "senace"), "senace"))
    hub.post(hub.sealed(hub.estado(leg, Movement.IN_PROCESS, "senace"), "senace"))
    sign_waiting(tools)
    _, cargo, estado = told(hub, filed)
    assert isinstance(cargo, Cargo) and (cargo.registry_number, cargo.header.cuo) == ("004512", filed.header.cuo)
    assert isinstance(estado, Estado) and estado.movement is Movement.IN_PROCESS


def test_two_words_of_one_instant_are_both_told_and_each_once(hub, tools, filed):
    leg, at = leg_of(hub, filed), now()
    hub.post(hub.sealed(hub.cargo(leg, "senace"), "senace"))
    for movement in (Movement.IN_PROCESS, Movement.ANSWERED, Movement.IN_PROCESS):
        estado = replace(hub.estado(leg, movement, "senace"), happened_at=at)
        assert said(hub.post(hub.sealed(estado, "senace")))[1] == "aplicado"
    sign_waiting(tools)
    movements = [one.movement for one in told(hub, filed) if isinstance(one, Estado)]
    assert sorted(movements) == [Movement.ANSWERED, Movement.IN_PROCESS]


def test_another_institution_asks_about_nothing_of_it(hub, filed):
    refused(ask(hub, f"/api/v1/sobres/{filed.header.cuo}", "senace"), 404, "CUO_DESCONOCIDO")


def test_it_waits_in_the_senders_tray_too(hub, filed):
    listed = ask(hub, "/api/v1/mensajes").json()["mensajes"]
    assert "acuse" in {one["tipo"] for one in listed}


def test_a_document_that_was_not_left_is_refused(hub, pdf):
    refused(post(hub, a_sobre(hub, [pdf + b" "])), 422, "DOCUMENTO_NO_DEJADO")
    leave(hub, pdf, "senace")
    refused(post(hub, a_sobre(hub, [pdf])), 422, "DOCUMENTO_NO_DEJADO")


@pytest.mark.parametrize("to", ["igp", "minam-nadie"])
def test_a_destination_that_cannot_be_is_refused(hub, pdf, to):
    ruc = hub.ruc_of("igp") if to == "igp" else "20999999991"
    leave(hub, pdf)
    refused(post(hub, a_sobre(hub, [pdf], destination_ruc=ruc)), 422, "DESTINO_DESCONOCIDO")


def test_a_filing_without_a_main_document_is_impossible(hub, pdf):
    leave(hub, pdf)
    sobre = a_sobre(hub, [pdf])
    only_annexes = tuple(replace(one, role=DocumentRole.ANNEX) for one in sobre.documents)
    problem = refused(post(hub, replace(sobre, documents=only_annexes)), 422, "PRESENTACION_IMPOSIBLE")
    assert problem["detail"] == "MAIN_DOCUMENT_MISSING"


def test_a_persons_paper_counts_from_the_senders_counter(hub, pdf):
    leave(hub, pdf)
    at = now() - timedelta(hours=1)
    sobre = a_sobre(hub, [pdf], filer=Filer("dni", "10117410", "Rosa Ñahui"), presented_at=at)
    post(hub, sobre)
    [filing] = hub.rows(Filing, id=leg_of(hub, sobre).filing_id)
    assert (filing.channel, filing.ticket_at) == ("counter", at)


def a_respuesta(hub, leg, content, code="senace", **changes):
    ref = DocumentRef(
        DocumentRole.ANSWER, "Carta.pdf", "application/pdf", len(content), hashlib.sha256(content).hexdigest()
    )
    header = hub.header(leg, code, **changes)
    return Respuesta(header, "carta", "C-7", "Responde lo pedido", date.today() - timedelta(days=1), (ref,))


def test_an_answer_reaches_the_institution_that_filed(hub, tools, filed, pdf):
    leg, letter = leg_of(hub, filed), a_pdf()
    leave(hub, letter, "senace")
    answer = a_respuesta(hub, leg, letter)
    problem = refused(hub.post(hub.sealed(answer, "senace")), 409, "CARGO_PENDIENTE")
    assert problem["temporary"]
    hub.post(hub.sealed(hub.cargo(leg, "senace"), "senace"))
    raw = hub.sealed(answer, "senace")
    assert [said(hub.post(raw))[1] for _ in range(2)] == ["aplicado", "repetido"]
    sign_waiting(tools)
    respuesta = told(hub, filed)[-1]
    assert isinstance(respuesta, Respuesta)
    address = respuesta.documents[0].address.removeprefix("http://mesa.prueba")
    assert ask(hub, address).content == letter
    refused(ask(hub, address, "senace"), 404, "CUO_DESCONOCIDO")


def test_an_answer_is_deposited_in_a_citizens_casilla(hub, leg):
    letter = a_pdf()
    leave(hub, letter)
    hub.post(hub.sealed(hub.cargo(leg)))
    assert said(hub.post(hub.sealed(a_respuesta(hub, leg, letter, "igp"))))[1] == "aplicado"
    [notice] = hub.rows(Notice, delivery_id=hub.leg(leg.cuo).id)
    assert notice.subject == "Responde lo pedido"


def test_another_institution_cannot_answer(hub, leg):
    letter = a_pdf()
    leave(hub, letter, "senace")
    refused(hub.post(hub.sealed(a_respuesta(hub, leg, letter), "senace")), 403, "CUO_AJENO")
