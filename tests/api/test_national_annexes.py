"""Annexes that a sender announces by an address: fetched, hashed, kept and sent on; or said plainly to be missing."""

import hashlib
import json
import threading
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import update

from hub.clock import now
from hub.collecting import collect_annexes
from hub.core.bodies import AdapterKind, AdapterRecord, EntityRecord
from hub.core.services import Scanned
from hub.dispatch import Dispatcher, Tools
from hub.models import Delivery, Document, Event, FileScan, OutboundMessage, Sending
from hub.outgoing import sign_waiting
from hub.wire import sobre, xml
from tests.api.national import a_number, recepcion, say
from tests.api.returning import tools_for
from tests.fixtures.house import a_pdf
from tests.fixtures.sandbox import wait_until
from tests.stages.office import Institution

ZIP = b"PK\x03\x04 planos"


@pytest.fixture
def wait(hub):
    """wait(hosts) -> the worker's tools, where OEFA's row lists these hosts."""
    def made(*hosts) -> Tools:
        def listed(one: EntityRecord) -> EntityRecord:
            return replace(one, in_flight=10_000, link_hosts=hosts if one.code == "oefa" else ())

        return tools_for(hub, replace(hub.directory, entities=tuple(map(listed, hub.directory.entities))))

    return made


@pytest.fixture(autouse=True)
def nobody_else_waits(hub):
    """A round takes what is due of everybody: what other tests announced, and nobody fetched, is put off."""
    with hub.session() as session:
        waiting = update(Sending).where(Sending.annexes == "waiting")
        session.execute(waiting.values(annex_next_at=now() + timedelta(days=1)))
        session.commit()


def send(hub, url, names=("Plano 1.zip",)):
    cuo = a_number()
    body = recepcion(vcuo=cuo, snumanx=str(len(names)), lstanexos=names, vurldocanx=url)
    assert say(hub, body)["vcodres"] == "0000"
    return cuo


def found(hub, cuo):
    """(sending, leg, its message, documents, kinds of events)"""
    (sending,) = hub.rows(Sending, cuo=cuo)
    (leg,) = hub.rows(Delivery, id=sending.delivery_id)
    (message,) = hub.rows(OutboundMessage, delivery_id=leg.id, kind="sobre")
    documents = sorted(hub.rows(Document, filing_id=leg.filing_id), key=lambda one: one.position)
    return sending, leg, message, documents, [one.kind for one in hub.rows(Event, filing_id=leg.filing_id)]


def here(scripted):
    return f"127.0.0.1:{scripted.server.server_port}"


def try_now(hub, cuo):
    with hub.session() as session:
        session.execute(update(Sending).where(Sending.cuo == cuo).values(annex_next_at=now()))
        session.commit()


def test_a_document_waits_for_its_annexes_and_leaves_with_them(hub, wait, scripted):
    scripted.say(200, ZIP, "application/zip")
    cuo = send(hub, f"http://{here(scripted)}/anexo?cuo=1")
    assert found(hub, cuo)[2].next_try_at > now() + timedelta(minutes=10)
    assert collect_annexes(wait(here(scripted))) == 1
    sending, leg, message, documents, kinds = found(hub, cuo)
    assert sending.annexes == "kept" and message.next_try_at <= now() and "annexes_kept" in kinds
    assert [(one.role, one.file_name, one.sha256) for one in documents[1:]] == [
        ("anexo", "Plano 1.zip", hashlib.sha256(ZIP).hexdigest())
    ]
    with hub.session() as session:
        hub._sign(session, leg.destination_id, leg.cuo)
    (sealed,) = [one.sealed for one in hub.rows(OutboundMessage, delivery_id=leg.id, kind="sobre")]
    assert [one.sha256 for one in sobre.read_message(xml.parse(sealed)).documents] == [one.sha256 for one in documents]


def test_a_page_that_lists_documents_gives_each_with_its_digest(hub, wait, serve):
    files = {"/f/1": a_pdf(3), "/f/2": ZIP}

    def page(environ, start_response):
        path = environ["PATH_INFO"]
        listed = [
            {"direccion": page.url + where, "sha256": hashlib.sha256(body).hexdigest(), "nombreArchivo": f"a{number}.x"}
            for number, (where, body) in enumerate(files.items(), 1)
        ]
        body = files.get(path) or json.dumps({"documentos": listed}).encode()
        kind = "application/octet-stream" if path in files else "application/json"
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    page.url = serve(page)
    cuo = send(hub, f"{page.url}/d/abc", ("a", "b"))
    collect_annexes(wait(page.url.removeprefix("http://")))
    documents = found(hub, cuo)[3][1:]
    assert [(one.file_name, one.media_type, one.pages) for one in documents] == [
        ("a1.x", "application/pdf", 3), ("a2.x", "application/zip", None),
    ]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind", "code"), [
    (200, b"<html>Bienvenido", "text/html", "ANNEX_PAGE"), (404, b"", "text/plain", "ANNEX_HTTP_404"),
])  # fmt: skip
def test_what_cannot_be_brought_is_said_and_the_document_leaves(hub, wait, scripted, status, body, kind, code):
    scripted.say(status, body, kind)
    stored = sum(1 for _ in hub.documents())
    cuo = send(hub, f"http://{here(scripted)}/", ("Plano.zip", "Cuadro.xlsx"))
    collect_annexes(wait(here(scripted)))
    sending, _, message, documents, kinds = found(hub, cuo)
    assert (sending.annexes, sending.annex_code) == ("missing", code) and "annexes_missing" in kinds
    assert len(documents) == 1 and message.next_try_at <= now()
    assert sum(1 for _ in hub.documents()) == stored + 1


