"""What the file declares, on the pages of the administration: in words, never by its keys."""

import pytest

from hub.web.declared_words import thing, way
from hub.web.look import rounded


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("entities[igp]", "Institución IGP"),
        ("entities[igp].counters[huancayo]", "Institución IGP, Mesa de partes huancayo"),
        ("sector.procedures[acceso-informacion]", "El sector, Procedimiento acceso-informacion"),
        ("agreements[0]", "Convenio 1"),
        ("sector", "El sector"),
    ],
)
def test_a_proposal_tells_what_it_changes(path, words, house):
    with house.app.test_request_context():
        assert thing(path) == words


def test_ways_of_delivery_and_limits_are_said_as_their_form_says_them(house):
    with house.app.test_request_context():
        assert way("iotramite") == "Contrato nacional (PIDE)"
        assert way("unheard-of") == "unheard-of"
    assert rounded(10 * 1024**2) == "10 MB"


def test_a_redirection_that_nobody_follows_is_in_spanish(house):
    answer = house.app.test_client().get("/envios")
    assert answer.status_code == 303
    assert "Ir a la página" in answer.text and "redirect" not in answer.text.lower()
