"""Calls made from the published document, credentials and signatures included: none makes an unhandled error.

MESA_FUZZ sets how many of each operation; the default is what a run of all tests can afford.
"""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.clock import now
from hub.core.errors import ContractError
from hub.core.messages import Cargo, CargoOutcome, Estado
from hub.core.statuses import Movement, RefusalReason
from tests.api.test_sent_in import a_sobre

TIMES = int(os.environ.get("MESA_FUZZ", "15"))
WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=300)
NAMES = (
    "leerContrato", "listarMensajes", "recogerMensaje", "confirmarMensaje", "leerDirectorio", "dejarDocumento",
    "preguntarDocumento", "mandarParte", "olvidarDocumento", "traerDocumento", "preguntarSobre", "traerRespuesta",
)  # fmt: skip
GENTLY = settings(max_examples=TIMES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def operations(hub):
    published = requests.get(f"{hub.url}/api/v1/openapi.json", timeout=20).json()
    schema = schemathesis.openapi.from_dict(published)
    found = [one.ok() for one in schema.get_all_operations()]
    return {one.definition.raw["operationId"]: one for one in found}


def is_told(answer, documented):
    """A good answer that the document knows, or a problem of the closed list."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and answer.request.method != "HEAD" and str(answer.status_code) not in ("409", "416"):
        assert answer.headers["Content-Type"] == "application/problem+json" and answer.json()["code"]
    assert str(answer.status_code) in documented or answer.status_code in (404, 405), answer.status_code


@pytest.mark.parametrize("name", NAMES)
def test_no_call_of_the_document_makes_an_unhandled_error(hub, operations, name):
    operation = operations[name]

    @GENTLY
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def calls(case, is_known):
        headers = {**(case.headers or {}), "Authorization": f"Bearer {hub.token()}" if is_known else "Bearer x"}
        answer = case.call(base_url=hub.url, headers=headers, timeout=20)
        is_told(answer, operation.definition.raw["responses"])

    calls()


def signed(hub, message):
    """A message signed by IGP; None for what cannot be written at all."""
    try:
        return hub.sealed(message)
    except ContractError:
        return None


def send(hub, path, raw):
    headers = {"Content-Type": "application/xml"}
    answer = hub.http.post(f"{hub.url}/api/v1/{path}", raw, headers=headers, timeout=20)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json()["code"]
    return answer


@st.composite
def changed(draw, raw):
    """The bytes of a real message, a few of them others."""
    content = bytearray(raw)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(content) - 1))
        content[place : place + draw(st.integers(0, 9))] = draw(st.binary(max_size=9))
    return bytes(content)


def test_no_signed_news_makes_an_unhandled_error(hub):
    leg = hub.file()

    @GENTLY
    @given(st.data())
    def tells(data):
        at = now() + timedelta(seconds=data.draw(st.integers(-(10**10), 10**6)))
        if data.draw(st.booleans()):
            outcome = data.draw(st.sampled_from(CargoOutcome))
            message = Cargo(
                hub.header(leg), outcome, at, data.draw(WORDS), "2026", data.draw(WORDS), data.draw(WORDS), "",
                data.draw(WORDS), (data.draw(WORDS),), RefusalReason.OTHER, data.draw(WORDS),
            )  # fmt: skip
        else:
            message = Estado(hub.header(leg), data.draw(st.sampled_from(Movement)), at, data.draw(WORDS), "x")
        raw = signed(hub, message)
        if raw is not None:
            send(hub, "mensajes", data.draw(changed(raw)))

    tells()


def test_no_sobre_makes_an_unhandled_error(hub):
    @GENTLY
    @given(st.data())
    def files(data):
        words = {name: data.draw(WORDS) for name in ("subject", "document_type", "counter", "document_number")}
        sobre = a_sobre(hub, [uuid4().bytes], folios=data.draw(st.integers(0, 40_000)), **words)
        raw = signed(hub, sobre)
        if raw is not None:
            send(hub, "sobres", data.draw(changed(raw)))

    files()
