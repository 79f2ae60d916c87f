"""A clerk takes a filing in under two minutes by keyboard alone: Tab, arrows, Enter, and what they type."""

import re
import time

import pytest

from tests.fixtures.house import CLERK, a_pdf
from tests.journeys.pages import DESK, Visit

SECONDS, TABS = 120, 60


class Hands:
    """Two hands on a keyboard: they see which field they are on, and count how often they press Tab."""

    def __init__(self, page):
        self.page, self.keys, self.tabs = page, page.keyboard, 0

    def here(self):
        """The name, or else the words, of what has the focus."""
        return self.page.evaluate("(one => one.name || one.innerText.trim())(document.activeElement)")

    def rests_on(self, wanted):
        """The page put the focus there by itself, as soon as it was whole."""
        self.page.locator(f":focus:is({wanted})").wait_for()
        return self

    def tab_to(self, wanted):
        for _ in range(TABS):
            if re.search(wanted, self.here()):
                return self
            self.keys.press("Tab")
            self.tabs += 1
        raise AssertionError(f"{wanted} was not reached; now at {self.here()}")

    def types(self, field, text):
        self.tab_to(f"^{field}$")
        self.keys.press("Control+A")
        self.keys.type(text)


@pytest.fixture
def hands(browse, house_url):
    visit = Visit(browse(DESK), house_url)
    visit.sign_in(CLERK)
    yield Hands(visit.open("/mesa-de-partes"))
    assert visit.faults == []


def chooses_a_file(hands, label):
    with hands.page.expect_file_chooser() as chooser:
        hands.tab_to(label)
        hands.keys.press("Enter")
    chooser.value.set_files([{"name": "solicitud.pdf", "mimeType": "application/pdf", "buffer": a_pdf(4)}])


def test_a_filing_is_taken_without_a_mouse_in_under_two_minutes(house, hands):
    began = time.monotonic()
    hands.rests_on("a[href='/mesa-de-partes/recepcion']")  # the day begins there
    hands.keys.press("Enter")
    hands.page.get_by_role("heading", name="Recibir un documento").wait_for()
    hands.tab_to("^destination$")
    hands.keys.type("IGP")
    hands.types("document_number_of_person", "10117410")
    hands.types("names", "Quispe Ñahui, Ana")
    hands.types("subject", "Pide los registros del sismo de Lomas")
    hands.types("folios", "2")
    chooses_a_file(hands, "(main_document|Elegir archivo)")
    hands.tab_to("Recibir y dar constancia")
    hands.keys.press("Enter")
    hands.page.get_by_role("heading", name="Constancia de presentación").wait_for()
    number = hands.page.locator(".mesa-receipt__number").inner_text().strip()
    assert house.filing(number)[1][0].pages == 4
    hands.tab_to("Abrir la constancia en PDF")
    hands.tab_to("Tira de 80 mm")
    assert hands.tabs < TABS
    assert time.monotonic() - began < SECONDS


def test_the_next_one_is_a_few_keys_away(hands):
    hands.keys.press("Enter")
    hands.page.get_by_role("heading", name="Recibir un documento").wait_for()
    hands.rests_on("[name=destination]")
