"""Files go up as they are chosen, in pieces that outlive a cut line; what is wrong with one is said beside it."""

import re

import pytest

from tests.journeys.citizens import ANNEX, MAIN, Citizen
from tests.journeys.pages import PHONE, pdf

MB = 1024 * 1024


@pytest.fixture
def filer(browse, house_url):
    return Citizen(browse(PHONE), house_url)


def test_an_upload_goes_on_after_the_line_was_cut(filer):
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
    offsets = [int(offset) for offset in seen]
    assert offsets[:4] == [0, 4 * MB, 4 * MB, 4 * MB]
    assert offsets[4:] == sorted(set(offsets[4:])), "what came in is not sent again"
    assert 4 * MB < offsets[4] < 8 * MB, "after two cuts the pieces are smaller"


def test_what_the_server_refuses_is_said_beside_the_file(filer):
    filer.open("/presentar/igp").get_by_role("button", name="Empezar ahora").click()
    page = filer.open("/presentar/borrador/archivos")
    page.locator("input[name=main_document]").set_input_files([pdf(MAIN) | {"buffer": b"no soy un pdf"}])
    page.get_by_text("no es un PDF").wait_for()
    assert filer.is_whole()
