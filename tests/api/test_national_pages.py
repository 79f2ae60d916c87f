"""A page in a clerk's browser has the institution's address too; it can have nothing done in the institution's name."""

import pytest
import requests

from hub.models import Sending
from hub.wire.iotramite.services import ENTITY_SIDE
from tests.api.national import OEFA, PATH, a_number, document, recepcion, send


@pytest.mark.parametrize("headers", [
    {"Origin": "https://otra.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
])  # fmt: skip
@pytest.mark.parametrize("path", [PATH, ENTITY_SIDE.addresses[0]])
def test_a_page_cannot_have_a_document_sent(hub, headers, path):
    cuo = a_number()
    answer = send(hub, recepcion(vcuo=cuo), path, **headers | {"Content-Type": "text/plain"})
    assert answer.status_code == 403 and b"Fault" in answer.content
    assert hub.rows(Sending, cuo=cuo) == []


@pytest.mark.parametrize("out", ["json", "xml"])
def test_nor_by_the_twin(hub, out):
    values = document()
    headers = {"Origin": "https://otra.example", "Content-Type": "text/plain"}
    answer = requests.post(f"{hub.url}/Rest/Pcm/RecepcionarTramite?out={out}", json=values, headers=headers, timeout=20)
    assert answer.status_code == 403 and b"vcodres" in answer.content
    assert hub.rows(Sending, cuo=values["vcuo"]) == []


@pytest.mark.parametrize("name", ["CargoTramite", "RecepcionarTramite", "ConsultarTramite", "ListaEntidad", "CTest"])
@pytest.mark.parametrize("house", ["Pcm", "PCM"])
def test_an_address_alone_changes_nothing(hub, name, house):
    fields = {"vrucentrem": OEFA, "vcuo": a_number(), "out": "json"}
    assert requests.get(f"{hub.url}/Rest/{house}/{name}", fields, timeout=20).status_code == 405


def test_no_number_is_spent_by_an_image_of_another_site(hub):
    address, fields = f"{hub.url}/Rest/PCM/CEntidad", {"ruc": OEFA, "servicio": "3011"}
    answer = requests.get(address, fields, headers={"Sec-Fetch-Site": "cross-site"}, timeout=20)
    assert answer.status_code == 403 and b"<return>-1</return>" in answer.content
    typed = requests.get(address, fields, headers={"Sec-Fetch-Site": "none"}, timeout=20)
    assert typed.status_code == 200 and b"<return>-1</return>" not in typed.content
