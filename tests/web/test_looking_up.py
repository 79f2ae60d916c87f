"""Names from RENIEC and SUNAT in the online form and at the counter, by registers that answer over HTTP."""

import re

import pytest

from tests.fixtures.house import CLERK
from tests.web.citizen import DRAFT, PERSON, Filer
from tests.web.reading import beside, text_of

BLANK = PERSON | {"names": ""}
COMPANY = {"person_type": "legal", "ruc": "20492966658", "business_name": "", "represents": "si"}


@pytest.fixture
def filer(connected, registers):
    return Filer(connected).begins().says("para-que", purpose="correspondencia")


def test_names_left_blank_are_filled_in_online(filer):
    assert "lo traemos de RENIEC" in text_of(filer.get(f"{DRAFT}/quien").text)
    filer.says("quien", **BLANK | COMPANY)
    page = text_of(filer.get(f"{DRAFT}/revisar").text)
    assert "QUISPE ÑAHUI, ANA MARÍA" in page and "MINERA DE PRUEBA S.A.C." in page


def test_what_is_typed_stays_and_nobody_is_asked(registers, filer):
    filer.says("quien", **PERSON)
    assert "Quispe Ñahui, Ana" in filer.get(f"{DRAFT}/revisar").text and not registers.asked


def test_a_register_that_does_not_know_leaves_the_name_to_be_typed(filer):
    answer = filer.send(f"{DRAFT}/quien", BLANK | {"document_number_of_person": "99999999"})
    assert answer.status_code == 422 and "No pudimos traer el nombre" in beside(answer.text, "names")
    filer.says("quien", **PERSON | {"document_number_of_person": "99999999"})


def test_a_form_is_no_way_to_find_out_whose_a_dni_is(registers, filer):
    for number in range(25):
        filer.send(f"{DRAFT}/quien", BLANK | {"document_number_of_person": f"9{number:07d}"})
    assert len(registers.asked) == 20


def test_the_counter_fills_in_names_too_and_by_hand_where_they_do_not_come(connected, registers):
    clerk = connected.signed_in(CLERK)
    filing = connected.filing(clerk.filed(names="", document_number_of_person="45678912"))[0]
    assert filing.filer.names == "HUAMÁN ROJAS, PEDRO"
    assert "lo traemos de RENIEC" in text_of(clerk.get("/mesa-de-partes/recepcion").text)
    answer = clerk.file(names="", document_number_of_person="99999999")
    assert "No pudimos traer el nombre" in beside(answer.text, "names")
    assert re.search(r"\d{4}-\d{7}-\d", clerk.filed(document_number_of_person="99999999"))
