"""Filed online, through the real processes: it travels to each kind of institution and comes back registered."""

import re

import pytest
import requests

from tests.fixtures.house import a_pdf
from tests.journeys.pages import IS_WHOLE
from tests.journeys.people import Citizen
from tests.web.citizen import DOCUMENT, DRAFT, PERSON


class Home:
    """A browser without script at somebody's home."""

    def __init__(self, url):
        self.url, self.browser = url, requests.Session()

    def post(self, path, files=None, **typed):
        page = self.browser.get(f"{self.url}/seguimiento", timeout=20).text
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        answer = self.browser.post(f"{self.url}{path}", {"csrf_token": csrf, **typed}, files=files, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer

    def files_online(self, code):
        """Everything, by telephone number alone; gives the address of its tracking page."""
        self.post(f"/presentar/{code}")
        self.post(f"{DRAFT}/para-que", purpose="correspondencia")
        self.post(f"{DRAFT}/quien", **PERSON)
        self.post(f"{DRAFT}/contacto", phone="987654321")
        self.post(f"{DRAFT}/documento", **DOCUMENT)
        self.post(f"{DRAFT}/archivos", {"main_document": ("solicitud.pdf", a_pdf(2))})
        page = self.post(f"{DRAFT}/revisar", declaration="si").text
        return self.url + re.search(r'href="(/seguimiento/[0-9A-Z-]+)"', page)[1]


WAYS = [("oefa", "Registrado"), *([("igp", "Con respuesta"), ("senace", "Con respuesta")] if IS_WHOLE else [])]
"""The others are reached from a counter with every change (test_walk.py), from home with `make journeys`."""


@pytest.mark.parametrize(("code", "status"), WAYS)
def test_from_home_to_each_kind_of_institution(stack, phone, code, status):
    address = Home(stack.url).files_online(code)
    citizen = Citizen(phone, stack.url).opens(address).waits_for(status)
    citizen.assert_fits()
    titles = [title for title, *_ in citizen.lines()]
    assert titles[0] == "Documento presentado"
    assert f"{code.upper()} lo registró" in titles
