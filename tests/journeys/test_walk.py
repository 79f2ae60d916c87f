"""What a person sees when it is done: from a counter to another institution and back, in a real browser."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Administrator, Citizen, Clerk, Officer, a_pdf
from tests.stack import ADMIN, CLERK, OFFICER

NUMBER = re.compile(r"\d{4}-\d{7}-\d")


@pytest.fixture
def clerk(desk, stack):
    return Clerk(desk, stack.url).sign_in(CLERK)


@pytest.fixture
def citizen(phone, stack):
    return Citizen(phone, stack.url)


def test_a_filing_for_igp_is_watched_on_a_phone_from_the_counter_to_the_answer(stack, clerk, citizen):
    stack.control("igp", hold_registration=True)
    stack.kill("worker-0")
    before = datetime.now(UTC).replace(microsecond=0)
    clerk.receives("igp", "Pide los registros del sismo de Lomas", annexes=[("Mapa de la zona.pdf", a_pdf(1))])
    number, address = clerk.number, clerk.qr()
    assert NUMBER.fullmatch(number) and re.fullmatch(r"[0-9A-Z]{4}\s[0-9A-Z]{4}", clerk.key)
    assert address.startswith(f"{stack.url}/seguimiento/")

    citizen.opens(address)
    assert number in citizen.page.get_by_role("heading", level=1).inner_text()
    assert citizen.status() == "En camino"
    assert [title for title, *_ in citizen.lines()] == ["Documento presentado", "Listo para salir hacia IGP"]
    assert "SERNANP" in citizen.reads("En")
    citizen.assert_fits()

    stack.start("worker-0")
    citizen.waits_for("Entregado")
    assert citizen.current_station() == "Recibido"
    stack.control("igp", hold_registration=False)
    citizen.waits_for("Con respuesta")

    theirs = [held for held in stack.held("igp") if len(held["sha256s"]) == 2 and held["registry_number"]][-1]
    assert theirs["registry_number"] in citizen.reads("Registro en IGP")
    assert citizen.reads("Expediente en IGP").startswith("IGP-")
    lines = citizen.lines()
    assert [title for title, *_ in lines] == [
        "Documento presentado", "Listo para salir hacia IGP",
        "IGP lo tiene", "IGP lo registró", "IGP lo está atendiendo", "IGP respondió",
    ]  # fmt: skip
    assert [said for _, _, said, _ in lines] == [
        "Lo anotó la mesa de partes de SERNANP", "Lo anotó el sistema",
        *["Lo informó: Instituto Geofísico del Perú"] * 4,
    ]  # fmt: skip
    assert before <= lines[0][1] and [line[1] for line in lines] == sorted(line[1] for line in lines)
    times = citizen.page.locator(".mesa-event__meta time").all_inner_texts()
    assert all("hora oficial del Perú" in at for at in times)
    assert any("Oficina de Atención de Trámites" in text for text in lines[4][3])
    assert "Última noticia: hace" in citizen.page.inner_text("main")
    citizen.assert_fits()


def test_a_failed_delivery_is_found_on_the_board_and_sent_again(stack, browse, clerk, citizen):
    stack.control("senace", fail=1000)
    clerk.receives("senace", "Pide copia de la certificación ambiental")
    number, address = clerk.number, clerk.qr()
    citizen.opens(address).waits_for("En camino, con demora")
    stack.control("senace", fail=0)

    admin = Administrator(browse(1280), stack.url).sign_in(ADMIN)
    admin.searches("igp", "failed")
    assert number not in admin.page.inner_text("main")
    admin.searches("senace", "failed")
    assert [filing for _, filing, _ in admin.rows()] == [number]
    cuo = admin.opens_leg_of(number)
    assert admin.status() == "Detenido"
    attempts = admin.page.get_by_role("table", name="Intentos").locator("tbody tr").all_inner_texts()
    assert len(attempts) >= 2 and all("Falló" in attempt for attempt in attempts)
    admin.page.get_by_text("Ver la respuesta tal como llegó").first.click()
    assert "Error interno del servidor" in admin.page.locator(".mesa-raw:visible").first.inner_text()

    admin.page.get_by_label("Por qué").fill("SENACE avisa que su sistema ya responde")
    admin.page.get_by_label("Lo confirmo: el destino").check()
    admin.press("Enviar otra vez")
    expect(admin.page.locator("main")).to_contain_text("Está en la cola")

    citizen.waits_for("Con respuesta")
    assert "Se envía otra vez a SENACE" in [title for title, *_ in citizen.lines()]
    admin.page.goto(f"{stack.url}/envios/{cuo}")
    assert "SENACE avisa que su sistema ya responde" in admin.page.inner_text("main")
    assert admin.page.get_by_role("table", name="Intentos").get_by_text("Lo tiene").count() == 1
    assert admin.page.get_by_text("Ver el mensaje tal como llegó").count() == 3, "cargo, in process, answered"
    [held] = [one for one in stack.held("senace") if one["cuo"] == cuo]
    assert held["times_received"] == 1


def test_a_body_without_a_system_registers_it_in_its_inbox(stack, browse, clerk, citizen):
    clerk.receives("iiap", "Pide permiso para visitar el jardín botánico", annexes=[("Lista.pdf", a_pdf(1))])
    number = clerk.number
    citizen.opens(clerk.qr()).waits_for("Entregado")

    officer = Officer(browse(1280), stack.url).sign_in(OFFICER).opens_filing(number)
    assert officer.page.locator(".mesa-files li").count() == 2
    registered = officer.registers("Dirección de Investigación")
    citizen.waits_for("Registrado")
    assert registered in citizen.reads("Registro en IIAP")
    officer.tells("Respondido", "Dirección de Investigación")
    citizen.waits_for("Con respuesta")
    title, _, said, _ = citizen.lines()[3]
    assert title == "IIAP lo registró" and said.endswith("Instituto de Investigaciones de la Amazonía Peruana")


def test_all_of_it_works_without_javascript(stack, browse):
    clerk = Clerk(browse(1280, script=False), stack.url).sign_in(CLERK)
    clerk.receives("iiap", "Pide los datos del río Nanay")
    number, key = clerk.number, clerk.key
    citizen = Citizen(browse(360, script=False), stack.url).looks_up(number, key).waits_for("Entregado")

    officer = Officer(browse(360, script=False), stack.url).sign_in(OFFICER).opens_filing(number)
    officer.registers("Dirección de Investigación")
    citizen.waits_for("Registrado")

    admin = Administrator(browse(1280, script=False), stack.url).sign_in(ADMIN)
    admin.searches("iiap", "registered").opens_leg_of(number)
    assert admin.status() == "Registrado"


def test_the_constancia_opens_as_a_pdf(stack, clerk):
    clerk.receives("igp", "Pide una constancia")
    path = clerk.page.get_by_role("button", name="Abrir la constancia en PDF").get_attribute("href")
    answer = clerk.page.request.get(f"{stack.url}{path}")
    assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")
