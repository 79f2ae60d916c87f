"""A citizen registers, files, tracks and takes the list away, on a telephone and on a desk, with script and without."""

import io
from zipfile import ZipFile

from tests.journeys.citizens import Citizen
from tests.journeys.pages import WITHOUT_SCRIPT
from tests.web.account import PASSWORD, Holder


@WITHOUT_SCRIPT
def test_register_file_track_export(house, house_url, browse, width, script):
    citizen, holder = Citizen(browse(width, script=script), house_url), Holder(house)
    registers(citizen, holder)
    number = files(citizen, script)
    page = citizen.open("/mis-tramites")
    assert citizen.is_whole()
    page.get_by_role("link", name=number).click()
    citizen.press("Ver por dónde va")
    citizen.heading(f"Trámite {number}")
    assert "En camino" in page.locator("main").inner_text()
    exports(citizen, number)
    page.get_by_role("button", name="Salir").click()
    assert "Presentar un documento" in citizen.heading("Presentar un documento").locator("main").inner_text()


def registers(citizen, holder):
    page = citizen.open("/cuenta/crear")
    page.get_by_label("Correo").fill(holder.email)
    citizen.press("Enviarme el enlace")
    citizen.heading("Revisa tu correo")
    assert citizen.is_whole()
    citizen.open(holder.link())
    page.get_by_label("Número", exact=True).fill("10117410")
    page.get_by_label("Tus apellidos y nombres").fill("Quispe Ñahui, Ana")
    page.locator("[name=new_password]").fill(PASSWORD)
    citizen.press("Crear mi cuenta")
    citizen.heading("Ver mis trámites")
    assert citizen.is_whole()


def files(citizen, script):
    citizen.chooses("geofisico", "IGP")
    citizen.wants()
    citizen.describes("Pide los registros del sismo de Lomas")
    citizen.attaches(script)
    return citizen.sends()[0]


def exports(citizen, number):
    page = citizen.open("/mis-tramites")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Descargar en Excel").click()
    content = waiting.value.path().read_bytes()
    with ZipFile(io.BytesIO(content)) as archive:
        assert number in archive.read("xl/worksheets/sheet1.xml").decode()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Descargar en CSV").click()
    assert number in waiting.value.path().read_text("utf-8-sig")
