"""Verifying: by code, by digest, by the file itself, with and without script; nobody's data is told."""

import hashlib
import re
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import sync_playwright

from hub.core.ports import NewsKind
from tests.fixtures.house import OFFICER, a_pdf

UNKNOWN = "0" * 64
PERSONAL = ("10117410", "Quispe", "sismo de Lomas")


@pytest.fixture(scope="module")
def filed(house, clerk):
    """(filing, its constancia as bytes, the bytes of its main document)"""
    document = a_pdf()
    number = clerk.filed(main=("solicitud.pdf", document))
    paper = clerk.get(f"/mesa-de-partes/constancias/{number}.pdf").data
    return house.filing(number)[0], paper, document


def asked(house, typed, **files):
    """The answer to the form, followed to where it leads."""
    visitor = house.visitor()
    answer = visitor.post("/verificar", {"typed": typed, **files}, content_type="multipart/form-data")
    return visitor.get(answer.location) if answer.status_code == 303 else answer


def digest_of(content):
    return hashlib.sha256(content).hexdigest()


def test_the_code_tells_the_filing_and_the_digest_of_every_version(house, filed):
    filing, paper, _ = filed
    page = house.visitor().get(f"/verificar/{filing.verification_code}")
    assert page.status_code == 200 and "noindex" in page.headers["X-Robots-Tag"]
    assert filing.filing_number in page.text and digest_of(paper) in page.text
    assert f"/seguimiento/{filing.verification_code}" in page.text
    assert "sello de integridad" in page.text
    assert not any(text in page.text for text in PERSONAL)


@pytest.mark.parametrize("dress", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")])
def test_a_code_is_found_as_people_type_it(house, filed, dress):
    assert filed[0].filing_number in asked(house, dress(filed[0].verification_code)).text


def test_our_own_paper_is_authentic_by_its_digest(house, filed):
    page = asked(house, digest_of(filed[1]))
    assert "Es auténtico" in page.text and filed[0].filing_number in page.text
    assert not any(text in page.text for text in PERSONAL)


@pytest.mark.parametrize("typed", ["SHA-256 {}", "{}\n", " {} "])
def test_a_digest_is_found_as_it_is_pasted(house, filed, typed):
    assert "Es auténtico" in asked(house, typed.format(digest_of(filed[1]).upper())).text


def test_without_script_the_file_is_sent_looked_at_and_not_kept(house, filed):
    from io import BytesIO

    before = house.stored()
    assert "Es auténtico" in asked(house, "", file=(BytesIO(filed[1]), "constancia.pdf")).text
    assert house.stored() == before


def test_a_changed_paper_is_not_ours(house, filed):
    changed = filed[1].replace(b"/Lang", b"/lang", 1) + b"\n"
    assert "No figura en el registro" in asked(house, digest_of(changed)).text


def test_a_document_that_was_handed_in_only_stands_in_the_register(house, filed):
    filing, _, document = filed
    page = asked(house, digest_of(document)).text
    assert "Figura en el registro: fue presentado el" in page and "Instituto Geofísico del Perú" in page
    assert filing.filing_number not in page
    assert not any(text in page for text in PERSONAL)


@pytest.mark.parametrize("typed", ["", "2026-0001234-6", "AAAA-BBBB-CCCC-DDDD", "x" * 500])
def test_what_is_nothing_is_asked_again(house, typed):
    assert asked(house, typed).status_code == 422


def test_an_unknown_code_opens_nothing(house):
    for code in ("AAAA-BBBB-CCCC-DDDD", "../..", "huella"):
        assert house.visitor().get(f"/verificar/{code}").status_code == 404
    assert "No figura" in house.visitor().get(f"/verificar/huella/{UNKNOWN}").text


def test_too_many_questions_without_an_answer_are_refused(house):
    visitor = house.visitor()
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    csrf = visitor.csrf()
    codes = [
        visitor.client.post("/verificar", data={"csrf_token": csrf, "typed": "AAAA-BBBB-CCCC-DDDD"}).status_code
        for _ in range(62)
    ]
    assert codes[0] == 422 and codes[-1] == 429


def test_the_cargo_opens_for_its_body_and_not_for_a_stranger(house, clerk):
    number = clerk.filed(destination="iiap")
    leg = house.leg(number)
    officer = house.signed_in(OFFICER)
    assert officer.get(f"/papeles/cargos/{leg.cuo}.pdf").status_code == 404
    house.say(leg.cuo, NewsKind.REGISTERED, registry_number="77", registry_year="2026")
    answer = officer.get(f"/papeles/cargos/{leg.cuo}.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF-1.7")
    assert clerk.get(f"/papeles/cargos/{leg.cuo}.pdf").data == answer.data
    assert house.visitor().get(f"/papeles/cargos/{leg.cuo}.pdf").status_code in (302, 303, 401)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("size", [0, 55, 56, 64, 5_000_001])
def test_the_browser_computes_the_digest_and_keeps_the_file(house_url, browser, tmp_path, size):
    path = Path(tmp_path / "archivo.bin")
    path.write_bytes(bytes(n * 7 % 251 for n in range(size)))
    page = browser.new_page(viewport={"width": 360, "height": 740})
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b"") if request.method == "POST" else 0)
    page.goto(f"{house_url}/verificar")
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Comprobar").click()
    page.wait_for_url("**/verificar/huella/*" if size else "**/verificar/**")
    assert re.search(digest_of(path.read_bytes()), page.url + page.content())
    assert all(b"archivo.bin" not in body for body in sent)
    page.close()