def test_an_address_of_a_host_that_the_row_does_not_list_is_not_called(hub, wait, scripted):
    cuo = send(hub, f"http://{here(scripted)}/")
    collect_annexes(wait())
    assert found(hub, cuo)[0].annex_code == "ANNEX_HOST" and scripted.requests == []


def test_a_server_that_is_down_is_asked_again_until_the_wait_is_over(hub, wait, scripted):
    scripted.say(503, b"")
    cuo = send(hub, f"http://{here(scripted)}/")
    tools = wait(here(scripted))
    collect_annexes(tools)
    assert (found(hub, cuo)[0].annexes, found(hub, cuo)[0].annex_code) == ("waiting", "ANNEX_HTTP_503")
    with hub.session() as session:
        session.execute(update(Sending).where(Sending.cuo == cuo).values(annex_until=now()))
        session.commit()
    try_now(hub, cuo)
    collect_annexes(tools)
    assert found(hub, cuo)[0].annexes == "missing"


def test_what_takes_longer_than_its_turn_is_let_go(hub, wait, scripted):
    scripted.say(200, ZIP, "application/zip")
    cuo = send(hub, f"http://{here(scripted)}/")
    ticks = count()
    collect_annexes(replace(wait(here(scripted)), clock=lambda: now() + timedelta(minutes=20) * next(ticks)))
    assert found(hub, cuo)[0].annex_code == "ANNEX_SLOW" and len(found(hub, cuo)[3]) == 1


def test_the_destination_reads_what_is_missing_and_where_it_was_said_to_be(hub, wait):
    cuo = send(hub, "http://172.16.1.9/anexos", ("Plano.zip",))
    institution = Institution()
    tools = replace(wait(), adapters=dict.fromkeys(("rest", "soap", "iotramite", "hosted"), institution))
    collect_annexes(tools)
    leg = found(hub, cuo)[1]
    dispatcher = Dispatcher(tools, threading.Event())

    def carried():
        dispatcher.dispatch()  # a few at a time, the oldest first: other tests left theirs
        return [parcel for parcel in institution.handed if parcel.cuo == leg.cuo]

    (mine,) = wait_until(carried)
    assert "Plano.zip" in mine.sobre.additional_information and "172.16.1.9" in mine.sobre.additional_information
    assert mine.missing_annexes == ("Plano.zip",)
    page = hub.http.get(mine.link.replace("http://mesa.prueba", hub.url), headers={"Accept": "application/json"}).json()
    assert page["anexosNoRecibidos"] == ["Plano.zip"]
    assert "172.16.1.9" in hub.http.get(mine.link.replace("http://mesa.prueba", hub.url)).text


class Guard:
    """An antivirus that finds what it is told."""

    def __init__(self, found="", is_whole=True):
        self.answer = Scanned(found, is_whole)

    def scan(self, stream):
        assert stream.read(2)
        return self.answer


@pytest.mark.parametrize(("guard", "state", "code", "noted"), [
    (Guard("Prueba.Eicar"), "missing", "ANNEX_VIRUS", []), (Guard(), "kept", "", []),
    (Guard(is_whole=False), "kept", "", ["too_large"]),
])  # fmt: skip
def test_each_annex_is_looked_through_before_it_is_kept(hub, wait, scripted, guard, state, code, noted):
    content = ZIP + a_number().encode()
    scripted.say(200, content, "application/zip")
    cuo = send(hub, f"http://{here(scripted)}/anexo.zip")
    collect_annexes(replace(wait(here(scripted)), scanner=guard))
    sending = found(hub, cuo)[0]
    assert (sending.annexes, sending.annex_code) == (state, code)
    assert [one.why for one in hub.rows(FileScan, sha256=hashlib.sha256(content).hexdigest())] == noted


def test_who_fetches_finds_no_sobre_before_its_annexes_joined_it(hub, wait, scripted):
    scripted.say(200, ZIP, "application/zip")
    cuo = send(hub, f"http://{here(scripted)}/anexo?cuo=2")
    tools = wait(here(scripted))
    leg = found(hub, cuo)[1]
    way = AdapterRecord(AdapterKind.PULL)
    fetching = [replace(one, adapter=way) if one.id == leg.destination_id else one for one in tools.directory.entities]
    tools = tools_for(hub, replace(tools.directory, entities=tuple(fetching)))
    sign_waiting(tools)
    assert found(hub, cuo)[2].sealed is None
    collect_annexes(tools)
    sign_waiting(tools)
    sealed = found(hub, cuo)[2].sealed
    assert [one.file_name for one in sobre.read_message(xml.parse(sealed)).documents][1:] == ["Plano 1.zip"]
