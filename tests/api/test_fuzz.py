"""Calls made from the published document, credentials and signatures included, and the document holds of each answer.

MESA_FUZZ sets how many of each operation (`make fuzz-api`); the default is what a run of all tests can afford.
"""

import base64
import hashlib
import os
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.behind import Behind
from tests.api.conftest import running_hub
from tests.api.examples import Examples
from tests.api.test_leaving import leave
from tests.fixtures.house import a_pdf

FEW = 6
TIMES = int(os.environ.get("MESA_FUZZ", FEW))
PHASES = (Phase.generate,) if TIMES == FEW else (Phase.generate, Phase.shrink)
GENTLY = settings(
    max_examples=TIMES, deadline=None, database=None, phases=PHASES, suppress_health_check=list(HealthCheck),
    derandomize=TIMES == FEW,
)  # fmt: skip
PUBLIC = ("leerContrato",)
NAMES = (
    *PUBLIC, "listarMensajes", "enviarMensaje", "recogerMensaje", "confirmarMensaje", "leerDirectorio",
    "dejarDocumento", "preguntarDocumento", "mandarParte", "olvidarDocumento", "traerDocumento", "presentarSobre",
    "preguntarSobre", "traerRespuesta", "listarBalances", "leerBalance",
)  # fmt: skip


@pytest.fixture(scope="module")
def behind(hub, make_database, migrated_template, tmp_path_factory):
    """The hub of all tests; for the long form one of its own that never says that it was called too often."""
    with ExitStack() as stack:
        if TIMES != FEW:
            place = make_database(migrated_template), tmp_path_factory.mktemp("largo")
            hub = stack.enter_context(running_hub(*place, calls_per_second=10_000.0, calls_at_once=1_000_000))
        content = a_pdf()
        leave(hub, content)
        values = Examples(hub, tmp_path_factory.mktemp("llamadas")).values
        digest = base64.b64encode(hashlib.sha256(a_pdf()).hexdigest().encode()).decode()
        more = {"CONTENIDO": content, "ANUNCIO": f"sha256 {digest}", "LARGO": "700", "DESDE": "0"}
        yield Behind(hub, values | more)


def test_no_operation_is_forgotten(behind):
    assert set(behind.operations) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_one_that_the_document_tells(behind, name):
    @GENTLY
    @given(case=behind.operations[name].as_strategy())
    def calls(case):
        behind.call(name, case)

    calls()


def test_the_calls_came_behind_the_door(behind):
    """Of each operation: some were taken, and most were let in."""
    for name in NAMES:
        came = {how: count for (one, how), count in behind.came.items() if one == name}
        let_in = came.get("taken", 0) + came.get("refused", 0)
        assert came.get("taken"), (name, came)
        assert let_in >= came.get("door", 0), (name, came)
