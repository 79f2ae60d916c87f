"""A walk-in citizen at SERNANP's counter files for IGP, and follows the paper until its answer."""

import re

import pytest

from hub.core.ports import NewsKind
from hub.core.statuses import Movement
from tests.fixtures.house import ADMIN, CLERK
from tests.journeys.pages import DESK, ON_A_DESK, PHONE, Visit


@pytest.fixture
def visit(browse, house_url):
    """visit(PHONE, script=False) -> a visitor with nothing in their pockets."""
    return lambda width=DESK, script=True: Visit(browse(width, script=script), house_url)


def received(page):
    """(number, key) from the constancia on the screen."""
    page.get_by_role("heading", name="Constancia de presentación").wait_for()
    number = page.locator(".mesa-receipt__number").inner_text().strip()
    key = re.sub(r"\s", "", page.locator(".mesa-receipt__key").inner_text())
    assert page.locator(".mesa-receipt__qr img").evaluate("image => image.naturalWidth") > 50
    return number, key


@ON_A_DESK
def test_from_the_counter_to_the_answer(house, visit, width, script):
    clerk = visit(width, script)
    clerk.sign_in(CLERK)
    page = clerk.fill_filing()
    annex = {"name": "plano.dwg", "mimeType": "application/octet-stream", "buffer": b"AC1032"}
    page.locator("input[name=annexes]").set_input_files([annex])
    clerk.submit()
    number, key = received(page)
    assert clerk.is_whole()
    filing, documents, legs = house.filing(number)
    assert [document.file_name for document in documents] == ["Solicitud N° 1 – Ñahui.pdf", "plano.dwg"]

    citizen = visit(PHONE, script)
    page = citizen.open(f"/seguimiento/{filing.verification_code}")
    assert page.get_by_text("En camino", exact=True).count()
    assert citizen.is_whole()

    cuo = legs[0].cuo
    house.say(cuo)
    house.say(cuo, NewsKind.REGISTERED, registry_number="004512", registry_year="2026",
              expediente_number="EXP-2026-77", unit="Mesa de Partes")  # fmt: skip
    house.say(cuo, NewsKind.MOVEMENT, movement=Movement.IN_PROCESS, unit="Redes Geofísicas")
    house.say(cuo, NewsKind.MOVEMENT, movement=Movement.ANSWERED)

    told = told_by_hand(visit(width, script), number, key)
    for words in ("SERNANP", "IGP lo tiene", "EXP-2026-77", "Redes Geofísicas", "IGP respondió", "hora oficial"):
        assert words in told
    assert "Quispe" not in told
    find_on_the_board(visit(width, script), number, cuo)


def told_by_hand(citizen, number, key):
    """What the tracking page says to who types number and key."""
    page = citizen.open("/")
    page.get_by_role("button", name="Ver mi trámite").click()
    page.get_by_label("Número de trámite").fill(number)
    page.get_by_label("Clave de seguimiento").fill(key.lower())
    page.get_by_role("button", name="Ver mi trámite").click()
    page.get_by_role("heading", name=f"Trámite {number}").wait_for()
    assert citizen.is_whole()
    return page.locator("main").inner_text()


def find_on_the_board(admin, number, cuo):
    admin.sign_in(ADMIN)
    page = admin.open(f"/envios?texto={number}")
    assert page.get_by_text(number).count()
    assert admin.is_whole()
    page.get_by_role("link", name=cuo).click()
    page.get_by_role("heading", name=f"Envío {cuo}").wait_for()
    assert admin.is_whole()


@pytest.mark.parametrize("script", [True, False])
def test_what_is_wrong_is_beside_its_field_and_the_link_on_top_leads_there(house, visit, script):
    before = house.count()
    clerk = visit(PHONE, script)
    clerk.sign_in(CLERK)
    page = clerk.fill_filing(main=False, document_number_of_person="1011741")
    not_pdf = {"name": "nota.pdf", "mimeType": "application/pdf", "buffer": b"no soy un pdf"}
    page.locator("input[name=main_document]").set_input_files(not_pdf)
    clerk.submit()
    page.get_by_text("Hay un problema").wait_for()
    assert "8 dígitos" in page.locator("#document_number_of_person-error").inner_text()
    assert "«nota.pdf» no es un PDF" in page.locator("[id$=main_document-error]").inner_text()
    page.locator(".govuk-error-summary a", has_text="8 dígitos").click()
    assert page.evaluate("document.activeElement.id || location.hash").strip("#") == "document_number_of_person"
    assert page.locator("[name=names]").input_value() == "Quispe Ñahui, Ana"
    assert clerk.is_whole()
    assert house.count() == before


def test_a_double_click_and_a_reload_make_one_filing(house, visit):
    before = house.count()
    clerk = visit(DESK, script=False)
    clerk.sign_in(CLERK)
    page = clerk.fill_filing()
    page.get_by_role("button", name="Recibir y dar constancia").dblclick()
    received(page)
    page.reload()
    received(page)
    assert house.count() == before + 1


def test_a_company_is_asked_for_its_ruc(house, visit):
    clerk = visit()
    clerk.sign_in(CLERK)
    page = clerk.fill_filing()
    page.get_by_label("Una empresa u organización con RUC").check()
    page.get_by_label("RUC", exact=True).fill("20131367008")
    page.get_by_label("Razón social").fill("Minera de Prueba S.A.C.")
    page.get_by_label("Declara que representa a esa empresa").check()
    clerk.submit()
    number, _ = received(page)
    assert house.filing(number)[0].filer.business_name == "Minera de Prueba S.A.C."
    assert clerk.is_whole()
