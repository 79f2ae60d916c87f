"""The district of an address: typed, chosen where its name has several, and never in anybody's way."""

import re

import pytest

from tests.fixtures.house import a_pdf
from tests.web.citizen import DOCUMENT, DRAFT, PERSON, Filer
from tests.web.reading import beside, text_of

STREET = "Av. Rivera Navarrete 525"


@pytest.fixture
def filer(house):
    return Filer(house).begins().says("para-que", purpose="correspondencia").says("quien", **PERSON)


def filed(house, filer):
    filer.says("documento", **DOCUMENT)
    filer.attaches(("escrito.pdf", a_pdf()))
    assert filer.sends().status_code == 303
    return house.filing(re.search(r"\d{4}-\d{7}-\d", text_of(filer.get(filer.at).text))[0])[0]


def test_a_district_is_kept_by_its_code_and_travels_in_the_address(house, filer):
    filer.says("contacto", address=STREET, district="san isidro, lima")
    assert "San Isidro, Lima, Lima" in text_of(filer.get(f"{DRAFT}/revisar").text)
    filing = filed(house, filer)
    assert (filing.filer.ubigeo, filing.filer.address) == ("150131", f"{STREET}, San Isidro, Lima, Lima")


def test_a_name_that_several_have_is_asked_about_on_the_same_page(house, filer):
    answer = filer.send(f"{DRAFT}/contacto", {"address": STREET, "district": "San Isidro"})
    assert answer.status_code == 422
    assert "elige cuál es" in text_of(answer.text)
    picked = re.search(r'name="ubigeo" type="radio" value="(15\d+)"', answer.text)[1]
    filer.says("contacto", address=STREET, district="San Isidro", district_asked="San Isidro", ubigeo=picked)
    assert filed(house, filer).filer.ubigeo == "150131"


@pytest.mark.parametrize("typed", ["Springfield", "San Isidro", "san"])
def test_what_is_not_settled_stays_as_it_was_typed_and_stops_nobody(house, filer, typed):
    answer = filer.send(f"{DRAFT}/contacto", {"address": STREET, "district": typed})
    assert answer.status_code == 422 and f'name="district_asked" value="{typed}"' in answer.text
    filer.says("contacto", address=STREET, district=typed, district_asked=typed)
    filing = filed(house, filer)
    assert (filing.filer.ubigeo, filing.filer.address) == ("", f"{STREET}, {typed}")


def test_a_forged_code_is_not_taken(house, filer):
    filer.says("contacto", address=STREET, district="Huaraz", ubigeo="150101")
    assert filed(house, filer).filer.ubigeo == "020101"


def test_the_counter_keeps_it_too_and_asks_once(house, clerk):
    filing = house.filing(clerk.filed(address=STREET, district="Ate"))[0]
    assert (filing.filer.ubigeo, filing.filer.address) == ("150103", f"{STREET}, Ate, Lima, Lima")
    answer = clerk.file(address=STREET, district="Concepción")
    assert answer.status_code == 422 and "Hay más de un distrito" in beside(answer.text, "ubigeo")
    filing = house.filing(clerk.filed(district="Concepción", district_asked="Concepción"))[0]
    assert (filing.filer.ubigeo, filing.filer.address) == ("", "Concepción")
