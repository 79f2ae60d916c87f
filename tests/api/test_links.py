"""The link of a leg: opens its documents to whoever holds it, until thirty days after the cargo."""

import hashlib
from datetime import timedelta

import pytest

from hub.clock import now
from hub.models import DocumentLink, Event
from tests.api.test_messages import said

JSON = {"Accept": "application/json"}


@pytest.fixture
def leg(hub):
    names = ('El "plan" de Ñaña/é.pdf', "anexo 1.bin")
    return hub.file("oefa", contents=(b"%PDF-1.4 principal", b"anexo"), names=names)


def get(hub, path, **headers):
    return hub.http.get(f"{hub.url}/d/{path}", headers=headers, timeout=20)


def test_the_page_lists_every_document_with_its_digest(hub, leg):
    page = get(hub, leg.link)
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for content in leg.contents:
        digest = hashlib.sha256(content).hexdigest()
        assert digest in page.text.replace(" ", "")
    assert leg.cuo in page.text and leg.filing_number in page.text


def test_a_machine_gets_the_list_as_json(hub, leg):
    listed = get(hub, leg.link, **JSON).json()
    assert [one["sha256"] for one in listed["documentos"]] == [hashlib.sha256(c).hexdigest() for c in leg.contents]
    assert listed["vence"] is None


def test_the_addresses_of_the_list_give_the_documents(hub, leg):
    for one, content in zip(get(hub, leg.link, **JSON).json()["documentos"], leg.contents, strict=True):
        answer = hub.http.get(one["direccion"].replace("http://mesa.prueba", hub.url), timeout=20)
        assert answer.content == content
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_document_can_be_fetched_in_pieces(hub, leg):
    answer = get(hub, f"{leg.link}/{leg.document_ids[1]}", Range="bytes=2-3")
    assert (answer.status_code, answer.content) == (206, b"ex")


def test_every_access_is_an_event(hub, leg):
    get(hub, leg.link)
    get(hub, f"{leg.link}/{leg.document_ids[0]}")
    events = hub.rows(Event, delivery_id=hub.leg(leg.cuo).id, kind="link_opened")
    assert sorted(event.data["document"] for event in events) == ["", str(leg.document_ids[0])]


def test_it_opens_no_document_of_another_leg(hub, leg):
    other = hub.file("igp")
    assert get(hub, f"{leg.link}/{other.document_ids[0]}").status_code == 404
    assert get(hub, f"{leg.link}/nada").status_code == 404


def test_a_word_that_nobody_gave_out_opens_nothing(hub):
    page = get(hub, "x" * 43)
    assert page.status_code == 404 and "No encontramos" in page.text
    assert get(hub, "x" * 43, **JSON).headers["Content-Type"] == "application/problem+json"
    assert get(hub, "x\x00" * 20).status_code in (400, 404)


def test_it_lives_thirty_days_after_the_cargo(hub):
    leg = hub.file("igp")
    assert said(hub.post(hub.sealed(hub.cargo(leg, at=now() - timedelta(days=29, hours=23)))))[1] == "aplicado"
    assert get(hub, leg.link).status_code == 200
    late = hub.file("igp")
    assert said(hub.post(hub.sealed(hub.cargo(late, at=now() - timedelta(days=30, minutes=1)))))[1] == "aplicado"
    page = get(hub, late.link)
    assert page.status_code == 410 and "venció" in page.text
    assert get(hub, f"{late.link}/{late.document_ids[0]}").status_code == 410


def test_a_revoked_link_is_gone(hub, leg):
    with hub.session() as session:
        session.get(DocumentLink, leg.link).revoked_at = now()
        session.commit()
    page = get(hub, leg.link)
    assert page.status_code == 410 and "se anuló" in page.text
    answer = get(hub, leg.link, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (410, "LINK_REVOKED")
