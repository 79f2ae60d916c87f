"""A body without a system, in a browser: it writes to another, its coordinator makes a user who works, a body joins."""

import secrets

import pytest

from tests.fixtures.house import ADMIN, CLERK, OFFICER
from tests.fixtures.http import serving
from tests.journeys.pages import ON_A_DESK, WITHOUT_SCRIPT, Visit, opens_listed, pdf
from tests.journeys.staff import opens_invitation
from tests.ports import free_port
from tests.web.staff import a_house, make_user
from tests.web.test_joining import a_ruc


@pytest.fixture(scope="module")
def house(make_database, migrated_template, tmp_path_factory, house_port):
    data = tmp_path_factory.mktemp("bodies")
    with a_house(make_database(migrated_template), data, house_port) as built:
        yield built


@pytest.fixture(scope="module")
def house_url(house, house_port):
    with serving(house.app, house_port) as url:
        yield url


@pytest.fixture(scope="module")
def clerk(house):
    return house.signed_in(CLERK)


@pytest.fixture(scope="module")
def house_port():
    return free_port()


@WITHOUT_SCRIPT
def test_an_officer_writes_to_another_institution(house, house_url, browse, width, script):
    officer = Visit(browse(width, script=script), house_url)
    page = officer.sign_in(OFFICER)
    page.get_by_role("link", name="Documentos que envía tu institución").click()
    officer.press("Enviar un documento")
    page.get_by_label("A qué institución va").select_option("minam")
    page.get_by_label("Número del documento").fill("12-2026-IIAP")
    page.get_by_label("Asunto").fill("Pide opinión sobre la norma")
    page.locator("[name=document_number_of_person]").fill("10117410")
    page.locator("input[type=file][name=main_document]").set_input_files([pdf("oficio.pdf")])
    officer.press("Enviar ahora")
    number = page.locator(".mesa-receipt__number").inner_text()
    assert officer.is_whole()
    house.say(house.leg(number).cuo)
    receiver = Visit(browse(width, script=script), house_url)
    theirs = receiver.sign_in("bandeja@minam.example")
    opens_listed(theirs, number)
    theirs.get_by_text("Instituto de Investigaciones de la Amazonía Peruana").first.wait_for()
    theirs.get_by_label("Registrarlo").check()
    receiver.press("Guardar y avisar").reads("Quien lo presentó ya puede verlo")
    page.reload()
    officer.reads("Registrado")


@ON_A_DESK
def test_a_coordinator_makes_a_user_who_does_the_work(house, house_url, clerk, browse, width, script):
    coordinator = Visit(browse(width, script=script), house_url)
    page = coordinator.sign_in(make_user(house, "iiap", ["entity_coordinator"]))
    coordinator.goes_to("Personas")
    coordinator.press("Invitar a una persona")
    email = f"nueva-{secrets.token_hex(4)}@iiap.example"
    page.get_by_label("Nombres y apellidos").fill("Rosa Flores Inga")
    page.get_by_label("Correo institucional").fill(email)
    page.get_by_label("Encargado de la bandeja").check()
    page.get_by_role("button", name="Enviar la invitación").click()
    page.get_by_text("La invitación ya sale a su correo").wait_for()
    number = clerk.filed(destination="iiap")
    house.say(house.leg(number).cuo)
    worker = Visit(browse(width, script=script), house_url)
    theirs = opens_invitation(house, worker, email)
    opens_listed(theirs, number)
    theirs.get_by_label("Registrarlo").check()
    theirs.get_by_role("button", name="Guardar y avisar").click()
    theirs.get_by_text("Quien lo presentó ya puede verlo").wait_for()
    page.get_by_role("link", name="Ver la auditoría").click()
    page.get_by_role("cell").or_(page.locator(".mesa-cards")).get_by_text("Activó la verificación").first.wait_for()


@WITHOUT_SCRIPT
def test_a_body_joins_and_receives_its_first_filing(house, house_url, clerk, browse, width, script):
    sign = secrets.token_hex(3).upper()
    email = f"juana-{sign.lower()}@ipa.example"
    asks(Visit(browse(width, script=script), house_url), sign, email)
    approves(Visit(browse(width, script=script), house_url), sign)
    coordinator = Visit(browse(width, script=script), house_url)
    page = opens_invitation(house, coordinator, email)
    coordinator.goes_to("Mi formulario")
    page.get_by_label("Presentación").fill("Cuidamos el agua del altiplano.")
    page.get_by_label("Cada anexo, en MB").fill("20")
    coordinator.press("Ver cómo queda").reads("Así se verá")
    coordinator.press("Publicar").reads("Tu página quedó publicada")
    address = page.locator("main a[href*='/presentar/']").get_attribute("href")
    house.services.live_directory.reload()
    coordinator.open(address).get_by_text("Cuidamos el agua del altiplano.").wait_for()
    number = clerk.filed(destination=address.rpartition("/")[2])
    house.say(house.leg(number).cuo)
    coordinator.open("/bandeja").get_by_role("link", name=number).wait_for()  # its first: a body of its own


def asks(visit, sign, email):
    page = visit.open("/sumarse")
    assert visit.is_whole()
    for label, text in (
        ("RUC de la institución", a_ruc()), ("Nombre completo", "Instituto de Prueba del Agua"),
        ("Siglas", f"IPA-{sign}"), ("Ciudad o distrito de su mesa de partes", "Puno"),
        ("Nombres y apellidos", "Juana Mamani Choque"), ("Su correo institucional", email),
    ):  # fmt: skip
        page.get_by_label(label).fill(text)
    page.get_by_label("Instituto de investigación").check()
    page.get_by_label("Departamento").select_option(label="Puno")
    page.get_by_role("button", name="Enviar la solicitud").click()
    page.get_by_text("Recibimos tu solicitud").wait_for()


def approves(visit, sign):
    page = visit.sign_in(ADMIN)
    visit.goes_to("Solicitudes")
    asked = page.get_by_role("region", name=f"IPA-{sign}")
    asked.get_by_role("button", name="Aprobar", exact=True).click()
    visit.reads("Ya es parte del sector")
