"""Calls made from the published document that get behind the door: a hook that names what is there and signs."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.clock import now
from hub.core.errors import ContractError
from hub.core.messages import Cargo, CargoOutcome, Estado
from hub.core.statuses import Movement, RefusalReason
from hub.wire import seal, sobre
from hub.wire.codes import BY_WIRE
from tests.api.test_sent_in import a_sobre

load_all_checks()
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
WORDS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=300)
MINE, XML = "Bearer mia", "application/xml"
REAL = {
    "recogerMensaje": {"message_id": "MENSAJE"},
    "confirmarMensaje": {"message_id": "ACUSE"},
    "traerDocumento": {"cuo": "CUO", "document_id": "DOCUMENTO"},
    "preguntarSobre": {"cuo": "CUO_PROPIO"},
    "traerRespuesta": {"cuo": "CUO_PROPIO", "document_id": "RESPUESTA"},
    "preguntarDocumento": {"document_id": "DEJADO"},
    "mandarParte": {"document_id": "DEJADO"},
    "olvidarDocumento": {"document_id": "OLVIDADO"},
    "leerBalance": {"dia": "DIA"},
}
"""What each operation asks for -> the name, among the values of the examples, of one that is there."""
SAID = {
    "dejarDocumento": {"Upload-Metadata": "ANUNCIO", "Upload-Length": "LARGO"},
    "mandarParte": {"Upload-Offset": "DESDE"},
}
"""Headers that have to do with what is there, in the same way."""
_REFUSED_AT_THE_DOOR = ("CREDENCIAL_", "FIRMA", "CERTIFICADO_", "XML_", "ESQUEMA_", "CLAVE_", "ALGORITMO_")


class Behind:
    """The published document of a hub, and what became of the calls made from it: (operation, how) -> how many."""

    def __init__(self, hub, values):
        self.hub, self.values, self.came = hub, values, Counter()
        self.leg = hub.file()
        self.http = requests.Session()
        published = self.http.get(f"{hub.url}/api/v1/openapi.json", timeout=20).json()
        schema = schemathesis.openapi.from_dict(published)
        schema.hook("before_generate_case")(lambda context, strategy: self.prepared(context.operation, strategy))
        self.operations = {
            one.ok().definition.raw["operationId"]: one.ok() for one in schema.get_all_operations()
        }  # fmt: skip

    def prepared(self, operation, strategy):
        """Most calls are ours, and name what is there; a message is one that we signed."""
        name = operation.definition.raw["operationId"]
        drawn = {"is_mine": _mostly(), "is_there": _mostly()}
        if XML in operation.definition.raw.get("requestBody", {}).get("content", {}):
            drawn["body"] = self.messages(name)
        return st.tuples(strategy, st.fixed_dictionaries(drawn)).map(lambda both: self._placed(name, *both))

    def _placed(self, name, case, drawn):
        case.headers = {**(case.headers or {}), "Authorization": MINE if drawn["is_mine"] else "Bearer x"}
        if drawn["is_there"]:
            case.path_parameters = {**(case.path_parameters or {}), **self._there(REAL, name)}
            case.headers |= self._there(SAID, name)
        if "body" in drawn:
            case.body, case.media_type = drawn["body"], XML
        return case

    def _there(self, table, name):
        return {key: self.values[one] for key, one in table.get(name, {}).items()}

    def _signed_in(self, case):
        """The headers of a call; each credential is used once, so it is signed as the call leaves."""
        is_mine = case.headers["Authorization"] == MINE
        return {"Authorization": f"Bearer {self.hub.token()}"} if is_mine else {}

    def call(self, name, case):
        """Make a call and check its answer against the document."""
        kwargs = {"data": case.body} if isinstance(case.body, bytes) else {}
        headers = self._signed_in(case)
        answer = case.call(base_url=self.hub.url, session=self.http, timeout=20, headers=headers, **kwargs)
        case.validate_response(answer, checks=CHECKS)
        self.came[name, self._how(answer)] += 1

    def _how(self, answer):
        """`taken`, `refused` behind the door, `limited`, or stopped at the `door`."""
        if answer.status_code < 400:
            return "taken"
        code = answer.json()["code"] if answer.content else ""
        assert not code or code in BY_WIRE, code
        if code == "DEMASIADAS_LLAMADAS":
            return "limited"
        return "door" if code.startswith(_REFUSED_AT_THE_DOOR) else "refused"

    def messages(self, name):
        """Signed bytes for a call that takes a message: most as they were signed, some changed on the way."""
        made = _sobres(self) if name == "presentarSobre" else st.one_of(_cargos(self), _estados(self))
        return made.map(self._signed).filter(bool).flatmap(lambda raw: st.one_of(st.just(raw), changed(raw)))

    def _signed(self, message):
        """Signed by IGP; None for what cannot be written at all."""
        try:
            return seal.seal(sobre.build(message), self.signer)
        except ContractError:
            return None

    @property
    def signer(self):
        return self.hub.signer("igp")


def _mostly():
    return st.sampled_from((True, True, True, False))


@st.composite
def changed(draw, raw):
    """The bytes of a real message, a few of them others."""
    content = bytearray(raw)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content) - 1))
        content[place : place + draw(st.integers(0, 9))] = draw(st.binary(max_size=9))
    return bytes(content)


def _instants():
    return st.integers(-(10**10), 10**6).map(lambda seconds: now() + timedelta(seconds=seconds))


def _cargos(behind):
    def made(outcome, at, words, reason):
        number, unit, official, text, item = words
        return Cargo(
            behind.hub.header(behind.leg), outcome, at, number, "2026", unit, official, "", text, (item,), reason, text
        )

    return st.builds(
        made, st.sampled_from(CargoOutcome), _instants(), st.tuples(*[WORDS] * 5), st.sampled_from(RefusalReason)
    )


def _estados(behind):
    def made(movement, at, unit):
        return Estado(behind.hub.header(behind.leg), movement, at, unit, "x")

    return st.builds(made, st.sampled_from(Movement), _instants(), WORDS)


def _sobres(behind):
    def made(content, folios, words):
        names = ("subject", "document_type", "counter", "document_number")
        return a_sobre(behind.hub, [content], folios=folios, **dict(zip(names, words, strict=True)))

    left = behind.values["CONTENIDO"]
    contents = st.sampled_from((left, left, uuid4().bytes))
    return st.builds(made, contents, st.integers(0, 40_000), st.tuples(*[st.text(min_size=1, max_size=40)] * 4))

