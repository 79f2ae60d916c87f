"""R-ID: whose RUC it is, where names come from, and who speaks for a legal person."""

import pytest

from hub import cautions, identities, intake
from hub.app import create_app
from hub.core.errors import TemporaryFailure
from hub.core.identifiers import is_ruc_of
from hub.core.messages import Filer
from hub.core.services import Identity
from tests.fixtures.house import CLERK, House
from tests.stages.sector import NOW, a_submission, make_sector
from tests.web.reading import beside, text_of

RUC_OF_10117410 = "10101174102"
COMPANY = {"person_type": "legal", "ruc": "20131367008", "business_name": "Asociación Ríos"}


# R-ID-1


@pytest.mark.rule("R-ID-1")
@pytest.mark.parametrize(
    ("ruc", "kind", "number", "is_theirs"),
    [
        (RUC_OF_10117410, "dni", "10117410", True),
        (RUC_OF_10117410, "dni", "10117411", False),
        (RUC_OF_10117410, "ce", "001766062", True),  # nothing is known of it
        ("20492966658", "dni", "10117410", True),
        ("", "dni", "10117410", True),
    ],
)
def test_a_ruc_of_a_person_holds_their_dni(ruc, kind, number, is_theirs):
    assert is_ruc_of(ruc, kind, number) is is_theirs


@pytest.mark.rule("R-ID-1")
def test_another_ones_ruc_is_a_warning_and_not_a_refusal(house, clerk):
    given = {"person_type": "legal", "ruc": RUC_OF_10117410, "business_name": "Ana Quispe, bodega",
             "declares_representation": "si", "document_number_of_person": "08123457"}  # fmt: skip
    warned = clerk.file(**given)
    assert warned.status_code == 422
    assert "no lleva el DNI de quien representa" in text_of(warned.text)
    number = clerk.filed(**given, confirmed="RUC_OF_ANOTHER:")
    assert house.filing(number)[0].filer.ruc == RUC_OF_10117410


@pytest.mark.rule("R-ID-1")
def test_ones_own_ruc_is_not_warned_about(clerk):
    clerk.filed(person_type="legal", ruc=RUC_OF_10117410, business_name="Ana Quispe", declares_representation="si")


# R-ID-2


class Register:
    """A register of identities for the tests: no service of the State is asked, and none is scraped."""

    def __init__(self, known=(), error=None):
        self.known, self.error, self.asked = dict(known), error, []

    def identity_of(self, kind, number):
        self.asked.append((kind, number))
        if self.error:
            raise self.error
        return Identity(self.known[kind, number]) if (kind, number) in self.known else None


@pytest.mark.rule("R-ID-2")
def test_by_default_no_register_is_asked_and_names_are_typed(house, clerk):
    assert house.services.identities is None
    assert "Escribe los apellidos" in beside(clerk.file(names="").text, "names")


@pytest.mark.rule("R-ID-2")
def test_a_register_fills_what_was_left_blank_and_nothing_else():
    known = Register({("dni", "10117410"): "QUISPE ÑAHUI, ANA", ("ruc", "20131367008"): "INSTITUTO GEOFÍSICO"})
    blank = Filer("dni", "10117410", "", ruc="20131367008")
    filled = identities.complete(known, blank)
    assert (filled.names, filled.business_name) == ("QUISPE ÑAHUI, ANA", "INSTITUTO GEOFÍSICO")
    typed = Filer("dni", "10117410", "Ana María Quispe")
    assert identities.complete(known, typed) == typed
    assert known.asked == [("dni", "10117410"), ("ruc", "20131367008")]


@pytest.mark.rule("R-ID-2")
@pytest.mark.parametrize("register", [None, Register(), Register(error=TemporaryFailure("TIMEOUT"))])
def test_without_an_answer_the_form_asks_for_the_name(register):
    blank = Filer("dni", "10117410", "")
    assert identities.complete(register, blank) == blank


@pytest.mark.rule("R-ID-2")
def test_the_counter_takes_the_names_of_a_register_where_one_is_set(house):
    register = Register({("dni", "10117410"): "QUISPE ÑAHUI, ANA"})
    other = House(create_app(house.services.settings, register), house.engine, house.data)
    try:
        number = other.signed_in(CLERK).filed(names="")
    finally:
        other.services.live_directory.stop()
    assert house.filing(number)[0].filer.names == "QUISPE ÑAHUI, ANA"


# R-ID-3


@pytest.mark.rule("R-ID-3")
@pytest.mark.parametrize(
    ("filer", "problem"),
    [
        (Filer("dni", "10117410", "Ana", ruc="20131367009", business_name="X"), ("ruc", "RUC_CHECK_DIGIT")),
        (Filer("dni", "10117410", "Ana", ruc="20131367008"), ("business_name", "BUSINESS_NAME_MISSING")),
        (Filer("dni", "1011741", "Ana", ruc="20131367008", business_name="X"),
         ("document_number_of_person", "DNI_LENGTH")),
    ],
)  # fmt: skip
def test_a_legal_person_has_its_ruc_its_name_and_who_represents_it(session, filer, problem):
    found = intake.check(a_submission(filer=filer), make_sector(session), NOW)
    assert [(one.field, one.code) for one in found] == [problem]


@pytest.mark.rule("R-ID-3")
def test_the_statement_of_representation_is_asked_and_kept(house, clerk):
    warned = clerk.file(**COMPANY)
    assert warned.status_code == 422
    assert "declara representar" in text_of(warned.text)
    stated = house.filing(clerk.filed(**COMPANY, declares_representation="si"))[0]
    assert stated.declares_representation is True
    received = house.filing(clerk.filed(**COMPANY, confirmed="REPRESENTATION_NOT_STATED:"))[0]
    assert received.declares_representation is False  # a counter never refuses; its destination may observe it


@pytest.mark.rule("R-ID-3")
def test_a_person_by_themselves_states_nothing():
    assert cautions.representation_not_stated(Filer("dni", "10117410", "Ana"), False) == ()
