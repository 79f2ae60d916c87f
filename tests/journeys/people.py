"""The people of the journeys, each with a page of their own: what they do, in the words on the screen."""

import io
import re
import time
from datetime import datetime
from uuid import uuid4

import pikepdf
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.pages import fits
from tests.stack import PASSWORD


def a_pdf(pages=2):
    """A PDF that opens, unlike every other."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    pdf.docinfo["/Title"] = uuid4().hex
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


class Person:
    def __init__(self, page, url):
        self.page, self.url = page, url

    def sign_in(self, email):
        self.page.goto(f"{self.url}/ingresar")
        self.page.get_by_label("Correo institucional").fill(email)
        self.page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
        self.press("Ingresar")
        expect(self.page.get_by_role("button", name="Salir")).to_be_visible()
        return self

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def status(self):
        """The tag at the head of the page."""
        return self.page.locator("main .govuk-tag").first.inner_text()

    def reads(self, term):
        """What stands beside a term of a list of data."""
        row = self.page.locator(".govuk-summary-list__row", has=self.page.get_by_text(term, exact=True))
        return row.locator("dd").inner_text()

    def assert_fits(self):
        """Nothing makes the page wider than the screen."""
        assert fits(self.page), self.page.url


class Clerk(Person):
    def receives(self, destination, subject, *, names="Quispe Ñahui, Ana", dni="10117410", annexes=(), **more):
        """Fill the form in and send it; the page of the constancia follows. `more`: label -> what is typed."""
        page = self.page
        page.get_by_role("link", name="Mi mesa de partes", exact=True).click()
        page.get_by_role("button", name="Recibir un documento").click()
        page.get_by_label("Institución de destino").select_option(destination)
        page.get_by_label("Documento de identidad").select_option("dni")
        page.get_by_label("Número", exact=True).fill(dni)
        page.get_by_label("Apellidos y nombres").fill(names)
        page.get_by_label("Tipo de documento").select_option("solicitud")
        page.get_by_label("Asunto", exact=True).fill(subject)
        page.get_by_label("Folios").fill("3")
        for label, text in more.items():
            page.get_by_label(label).fill(text)
        main = {"name": "Solicitud de la señora Ñahui.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
        page.locator("input[type=file][name=main_document]").set_input_files(main)
        annexed = [{"name": name, "mimeType": "application/pdf", "buffer": content} for name, content in annexes]
        page.locator("input[type=file][name=annexes]").set_input_files(annexed)
        self.press("Recibir y dar constancia")
        expect(page.get_by_role("heading", name="Constancia de presentación")).to_be_visible()
        return self

    @property
    def number(self):
        return self.page.locator(".mesa-receipt__number").inner_text()

    @property
    def key(self):
        return self.page.locator(".mesa-receipt__key").inner_text()

    def qr(self):
        """What a telephone's camera reads from the screen."""
        shot = self.page.get_by_role("img", name="Código QR").screenshot()
        [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(shot)).convert("L"))
        return code.text


class Citizen(Person):
    def opens(self, address):
        self.page.goto(address)
        return self

    def looks_up(self, number, key):
        """By hand, from the words of the constancia."""
        self.page.goto(f"{self.url}/seguimiento")
        self.page.get_by_label("Número de trámite").fill(number)
        self.page.get_by_label("Clave de seguimiento").fill(key)
        self.press("Ver mi trámite")
        return self

    def waits_for(self, status, seconds=40):
        """Open the page again and again, until it says so."""
        ends, seen = time.monotonic() + seconds, []
        while (said := self.status()) != status:
            seen = seen if said in seen else [*seen, said]
            assert time.monotonic() < ends, f"{status} was not seen, only {seen}"
            time.sleep(0.2)
            self.page.reload()
        return self

    def lines(self):
        """(what happened, when, who says it, the details), oldest first."""
        return [self._line(item) for item in reversed(self.page.locator(".mesa-event").all())]

    def _line(self, item):
        at, said = item.locator(".mesa-event__meta").all()
        details = [text.inner_text() for text in item.locator(".mesa-event__text").all()]
        instant = datetime.fromisoformat(at.locator("time").get_attribute("datetime"))
        return item.locator(".mesa-event__title").inner_text(), instant, said.inner_text(), details

    def current_station(self):
        return self.page.locator(".mesa-station[aria-current] .mesa-station__name").inner_text().splitlines()[0].strip()


class Officer(Person):
    def opens_filing(self, number):
        self.page.get_by_role("link", name="Bandeja").click()
        self.page.get_by_role("link", name=number).click()
        expect(self.page.get_by_role("heading", name="Documentos", exact=True)).to_be_visible()
        return self

    def registers(self, unit):
        self.page.get_by_label("Registrarlo").check()
        self.page.get_by_label("Oficina que lo atenderá").fill(unit)
        self.press("Guardar y avisar")
        expect(self.page.get_by_text("Quien lo presentó ya puede verlo")).to_be_visible()
        return self.page.locator("main p .mesa-number").first.inner_text()

    def tells(self, movement, unit):
        self.page.get_by_label(movement, exact=True).check()
        self.page.get_by_label("Oficina que lo atiende").fill(unit)
        self.press("Guardar y avisar")
        expect(self.page.get_by_text("Quien lo presentó ya puede verlo")).to_be_visible()


class Administrator(Person):
    def searches(self, institution="", state=""):
        self.page.get_by_role("link", name="Envíos", exact=True).click()
        self.page.get_by_label("Institución", exact=True).select_option(institution)
        self.page.get_by_label("Estado", exact=True).select_option(state)
        with self.page.expect_navigation():
            self.press("Buscar")
        return self

    def rows(self):
        """(CUO, number of the filing, the whole line) of what the board lists."""
        found = []
        for row in self.page.locator(".mesa-cards tbody tr").all():
            text = row.inner_text()
            found.append((row.locator("th").inner_text(), re.search(r"\d{4}-\d{7}-\d", text)[0], text))
        return found

    def opens_leg_of(self, number):
        [cuo] = [cuo for cuo, filing, _ in self.rows() if filing == number]
        self.page.get_by_role("link", name=cuo).click()
        expect(self.page.get_by_role("heading", name=f"Envío {cuo}")).to_be_visible()
        return cuo
