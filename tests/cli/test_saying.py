"""Errors that no command foresaw: one Spanish sentence, without codes and without the driver's English."""

import pytest
from sqlalchemy.exc import OperationalError

from hub.cli.saying import of_database, of_error
from hub.core.errors import Forbidden, NotFound

REFUSED = (
    'connection to server at "127.0.0.1", port 5499 failed: Connection refused\n'
    "\tIs the server running on that host and accepting TCP/IP connections?\n"
)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (NotFound("99", code="PROPOSAL_NOT_FOUND"), "No existe la propuesta 99."),
        (NotFound("{x}", code="NOT_FOUND"), "No existe: {x}."),
        (Forbidden("detalle", code="RARE"), "No se pudo: RARE (detalle)."),
    ],
)
def test_an_error_is_a_sentence(error, sentence):
    assert of_error(error) == sentence


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (REFUSED, "no hay ninguna en 127.0.0.1:5499, o no acepta conexiones."),
        ('connection to server at "h" (10.0.0.1), port 5432 failed: FATAL:  password authentication failed for user',
         "rechaza la cuenta o la contraseña de DATABASE_URL."),
        ('connection to server at "h", port 5432 failed: FATAL:  database "mesa" does not exist',
         "en h:5432 no existe la base «mesa»."),
        ('could not translate host name "nadie.example" to address: Name or service not known',
         "no se halla la máquina nadie.example."),
        ("something nobody foresaw\nand more", "something nobody foresaw"),
    ],
)  # fmt: skip
def test_why_the_database_does_not_answer(said, why):
    assert of_database(OperationalError("select 1", {}, Exception(said))) == f"La base de datos no responde: {why}"
