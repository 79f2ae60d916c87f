"""The procedures that a sector declares: what is wrong with one, and the value that it makes."""

import pytest

from hub.core.tupa import GENERAL, Silence, from_snapshot, to_snapshot
from hub.entities_sentences import sentence
from tests.entities.conftest import codes

HERE = "    data_officer: {name: PERSONA DE DEMOSTRACIÓN, email: datos@iiap.example, demo: true}\n"


@pytest.fixture
def declare(look, demo):
    """declare(line) -> Checked of the demo sector in which IIAP declares one more procedure."""
    return lambda line: look(demo.replace(HERE, f"{HERE}    procedures:\n      - {{code: X-1, name: Uno, {line}}}\n"))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("requirements: [Copia simple del DNI]", "REQUIREMENT_PROHIBITED"),
        ("requirements: [{text: Fotocopia del documento de identidad}]", "REQUIREMENT_PROHIBITED"),
        ("days: 31", "TERM_WITHOUT_NORM"),
        ("silence: automatic, days: 5", "TERM_OF_AUTOMATIC"),
        ("silence: automatic, act: report", "TERM_OF_AUTOMATIC"),
        ("days: 5, act: report", "TERM_TWICE"),
        ("days: 0", "NUMBER_TOO_SMALL"),
        ("act: siesta", "VALUE_UNKNOWN"),
        ("silence: doubtful", "VALUE_UNKNOWN"),
        ('fee: "12,5"', "FEE_FORM"),
    ],
)
def test_a_procedure_that_the_law_does_not_allow_is_named_with_its_remedy(declare, line, code):
    (fault,) = declare(line).errors
    assert fault.code == code
    assert fault.path.startswith("entities[iiap].procedures[X-1]")
    assert all(sentence(fault))


def test_two_procedures_of_one_body_do_not_share_a_code_and_general_is_taken(declare):
    assert codes(declare("days: 5}\n      - {code: x-1, name: Otro")) == {"PROCEDURE_CODE_TWICE"}
    assert codes(declare("days: 5}\n      - {code: General, name: Otro")) == {"PROCEDURE_CODE_RESERVED"}


def test_what_a_procedure_does_not_say_is_what_the_law_says(declare):
    one = declare("requirements: [Plano]").directory.entity("iiap").procedure("X-1")
    assert (one.days, one.silence, one.fee_cents) == (30, Silence.POSITIVE, 0)


def test_a_procedure_of_the_sector_is_everybodys_until_a_body_has_its_own(declare):
    directory = declare("days: 5}\n      - {code: acceso-informacion, name: Propio, days: 7").directory
    assert directory.entity("iiap").procedure("acceso-informacion").days == 7
    assert directory.entity("igp").procedure("acceso-informacion").days == 10


def test_a_fee_is_kept_in_centimos(declare):
    assert declare('fee: "12.50"').directory.entity("iiap").procedure("X-1").fee_cents == 1250


def test_the_data_officer_the_service_and_the_series_of_a_body_are_read(look, demo):
    minam = look(demo).directory.entity("minam")
    assert (minam.data_officer.email, minam.service.since.year) == ("datos@minam.example", 2019)
    assert minam.retention_class == "CORRESPONDENCIA-DEMO"


def test_a_filing_keeps_its_procedure_as_it_was(look, demo):
    procedure = look(demo).directory.entity("igp").procedure("DEMO-01")
    assert from_snapshot(to_snapshot(procedure)) == procedure
    assert procedure.requirements[1].is_fee_receipt
    assert (from_snapshot(to_snapshot(None)), from_snapshot(to_snapshot(GENERAL))) == (None, GENERAL)
