"""What visitors do in a browser, for the journeys over the application alone (fixture `house_url`)."""

import os
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Error

from tests.fixtures.house import PASSWORD, a_pdf

PHONE, DESK = 360, 1280
IS_WHOLE = bool(os.environ.get("MESA_WHOLE"))


def walked(width, script):
    """The way a journey is walked with every change; `make journeys` walks it on a desk and on a telephone with script
    and on a telephone without, where each page is looked at in both widths: nothing but the style knows how wide it is.
    """
    ways = [(DESK, True), (PHONE, False), (PHONE, True)] if IS_WHOLE else [(width, script)]
    return pytest.mark.parametrize(("width", "script"), ways)


ON_A_DESK, WITHOUT_SCRIPT = walked(DESK, True), walked(PHONE, False)


def pdf(name, pages=2):
    """A file to choose in a form."""
    return {"name": name, "mimeType": "application/pdf", "buffer": a_pdf(pages)}


def fits(page):
    """Nothing is cut off at the right.

    A click returns when the next page was committed, which may still be without a root element, or before: where the
    page goes away under the question, the one that follows is asked.
    """
    for _ in range(5):
        try:
            page.locator("h1").first.wait_for()
            return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        except Error as error:
            if "context was destroyed" not in error.message and "null" not in error.message:
                raise
    raise AssertionError(f"{page.url} does not come to rest")


def fits_a_desk(page):
    """The same page for a moment on a wide screen."""
    was = page.viewport_size
    page.set_viewport_size({"width": DESK, "height": 900})
    try:
        return fits(page)
    finally:
        page.set_viewport_size(was)


def entered(page, url, email, onward):
    """Somebody of the staff signs in on the way to a page, and stands on it."""
    page.goto(f"{url}/ingresar?next={onward}")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{onward}")
    return page


class Visit:
    """A visitor's page at one address of the house; notes what the browser complains of."""

    def __init__(self, page, url):
        self.page, self.url, self.faults, self.has_script = page, url, [], page.context.has_script
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._note)

    def _note(self, said):
        if said.type == "error" and "status of 4" not in said.text:
            self.faults.append(said.text)

    def open(self, path):
        self.page.goto(urljoin(self.url, path))
        return self.page

    def sign_in(self, email):
        """By the form, and wait for the page behind it."""
        page = self.open("/ingresar")
        page.get_by_label("Correo institucional").fill(email)
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Ingresar").click()
        page.get_by_role("button", name="Salir").wait_for()
        return page

    def fill_filing(self, destination="igp", main=True, **changes):
        """What a clerk types for a walk-in citizen; `changes` by field name."""
        page = self.open("/mesa-de-partes/recepcion")
        page.locator("[name=destination]").select_option(destination)
        typed = {
            "document_number_of_person": "10117410",
            "names": "Quispe Ñahui, Ana",
            "subject": "Pide los registros del sismo de Lomas",
            "folios": "3",
        } | changes
        for name, text in typed.items():
            page.locator(f"[name={name}]").fill(text)
        if main:
            page.locator("input[name=main_document]").set_input_files(pdf("Solicitud N° 1 – Ñahui.pdf"))
        return page

    def submit(self):
        self.page.get_by_role("button", name="Recibir y dar constancia").click()

    def is_whole(self):
        """Nothing is cut off at the right, and the browser complained of nothing."""
        return fits(self.page) and (self.has_script or fits_a_desk(self.page)) and self.faults == []

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def goes_to(self, name):
        """By the menu, which script folds away on a telephone."""
        self.page.wait_for_load_state("load")
        menu = self.page.get_by_role("button", name="Menú", exact=True)
        if menu.is_visible():
            menu.click()
        self.page.get_by_role("link", name=name, exact=True).click()

    def reads(self, text):
        """Waits for words on the page, and looks whether all of it is seen."""
        self.page.get_by_text(text).first.wait_for()
        assert self.is_whole(), self.page.url
        return self.page

    def heading(self, name):
        self.page.get_by_role("heading", name=name, level=1).wait_for()
        return self.page


def opens_listed(page, number):
    """Turns the pages of a list until the number is there, as a person does, and opens it."""
    link = page.get_by_role("link", name=number)
    page.wait_for_load_state("domcontentloaded")
    while not link.count():
        page.locator("a[rel=next]").click()
        page.wait_for_load_state("domcontentloaded")
    link.click()
