"""Every picture of the README and of the manual, from the real thing: `python -m tests.journeys.pictures [folder]`.

Written to docs/pictures; takes about three minutes. A sector with a morning's work in it: filings at several
institutions, one that fails, one that does not answer. The ten main pages and those of the manual are
tests/journeys/main_pages.py, which also runs alone, in one minute.
"""

import io
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.journeys import main_pages
from tests.journeys.conftest import chromium_path
from tests.journeys.people import Administrator, Citizen, Clerk, Officer
from tests.stack import ADMIN, CLERK, OFFICER, ROOT, Stack

MINAM = "recepcion@minam.example"
MORNING = (
    (CLERK, "senace", "Pide copia de la certificación ambiental de una línea", "Paredes Luque, Jorge", "08123457"),
    (MINAM, "iiap", "Pide permiso para visitar el jardín botánico", "Tuesta Vargas, Nelly", "05381122"),
    (CLERK, "senamhi", "Pide las lluvias de Piura de enero y febrero", "Castro Neira, Luz", "02845516"),
    (CLERK, "senamhi", "Pide el caudal del río Santa en Condorcerro", "Rojas Milla, Pedro", "31662048"),
    (MINAM, "senamhi", "Pide el pronóstico estacional para la sierra sur", "Mamani Choque, Rufina", "01287740"),
    (CLERK, "senamhi", "Pide la rosa de vientos de Paracas", "Salazar Yep, Martín", "21455093"),
    (MINAM, "senamhi", "Pide los datos de la estación Huayao", "Inga Poma, Delia", "20034417"),
    (CLERK, "oefa", "Denuncia vertimientos en la quebrada Honda", "Flores Ticona, Saúl", "40117728"),
    (CLERK, "iiap", "Pide los datos del río Nanay", "Pinedo Ríos, Carla", "05214403"),
    (MINAM, "igp", "Pide el mapa de peligro sísmico de Matucana", "Huamán Rojas, Iván", "09711836"),
    (CLERK, "igp", "Pide los registros del sismo de Lomas", "Quispe Ñahui, Ana", "10117410"),
)
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 900}}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    pace = ("--register-after=2", "--process-after=3", "--answer-after=3600")
    settings = {"MESA_RETRY_FOR": "1", "MESA_BREAKER_OPEN": "900", "MESA_BREAKER_OPEN_AT_MOST": "900"}
    codes = ("igp", "senamhi", "senace", "oefa")
    with tempfile.TemporaryDirectory(prefix="mesa-pictures-") as data, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        with Stack(Path(data), settings=settings, codes=codes, sandbox_flags=pace, fast_database=True) as stack:
            take_pictures(stack, chromium, folder)
        chromium.close()
    main_pages.main(folder)


def take_pictures(stack, chromium, folder):
    stack.control("senace", fail=100)
    stack.control("senamhi", fail=100)
    stack.control("oefa", observe_next="Falta señalar el lugar exacto y la fecha de los hechos.")
    clerks = {email: Clerk(a_page(chromium, DESK), stack.url).sign_in(email) for email in (CLERK, MINAM)}
    stack.kill("worker-0")  # the morning waits, so that all of it leaves together
    numbers = []
    for email, destination, subject, names, dni in MORNING:
        clerk = clerks[email].receives(destination, subject, names=names, dni=dni)
        numbers.append(clerk.number)
    save(whole(clerk.page), folder / "constancia.png")
    stack.start("worker-0")

    citizen = Citizen(a_page(chromium, PHONE), stack.url).opens(clerk.qr()).waits_for("En atención")
    officer = Officer(a_page(chromium, DESK), stack.url).sign_in(OFFICER).opens_filing(numbers[1])
    officer.registers("Dirección de Investigación")
    admin = Administrator(a_page(chromium, DESK), stack.url).sign_in(ADMIN)
    wait_until_calm(admin)
    save(dashboard(admin.page, stack.url), folder / "tablero.png")
    citizen.page.reload()
    save(both_ends(citizen.page), folder / "seguimiento.png")


def a_page(chromium, screen):
    page = chromium.new_context(locale="es-PE", timezone_id="America/Lima", **screen).new_page()
    page.set_default_timeout(30_000)
    return page


def wait_until_calm(admin, seconds=60):
    """Until what can be registered is, and what cannot be sent has stopped."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        admin.searches()
        text = " ".join(line for *_, line in admin.rows())
        if "Detenido" in text and "Observado" in text and "Enviando" not in text and text.count("Registrado") >= 3:
            return
        time.sleep(1)
    raise AssertionError(f"the morning did not come to rest: {text}")


def whole(page):
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def dashboard(page, url):
    """The dashboard of a minute ago, when the worker has added up what was filed; its first screens."""
    page.goto(f"{url}/tablero")
    page.locator(".mesa-flow path").nth(5).wait_for(state="attached", timeout=60_000)
    picture = whole(page)
    return picture.crop((0, 0, picture.width, min(picture.height, 1800)))


def both_ends(page):
    """The drawn line beside the list of what happened: the page is long, and its data stand between them."""
    picture, gap = whole(page), 48
    scale = picture.width / page.viewport_size["width"]
    data, happened, end = (
        int(page.get_by_text(text, exact=True).first.bounding_box()["y"] * scale)
        for text in ("Datos del trámite", "Lo que ha pasado", "Actualizar esta página")
    )
    parts = [picture.crop((0, 0, picture.width, data - 16)), picture.crop((0, happened - 24, picture.width, end))]
    joined = Image.new("RGB", (picture.width * 2 + gap, max(part.height for part in parts)), "white")
    for place, part in enumerate(parts):
        joined.paste(part, (place * (picture.width + gap), 0))
    return joined


def save(picture, path, most_bytes=300_000):
    """In few colours, which is plenty for a README."""
    path.unlink(missing_ok=True)
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size < most_bytes, f"{path} has {path.stat().st_size} bytes"
    print(f"{path}  {picture.width} x {picture.height}  {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
