"""Somebody without an account files from home, on a telephone or a desk, with script or without, and follows it."""

import re
import time

import pytest

from tests.fixtures.house import a_pdf
from tests.journeys.pages import DESK, PHONE, Visit
from tests.web.citizen import Filer

SIZES = [(DESK, True), (PHONE, True), (PHONE, False), (DESK, False)]
MAIN = {"name": "Solicitud N° 1 – Ñahui.pdf", "mimeType": "application/pdf"}
ANNEX = {"name": "plano de la quebrada.dwg", "mimeType": "application/octet-stream"}


class Citizen(Visit):
    """Counts the pages that asked for something, and checks that each one fits the screen."""

    def __init__(self, page, url):
        super().__init__(page, url)
        self.asked = 0

    def press(self, name="Guardar y continuar"):
        assert self.is_whole(), self.page.url
        self.asked += 1
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def heading(self, name):
        self.page.get_by_role("heading", name=name, level=1).wait_for()
        return self.page

    def chooses(self, text, acronym):
        page = self.open("/")
        page.get_by_role("button", name="Presentar un documento").click()
        page.get_by_label("Busca por nombre").fill(text)
        page.get_by_role("button", name="Buscar").click()
        self.asked += 1
        page.get_by_role("link", name=re.compile(acronym)).click()
        assert self.is_whole()
        page.get_by_role("button", name="Empezar ahora").click()

    def says_who(self):
        page = self.heading("Decir quién lo presenta")
        page.get_by_label("Yo, a mi nombre").check()
        page.get_by_label("Número", exact=True).fill("10117410")
        page.get_by_label("Tus apellidos y nombres").fill("Quispe Ñahui, Ana")
        self.press()

    def proves(self, house, email):
        page = self.heading("Decir cómo ubicarte")
        page.get_by_label("Correo").fill(email)
        self.press()
        self.heading("Comprobar tu correo")
        page.get_by_label("Código de 6 dígitos").fill(Filer(house).code(email))
        self.press()

    def describes(self, subject):
        page = self.heading("Describir el documento")
        page.get_by_label("Asunto").fill(subject)
        self.press()

    def attaches(self, script):
        page = self.heading("Adjuntar los archivos")
        page.locator("input[name=main_document]").set_input_files([MAIN | {"buffer": a_pdf(7)}])
        if script:  # each goes up as soon as it is chosen
            page.get_by_text("7 páginas").wait_for()
        page.locator("input[name=annexes]").set_input_files([ANNEX | {"buffer": b"AC1032" * 90_000}])
        if not script:
            page.get_by_role("button", name="Guardar y continuar").click()
        page.get_by_text("540.00 kB").wait_for()
        self.press()

    def sends(self):
        page = self.heading("Revisar y enviar")
        assert "se considera presentado" in page.locator("main").inner_text()
        page.get_by_label("Declaro que lo que digo es verdad").check()
        self.press("Enviar mi documento")
        self.heading("Tu documento quedó presentado")
        assert self.is_whole()
        return page.locator(".mesa-receipt__number").inner_text(), page.locator(".mesa-receipt__key").inner_text()


@pytest.fixture
def citizen(browse, house_url):
    return lambda width=DESK, script=True: Citizen(browse(width, script=script), house_url)


@pytest.mark.parametrize(("width", "script"), SIZES)
def test_from_home_to_the_constancia_and_its_page(house, citizen, width, script):
    filer, began = citizen(width, script), time.monotonic()
    filer.chooses("geofisico", "IGP")
    filer.heading("Decir para qué lo presentas").get_by_label("Pedir otra cosa").check()
    filer.press()
    filer.says_who()
    filer.proves(house, f"ana.{width}.{script}@ejemplo.pe".lower())
    filer.describes("Pide los registros del sismo de Lomas")
    filer.attaches(script)
    number, key = filer.sends()
    assert filer.asked == 8
    assert time.monotonic() - began < 600
    _, documents, _ = house.filing(number)
    assert [(one.file_name, one.pages) for one in documents] == [(MAIN["name"], 7), (ANNEX["name"], None)]
    paper = filer.page.context.request.get(f"{filer.url}/presentar/listo/constancia.pdf")
    assert paper.body().startswith(b"%PDF")
    told = follows(citizen(PHONE, script), number, key)
    assert "En camino" in told and "Quispe" not in told


