"""The main pages at 1280 and 360 pixels, and those of the manual: `python -m tests.journeys.main_pages [folder]`.

Written to docs/pictures as `<page>-1280.png` and `<page>-360.png`, in few colours. Needs Chromium; takes a minute.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from hub.embedded import postgres
from hub.models.schema import migrate
from tests.fixtures.database import engine_for
from tests.fixtures.house import make_house
from tests.fixtures.http import serving
from tests.journeys.conftest import HEIGHTS, chromium_path
from tests.journeys.morning import a_morning
from tests.ports import free_port
from tests.stack import ROOT
from tests.web.test_dashboard import counted

TEN = {
    "inicio": ("nobody", "/"),
    "presentar": ("begun", "/presentar/borrador"),
    "revisar": ("ready", "/presentar/borrador/revisar"),
    "listo": ("ana", "/presentar/listo"),
    "recorrido": ("nobody", "/seguimiento/{codes[sent_on]}"),
    "mis-tramites": ("ana", "/mis-tramites"),
    "ventanilla": ("clerk", "/mesa-de-partes"),
    "bandeja": ("officer", "/bandeja"),
    "atender": ("officer", "/bandeja/{cuos[inbox]}"),
    "envios": ("admin", "/envios"),
}
"""The ten main pages: name of the picture -> (who looks at it, its address)."""
MORE = {
    "institucion": ("nobody", "/instituciones/igp"),
    "archivos": ("ready", "/presentar/borrador/archivos"),
    "observado": ("ana", "/seguimiento/{codes[observed]}"),
    "notificaciones": ("ana", "/mis-tramites/casilla"),
    "recibir": ("clerk", "/mesa-de-partes/recepcion"),
    "personas": ("coordinator", "/personal"),
    "mi-formulario": ("coordinator", "/mi-formulario"),
    "un-envio": ("admin", "/envios/{cuos[sent_on]}"),
    "tablero-sector": ("admin", "/tablero"),
    "una-institucion": ("admin", "/tablero/instituciones/igp"),
}
"""What the manual shows besides."""
MOST_BYTES = 3_000_000
"""Of all the pictures of the folder together."""
TALLEST = 2400
"""Pixels at which a long page is cut: what follows is more of the same."""


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mesa-pages-") as data:
        server = postgres.start(Path(data) / "postgres", fast=True)
        try:
            photograph(server.url, Path(data), folder)
        finally:
            server.stop()
    total = sum(one.stat().st_size for one in folder.glob("*.png"))
    print(f"{total // 1000} KB in {folder}")
    assert total < MOST_BYTES, "too heavy for a repository"


def photograph(database_url, data, folder):
    engine = engine_for(database_url)
    migrate(engine)
    engine.dispose()
    port = free_port()
    house = make_house(database_url, data, f"http://127.0.0.1:{port}")
    made = a_morning(house)
    counted(house)
    with sync_playwright() as playwright, serving(house.app, port) as url:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--lang=es-PE"])
        for name, (who, path) in (TEN | MORE).items():
            for width in HEIGHTS:
                picture = shot(chromium, made.people[who], url + path.format(codes=made.codes, cuos=made.cuos), width)
                save(picture, folder / f"{name}-{width}.png")
        chromium.close()
    house.services.live_directory.stop()
    house.engine.dispose()


def shot(chromium, visitor, address, width):
    """The whole page as this visitor sees it; nothing of it may be cut off at the right."""
    context = chromium.new_context(viewport={"width": width, "height": HEIGHTS[width]}, locale="es-PE")
    context.add_cookies([{"name": one.key, "value": one.value, "url": address}
                         for one in visitor.client._cookies.values()])  # fmt: skip
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width}"
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    context.close()
    return picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))


def save(picture, path):
    path.unlink(missing_ok=True)
    picture.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}  {picture.width} x {picture.height}  {path.stat().st_size // 1000} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
