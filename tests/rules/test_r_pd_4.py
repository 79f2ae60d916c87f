"""R-PD-4: nobody is asked for what the State has; a preset that asks for a copy of the DNI is refused."""

import pytest

from hub.entities import check
from hub.entities.procedures import prohibited_by
from hub.entities_sentences import sentence
from tests.entities.certificates import NOW, write_keys
from tests.entities.conftest import DEMO

FORBIDDEN = [
    "Copia del DNI",
    "Copia simple y legible de ambas caras del documento nacional de identidad",
    "fotocopia de D.N.I. del representante",
    "DNI escaneado: escaneado del DNI por ambos lados",
    "Copia del documento de identidad",
    "Ficha RUC",
]
ALLOWED = [
    "Número de DNI",
    "Exhibir el DNI",
    "Copia del poder, indicando el número de DNI del representante",
    "Documento que acredita la titularidad",
    "Copia del plano",
]


@pytest.mark.rule("R-PD-4")
@pytest.mark.parametrize("asked", FORBIDDEN)
def test_a_preset_that_asks_for_what_the_state_has_fails_with_its_norm(tmp_path, asked):
    line = "        requirements: [Fecha y lugar del sismo]\n"
    text = DEMO.read_text(encoding="utf-8").replace(line, f'        requirements: ["{asked}"]\n')
    checked = check(text, keys=write_keys(tmp_path), environ={}, now=NOW)
    assert not checked.is_importable
    (fault,) = checked.errors
    assert fault.code == "REQUIREMENT_PROHIBITED" and "DL 1246" in sentence(fault)[0]


@pytest.mark.rule("R-PD-4")
@pytest.mark.parametrize("asked", ALLOWED)
def test_what_may_be_asked_is_asked(asked):
    assert prohibited_by(asked) == ""
