"""With its database gone the hub still answers: come back later."""

import pytest
import requests

from hub.app import create_app
from hub.settings import Settings
from tests.api.conftest import XML
from tests.api.test_soap import fault
from tests.fixtures.http import serving


@pytest.fixture(scope="module")
def url(hub):
    settings = Settings(
        database_url="postgresql://nadie@127.0.0.1:9/nada?connect_timeout=2",
        data=hub.house.settings.data,
        keys=hub.house.settings.keys,
        secret_key="de prueba",
        tracking_secret="de prueba",
        public_url="http://mesa.prueba",
    )
    with serving(create_app(settings)) as url:
        yield url


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/salud", {}),
        ("POST", "/api/v1/mensajes", XML),
        ("GET", "/api/v1/envios/0000000001/documentos/1", {"Authorization": "Bearer a.b.c"}),
    ],
)
def test_a_machine_is_told_to_come_back(url, method, path, headers):
    answer = requests.request(method, url + path, data=b"<x/>", headers=headers, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (503, "NO_DISPONIBLE")
    assert answer.json()["temporary"] is True
    assert int(answer.headers["Retry-After"]) > 0


def test_a_soap_caller_is_told_that_it_is_our_fault(hub, url):
    body = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'
    assert fault(requests.post(f"{url}/soap/mesadepartes", body, headers={"Content-Type": "text/xml"}, timeout=20))[
        "culpable"
    ] == "emisor"
    inside = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<recibirMensaje xmlns="urn:pe:mesa-integrada:1:servicio"><mensaje>PHgvPg==</mensaje></recibirMensaje>'
        "</s:Body></s:Envelope>"
    )
    values = fault(requests.post(f"{url}/soap/mesadepartes", inside, headers={"Content-Type": "text/xml"}, timeout=20))
    assert (values["codigo"], values["temporal"], values["culpable"]) == ("NO_DISPONIBLE", "true", "receptor")


def test_a_link_says_so_on_a_page(url):
    page = requests.get(f"{url}/d/{'x' * 43}", timeout=20)
    assert page.status_code == 503 and page.headers["Content-Type"].startswith("text/html")
