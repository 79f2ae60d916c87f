"""Somebody without an account files from home, on a telephone or a desk, with script or without, and follows it."""

import time

import pytest

from tests.journeys.citizens import ANNEX, MAIN, Citizen
from tests.journeys.pages import DESK, ON_A_DESK, PHONE, WITHOUT_SCRIPT

PAGES, SECONDS = 8, 600
"""At most, from the first page to the constancia."""


@pytest.fixture
def citizen(browse, house_url):
    return lambda width=DESK, script=True: Citizen(browse(width, script=script), house_url)


@ON_A_DESK
def test_from_home_to_the_constancia_and_its_page(house, citizen, width, script):
    filer, began = citizen(width, script), time.monotonic()
    filer.open("/")
    filer.chooses("geofisico", "IGP")
    filer.wants()
    filer.says_who()
    filer.proves(house, f"ana.{width}.{script}@ejemplo.pe".lower())
    filer.describes("Pide los registros del sismo de Lomas")
    filer.attaches(script)
    number, key = filer.sends()
    assert filer.asked == PAGES
    assert time.monotonic() - began < SECONDS
    _, documents, _ = house.filing(number)
    assert [(one.file_name, one.pages) for one in documents] == [(MAIN, 7), (ANNEX["name"], None)]
    paper = filer.page.context.request.get(f"{filer.url}/presentar/listo/constancia.pdf")
    assert paper.body().startswith(b"%PDF")
    told = citizen(width, script).follows(number, key)
    assert "En camino" in told and "Quispe" not in told


@WITHOUT_SCRIPT
def test_a_company_files_a_procedure_with_a_fee(house, citizen, width, script):
    """A legal person by its representative; the checklist, the fee and its proof of payment, so far as there are."""
    filer = citizen(width, script)
    filer.open("/")
    filer.chooses("igp", "IGP")
    page = filer.heading("Decir para qué lo presentas")
    page.get_by_label("Informe de sismicidad de un lugar").check()
    [paid] = [one for one in house.directory.entity("igp").procedures if one.fee_cents]
    assert f"S/ {paid.fee_cents / 100:.2f} · Hasta {paid.days} días hábiles" in page.locator("main").inner_text()
    page.get_by_label(paid.requirements[0].text).last.check()
    page.get_by_label("Número y fecha del comprobante de pago").last.fill("0012345 del 20/11/2026")
    filer.press()
    filer.says_company()
    filer.proves(house, f"empresa.{width}.{script}@ejemplo.pe".lower())
    filer.describes("Pide el informe de sismicidad de Matucana")
    filer.attaches(script)
    told = filer.heading("Revisar y enviar").locator("main").inner_text()
    assert "No marcaste" in told and paid.requirements[1].text in told
    assert paid.requirements[0].text not in told and "Minera de Prueba S.A.C." in told
    filing, _, _ = house.filing(filer.sends()[0])
    assert filer.asked == PAGES
    assert (filing.procedure["name"], filing.filer.ruc) == ("Informe de sismicidad de un lugar", "20131367008")
    assert filing.declares_representation
    assert "Comprobante de pago: 0012345 del 20/11/2026" in filing.additional_information


def test_what_was_typed_is_there_after_the_browser_was_closed(house, house_url, browse, citizen):
    filer = citizen(PHONE)
    filer.open("/")
    filer.chooses("igp", "IGP")
    filer.wants()
    filer.says_who()
    kept = [one for one in filer.page.context.cookies() if one["expires"] > time.time()]  # the others end with it
    page = browse(PHONE)
    page.context.add_cookies(kept)
    again = Citizen(page, house_url)
    again.open("/presentar").get_by_role("link", name="Seguir donde lo dejaste").click()
    page.get_by_role("link", name="Decir quién lo presenta").click()
    assert page.get_by_label("Tus apellidos y nombres").input_value() == "Quispe Ñahui, Ana"