def follows(citizen, number, key):
    page = citizen.open("/seguimiento")
    page.get_by_label("Número de trámite").fill(number)
    page.get_by_label("Clave de seguimiento").fill(key)
    page.get_by_role("button", name="Ver mi trámite").click()
    page.get_by_role("heading", name=f"Trámite {number}").wait_for()
    assert citizen.is_whole()
    return page.locator("main").inner_text()


def test_a_procedure_with_a_fee_shows_what_it_asks_and_takes_what_there_is(house, citizen):
    filer = citizen(PHONE)
    filer.chooses("igp", "IGP")
    page = filer.heading("Decir para qué lo presentas")
    page.get_by_label("Informe de sismicidad de un lugar").check()
    page.get_by_label("Número y fecha del comprobante de pago").last.fill("0012345 del 20/11/2026")
    filer.press()
    filer.says_who()
    filer.proves(house, "con.tasa@ejemplo.pe")
    filer.describes("Pide el informe de sismicidad de Matucana")
    filer.attaches(script=True)
    assert "No marcaste" in page.locator("main").inner_text()
    number, _ = filer.sends()
    filing, _, _ = house.filing(number)
    assert filing.procedure["name"] == "Informe de sismicidad de un lugar"
    assert "Comprobante de pago: 0012345 del 20/11/2026" in filing.additional_information


def test_what_was_typed_is_there_after_the_browser_was_closed(house, house_url, browse, citizen):
    filer = citizen(PHONE)
    filer.chooses("igp", "IGP")
    filer.heading("Decir para qué lo presentas").get_by_label("Pedir otra cosa").check()
    filer.press()
    filer.says_who()
    kept = [one for one in filer.page.context.cookies() if one["expires"] > time.time()]  # the others end with it
    page = browse(PHONE)
    page.context.add_cookies(kept)
    again = Citizen(page, house_url)
    again.open("/presentar").get_by_role("link", name="Seguir donde lo dejaste").click()
    page.get_by_role("link", name="Decir quién lo presenta").click()
    assert page.get_by_label("Tus apellidos y nombres").input_value() == "Quispe Ñahui, Ana"


def test_an_upload_goes_on_after_the_line_was_cut(house, citizen):
    filer = citizen(PHONE)
    page = filer.open("/presentar/minam")
    page.get_by_role("button", name="Empezar ahora").click()
    filer.open("/presentar/borrador/archivos")
    content, seen = bytes(range(256)) * 40_000, []

    def cut(route):
        seen.append(route.request.headers["upload-offset"])
        route.abort() if len(seen) in (2, 3) else route.continue_()

    page.route(re.compile("/presentar/archivos/"), lambda route: cut(route) if route.request.method == "PATCH"
               else route.continue_())  # fmt: skip
    page.locator("input[name=annexes]").set_input_files([ANNEX | {"buffer": content}])
    page.get_by_text("se cortó la conexión").wait_for()
    page.get_by_text("10.24 MB").wait_for()
    assert seen == ["0", "4194304", "4194304", "4194304", "8388608"]


def test_what_the_server_refuses_is_said_beside_the_file(citizen):
    filer = citizen(PHONE)
    filer.open("/presentar/igp").get_by_role("button", name="Empezar ahora").click()
    page = filer.open("/presentar/borrador/archivos")
    page.locator("input[name=main_document]").set_input_files([MAIN | {"buffer": b"no soy un pdf"}])
    page.get_by_text("no es un PDF").wait_for()
    assert filer.is_whole()
