"""An officer of a body without a system registers a filing in the hub's inbox, and the citizen sees it."""

import pytest

from tests.fixtures.house import OFFICER
from tests.journeys.pages import DESK, PHONE, Visit


@pytest.mark.parametrize(("width", "script"), [(DESK, True), (PHONE, False)])
def test_from_the_inbox_to_the_citizens_page(house, house_url, clerk, browse, width, script):
    number = clerk.filed(destination="iiap")
    house.say(house.leg(number).cuo)
    officer = Visit(browse(width, script=script), house_url)
    page = officer.sign_in(OFFICER)
    page.get_by_role("link", name=number).click()
    assert officer.is_whole()
    with page.expect_download() as download:
        page.get_by_role("link", name="solicitud.pdf").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_label("Registrarlo").check()
    page.get_by_label("Oficina que lo atenderá (opcional)").fill("Archivo")
    page.get_by_role("button", name="Guardar y avisar").click()
    page.get_by_text("Quien lo presentó ya puede verlo").wait_for()
    page.get_by_label("En atención").check()
    page.get_by_role("button", name="Guardar y avisar").click()
    page.get_by_text("IIAP lo está atendiendo").wait_for()
    assert officer.is_whole()
    citizen = Visit(browse(PHONE, script=script), house_url)
    told = citizen.open(f"/seguimiento/{house.filing(number)[0].verification_code}").locator("main").inner_text()
    assert house.leg(number).destination_registry_number in told
    assert "En atención" in told
