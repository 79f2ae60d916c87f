"""The citizen's page: the way and the dates, for whoever holds the key or the link, and nothing of anybody."""

import pytest

from hub.core.identifiers import tracking_key
from hub.core.ports import NewsKind
from hub.core.statuses import Movement
from tests.fixtures.house import a_pdf
from tests.web.reading import on_top, text_of


def key_of(house, number):
    return tracking_key(house.services.tracking_secret, number, 1)


def test_number_and_key_open_the_page_however_they_are_typed(house, clerk):
    number = clerk.filed()
    key = key_of(house, number)
    code = house.filing(number)[0].verification_code
    for typed_number, typed_key in ((number, key), (number.replace("-", ""), f" {key[:4].lower()} {key[4:]}")):
        answer = house.visitor().post("/seguimiento", {"filing_number": typed_number, "tracking_key": typed_key})
        assert (answer.status_code, answer.location) == (303, f"/seguimiento/{code}")


@pytest.mark.parametrize(
    ("number", "key"), [("2026-0000001-1", "AAAAAAAA"), ("", ""), ("hola", "'; drop table"), ("9" * 500, "x")]
)
def test_a_wrong_number_or_key_is_one_sentence_that_does_not_tell_which(house, number, key):
    answer = house.visitor().post("/seguimiento", {"filing_number": number, "tracking_key": key})
    assert answer.status_code == 422
    assert "No encontramos un trámite con ese número y esa clave" in on_top(answer.text)[0]


def test_guessing_a_key_ends_after_ten_tries_also_with_the_right_one(house, clerk):
    number = clerk.filed()
    visitor = house.visitor()
    for _ in range(10):
        assert visitor.post("/seguimiento", {"filing_number": number, "tracking_key": "ZZZZZZZZ"}).status_code == 422
    answer = visitor.post("/seguimiento", {"filing_number": number, "tracking_key": key_of(house, number)})
    assert answer.status_code == 429
    assert "Probaste muchas veces" in on_top(answer.text)[0]
    owner = house.visitor()
    owner.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"  # who guesses elsewhere shuts nobody out
    answer = owner.post("/seguimiento", {"filing_number": number, "tracking_key": key_of(house, number)})
    assert answer.status_code == 303


def test_the_page_tells_the_whole_way_and_who_said_each_step(house, clerk):
    number = clerk.filed()
    cuo, code = house.leg(number).cuo, house.filing(number)[0].verification_code
    house.say(cuo)
    house.say(cuo, NewsKind.REGISTERED, registry_number="004512", registry_year="2026",
              expediente_number="EXP-77", unit="Sismología")
    house.say(cuo, NewsKind.MOVEMENT, movement=Movement.IN_PROCESS, unit="Redes", text="nota interna")
    house.say(cuo, NewsKind.MOVEMENT, movement=Movement.ANSWERED)
    page = house.visitor().get(f"/seguimiento/{code}")
    told = text_of(page.text)
    for words in ("Documento presentado", "IGP lo tiene", "IGP lo registró", "004512", "EXP-77", "Redes",
                  "IGP respondió", "SERNANP", "Con respuesta"):
        assert words in told, words
    assert "nota interna" not in told
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_the_page_holds_no_personal_data_and_no_content(house, clerk):
    number = clerk.filed(
        names="Quispe Secreta, Ana", document_number_of_person="45678912", email="ana.secreta@ejemplo.pe",
        subject="Asunto reservado", phone="987654321", address="Jirón Oculto 12", main=("secreto.pdf", a_pdf()),
    )
    code = house.filing(number)[0].verification_code
    page = house.visitor().get(f"/seguimiento/{code}").text
    for secret in ("Secreta", "45678912", "912", "ejemplo.pe", "reservado", "987654321", "Oculto", "secreto.pdf"):
        assert secret not in page, secret


def test_an_unknown_code_is_a_page_that_helps(house):
    answer = house.visitor().get("/seguimiento/AAAA-BBBB-CCCC-DDDD")
    assert answer.status_code == 404
    assert "Para ver un trámite te basta su número y su clave" in answer.text


def test_the_door_of_the_sector_names_its_bodies(house):
    page = house.visitor().get("/")
    assert page.status_code == 200
    assert "IGP" in page.text
