"""Real messages of the national contract, spoilt at random: always a code or a fault of the caller, never ours."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.wire.iotramite.services import SERVICES
from tests.api.national import ENTITY_NAMESPACE, a_call, document, envelope, question, recepcion

CUO_CALL = envelope("<n:getCUOEntidad><ruc>20521286769</ruc><servicio>3011</servicio></n:getCUOEntidad>",
                    "http://pcm.pide.gob.pe/webservice")  # fmt: skip
CARGO = {
    "vrucentrem": "20521286769", "vcuo": "0000000001", "vnumregstd": "1", "vanioregstd": "2026", "vuniorgstd": "A",
    "dfecregstd": "2026-11-21", "vusuregstd": "L", "bcarstd": "SlZCRVJpMHhMalFLYUdWc2JHOGdjR1Jt", "cflgest": "R",
}  # fmt: skip
REAL = [
    recepcion(vcuo="7000000001"), question("0000000001"), a_call("cargoResponse", CARGO), CUO_CALL,
    a_call("cargoResponse", CARGO, "cargoRequest", ENTITY_NAMESPACE),
    a_call("consultarTramiteResponse", {"request": "0000000001"}, "", ENTITY_NAMESPACE),
    envelope("<n:getListaEntidad><sidcatent>1</sidcatent></n:getListaEntidad>", "http://ws.wsentidad.segdi.gob.pe/"),
]  # fmt: skip
ADDRESSES = sorted({service.addresses[0] for service in SERVICES})
PIECES = st.sampled_from([
    b"<", b">", b"&", b"\x00", b"\xff\xfe", b"<!DOCTYPE a>", b"<!--", b"]]>", b"<![CDATA[", b"</s:Body>", b"&#0;",
    b"&a;",
    b"\xc3", b"999999999999999999999", b"-1", b"<request>", b"</request>", b'xsi:nil="true"', b"\xed\xa0\x80", b"NaN",
])  # fmt: skip


@st.composite
def spoilt(draw):
    """A real message with a few pieces put in, cut out or repeated."""
    body = draw(st.sampled_from(REAL)).encode()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 40)))
        put = draw(st.one_of(PIECES, st.binary(max_size=6), st.just(body[start:end] * 2), st.just(b"")))
        body = body[:start] + put + body[end:]
    return body


@pytest.fixture
def client(hub):
    return hub.app.test_client()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=spoilt(), address=st.sampled_from(ADDRESSES))
def test_no_spoilt_message_makes_an_error_of_ours(client, body, address):
    answer = client.post(address, data=body, content_type="text/xml")
    assert answer.status_code in (200, 400)
    assert (b"soap:Client" in answer.data) is (answer.status_code == 400)
    assert b"ERROR INTENTELO NUEVAMENTE" not in answer.data


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3), max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    change=st.dictionaries(st.sampled_from([*document(), "lstanexos", "vnomdoc2", ""]), VALUES, max_size=5),
    call=st.sampled_from(["RecepcionarTramite", "CargoTramite", "ConsultarTramite", "ListaEntidad", "ValidarEntidad"]),
    out=st.sampled_from(["json", "xml"]),
)
def test_no_field_over_rest_makes_an_error_of_ours(client, change, call, out):
    answer = client.post(f"/Rest/Pcm/{call}?out={out}", json={"PIDE": document(vcuo="7000000002") | change})
    assert answer.status_code == 200
    assert b"ERROR INTENTELO NUEVAMENTE" not in answer.data
