"""The public book of signed roots: for people by pages, for machines by lines."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hub import ledger
from hub.clock import now
from hub.core.roots import first_break
from hub.core.services import TimeStamp
from hub.sealing import batch_to_stamp, keep_stamp, keep_trouble, seal_batch
from hub.wire.keys import load_signer
from hub.wire.roots import open_root
from tests.web.reading import text_of


@pytest.fixture
def keys(house):
    return house.services.settings.keys_folder


@pytest.fixture
def seal(house, clerk, keys):
    """seal(n) -> n more batches, each of one event at most."""
    signer = load_signer(keys / "hub" / "ledger.key.pem", keys / "hub" / "ledger.crt.pem")

    def sealed(count=1):
        with house.session() as session:
            for number in range(count):
                at = now() + timedelta(seconds=number)
                while not seal_batch(session, signer, str(house.directory.operator.ruc), at, limit=1):
                    clerk.filed()
                session.commit()
            return ledger.state(session).batches

    return sealed


def test_the_book_shows_its_roots_newest_first(house, seal):
    newest = seal(3)
    page = house.visitor().get("/libro").text
    with house.session() as session:
        roots = ledger.newest_roots(session, limit=2)
    places = [page.index(one.statement.root.hex()) for one in roots]
    assert places == sorted(places) and f"/libro/raices/{newest}" in page
    assert "Ver el libro de raíces" in text_of(page)


def test_the_book_has_pages_and_a_page_beyond_it_is_its_last(house, seal):
    seal(ledger.PAGE + 1)
    visitor = house.visitor()
    assert "pagina=2" in visitor.get("/libro").text
    last = visitor.get("/libro?pagina=9999")
    assert last.status_code == 200 and '/libro/raices/1"' in last.text
    assert visitor.get("/libro?pagina=-3").status_code == visitor.get("/libro?pagina=uno").status_code == 200


def test_who_keeps_the_lines_can_open_each_with_the_published_certificate(house, seal, keys):
    newest = seal(2)
    answer = house.visitor().get("/libro/raices")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    authority = ((keys / "ca" / "crt.pem").read_bytes(),)
    roots = [open_root(line["jws"], authority) for line in lines]
    assert [line["batch"] for line in lines] == [root.batch for root in roots] == list(range(1, newest + 1))
    assert first_break(roots) is None
    assert house.visitor().get(f"/libro/raices?desde={newest}").text.splitlines() == answer.text.splitlines()[-1:]
    assert house.visitor().get(f"/libro/raices?desde={newest + 1}").text == ""


def test_what_has_not_changed_is_not_sent_again(house, seal):
    seal()
    visitor = house.visitor()
    for path in ("/libro/raices", "/libro/raices/1"):
        tag = visitor.get(path).headers["ETag"]
        assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 304
    seal()
    assert visitor.get("/libro/raices", headers={"If-None-Match": tag}).status_code == 200


def test_one_root_comes_with_its_statement_and_its_stamps(house, seal):
    newest = seal()
    assert house.visitor().get(f"/libro/raices/{newest}").json["stamps"] == []
    with house.session() as session:
        wanted = batch_to_stamp(session)
        keep_stamp(session, wanted, TimeStamp(b"token", now(), "TSA de prueba"), now())
        session.commit()
    said = house.visitor().get(f"/libro/raices/{newest}").json
    assert said["statement"]["batch"] == newest and said["jws"].count(".") == 2
    assert (said["stamps"][0]["authority"], said["stamps"][0]["token"]) == ("TSA de prueba", "dG9rZW4=")


def test_a_root_that_does_not_exist_is_not_found(house, seal):
    assert house.visitor().get("/libro/raices/99999").status_code == 404
    assert house.visitor().get("/libro/raices/0").status_code == 404


def test_the_book_says_that_a_time_stamp_is_pending(house, seal):
    seal()
    assert "no usa una autoridad" in house.visitor().get("/libro").text
    with house.session() as session:
        keep_trouble(session, "TSA_TIMEOUT", now())
        session.commit()
    services = house.services
    house.app.extensions["mesa"] = replace(services, settings=replace(services.settings, tsa="http://127.0.0.1:1/"))
    try:
        page = text_of(house.visitor().get("/libro").text)
    finally:
        house.app.extensions["mesa"] = services
    assert "Sello de tiempo pendiente. La autoridad de sellado de tiempo no responde desde" in page
