"""An open dashboard: it tells of what stops while it is looked at, and a telephone narrows it to a leg."""

from tests.fixtures.house import ADMIN
from tests.journeys.pages import entered
from tests.web.test_sector import fail

SOON = 25_000


def opened(browse, house_url, width):
    return entered(browse(width), house_url, ADMIN, "/tablero")


def test_what_stops_is_told_without_reloading_and_helped_from_there(house, house_url, clerk, browse):
    clerk.filed(destination="senace")
    page = opened(browse, house_url, 1280)
    page.evaluate("window.isTheSamePage = true")
    page.click("text=Ver lo mismo como tabla")
    number = clerk.filed(destination="oefa")
    fail(house, number)
    page.wait_for_selector(f"#stopped >> text={number}", timeout=SOON)
    assert page.evaluate("window.isTheSamePage")
    page.wait_for_selector("#recorrido-tabla[open] td[data-label=OEFA] >> text=1 espera")
    assert page.locator("#recorrido-tabla > summary:focus").count(), "who reads the table stays where they were"
    page.check(f"#stopped li:has-text('{number}') input")
    page.click("#stopped button:has-text('Enviar otra vez')")
    page.fill("[name=reason]", "La institución ya lo puede leer")
    page.click("main form button")
    page.wait_for_selector("text=Hecho con 1 documento")


def test_a_telephone_narrows_it_to_a_leg_by_the_table(house, house_url, clerk, browse):
    fail(house, clerk.filed(destination="oefa"))
    page = opened(browse, house_url, 360)
    page.click("text=Ver lo mismo como tabla")
    page.click(".mesa-matrix tbody tr:has-text('SERNANP') td[data-label=OEFA] a")
    page.wait_for_selector("text=Todo lo de abajo es solo de")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("text=Ver todo")
    page.wait_for_url("**/tablero")
