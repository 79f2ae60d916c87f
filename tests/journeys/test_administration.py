"""An institution moves: its new address is proposed on screen, taken along, applied with the command, and seen live."""

import pytest

from hub.cli import main
from tests.fixtures.house import ADMIN, ENTITIES
from tests.journeys.pages import DESK, IS_WHOLE, PHONE, entered
from tests.journeys.test_dashboard import SOON

NEW = "Jr. Centenario 415, Independencia"


@pytest.fixture
def machine(house, tmp_path, monkeypatch):
    """The machine of the hub, with a copy of the declared file: mesa(*arguments)."""
    file = tmp_path / "entities.yaml"
    file.write_bytes(ENTITIES.read_bytes())
    settings = house.services.settings
    for name, value in {"DATABASE_URL": settings.database_url, "MESA_DATA": settings.data, "MESA_KEYS": settings.keys,
                        "MESA_ENTITIES": str(file)}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return lambda *arguments: main(["entities", *arguments])


@pytest.mark.parametrize("width", [PHONE, *([DESK] if IS_WHOLE else [])])
def test_a_new_address_goes_from_the_screen_to_the_file_and_comes_back_live(
    house, house_url, browse, machine, capsys, tmp_path, width
):
    page = entered(browse(width), house_url, ADMIN, "/administracion")
    page.click("text=Instituciones, mesas de partes y procedimientos")
    page.click("main >> text=INAIGEM")
    page.click("main >> text=Sede central")
    page.fill("[name=address]", f"{NEW}, piso {width}")
    page.click("button:has-text('Ver el cambio')")
    page.wait_for_selector("text=Este es el cambio")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.fill("[name=reason]", "Se mudó de local")
    page.click("button:has-text('Guardar la propuesta')")
    page.wait_for_selector("text=La propuesta quedó guardada")
    with page.expect_download() as taken:
        page.click("text=Descargar el cambio")
    taken.value.save_as(tmp_path / "cambio.diff")
    address = page.url.partition("?")[0]
    assert machine("apply", str(tmp_path / "cambio.diff")) == 0, capsys.readouterr().err
    page.goto(address)
    page.wait_for_selector("text=Aplicada: el archivo ya lo dice", timeout=SOON)
    page.goto(f"{house_url}/instituciones/inaigem")
    page.wait_for_selector(f"text={NEW}, piso {width}", timeout=SOON)
