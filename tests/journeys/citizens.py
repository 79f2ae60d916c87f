"""A citizen before the application alone (fixture `house_url`): files from home, page by page, and follows it."""

import re

from tests.journeys.pages import Visit, pdf
from tests.web.citizen import Filer

MAIN = "Solicitud N° 1 – Ñahui.pdf"
ANNEX = {"name": "plano de la quebrada.dwg", "mimeType": "application/octet-stream"}


class Citizen(Visit):
    """Counts the pages that asked for something, and checks that each one fits the screen."""

    def __init__(self, page, url):
        super().__init__(page, url)
        self.asked = 0

    def press(self, name="Guardar y continuar"):
        assert self.is_whole(), self.page.url
        self.asked += 1
        return super().press(name)

    def chooses(self, text, acronym):
        page = self.page
        page.get_by_role("button", name="Presentar un documento").click()
        page.get_by_label("Busca por nombre").fill(text)
        self.press("Buscar")
        page.get_by_role("link", name=re.compile(acronym)).click()
        assert self.is_whole()
        page.get_by_role("button", name="Empezar ahora").click()

    def wants(self, what="Pedir otra cosa"):
        self.heading("Decir para qué lo presentas").get_by_label(what, exact=True).check()
        self.press()

    def says_who(self):
        page = self.heading("Decir quién lo presenta")
        page.get_by_label("Yo, a mi nombre").check()
        self.identifies()

    def says_company(self):
        """A legal person, by its representative."""
        page = self.heading("Decir quién lo presenta")
        page.get_by_label("Una empresa u organización").check()
        page.get_by_label("RUC", exact=True).fill("20131367008")
        page.get_by_label("Razón social").fill("Minera de Prueba S.A.C.")
        page.get_by_label("En calidad de qué").fill("gerente general")
        page.get_by_label("Declaro que represento").check()
        self.identifies()

    def identifies(self):
        page = self.page
        page.get_by_label("Número", exact=True).fill("10117410")
        page.get_by_label("Tus apellidos y nombres").fill("Quispe Ñahui, Ana")
        self.press()

    def proves(self, house, email):
        page = self.heading("Decir cómo ubicarte")
        page.get_by_label("Correo").fill(email)
        self.press()
        self.heading("Comprobar tu correo")
        page.get_by_label("Código de 6 dígitos").fill(Filer(house).code(email))
        self.press()

    def describes(self, subject):
        page = self.heading("Describir el documento")
        page.get_by_label("Asunto").fill(subject)
        self.press()

    def attaches(self, script):
        page = self.heading("Adjuntar los archivos")
        page.locator("input[name=main_document]").set_input_files([pdf(MAIN, 7)])
        if script:  # each goes up as soon as it is chosen
            page.get_by_text("7 páginas").wait_for()
        page.locator("input[name=annexes]").set_input_files([ANNEX | {"buffer": b"AC1032" * 90_000}])
        if not script:
            page.get_by_role("button", name="Guardar y continuar").click()
        page.get_by_text("540.00 kB").wait_for()
        self.press()

    def sends(self):
        """(number, key) of the receipt."""
        page = self.heading("Revisar y enviar")
        assert "se considera presentado" in page.locator("main").inner_text()
        page.get_by_label("Declaro que lo que digo es verdad").check()
        self.press("Enviar mi documento")
        self.heading("Tu documento quedó presentado")
        assert self.is_whole()
        return page.locator(".mesa-receipt__number").inner_text(), page.locator(".mesa-receipt__key").inner_text()


    def follows(self, number, key):
        """By hand, from the words of the constancia; what the page says."""
        page = self.open("/seguimiento")
        page.get_by_label("Número de trámite").fill(number)
        page.get_by_label("Clave de seguimiento").fill(key)
        self.press("Ver mi trámite")
        assert self.heading(f"Trámite {number}") and self.is_whole()
        return page.locator("main").inner_text()
