"""The habits of the field, one by one (the numbers are those of the contract's list of quirks)."""

import base64
import socket

import pytest
import requests

from hub.models import Filing, Sending
from hub.wire.iotramite.codes import RECEIVER_FAILS_TEXT
from hub.wire.iotramite.envelope import read_envelope, values_of
from hub.wire.iotramite.services import CUO, SERVICES, TRAMITE
from tests.api.national import NAMESPACE, OEFA, a_call, a_number, document, envelope, question, recepcion, say, send
from tests.fixtures.parcels import PDF

ADDRESSES = [(service, address) for service in SERVICES for address in service.addresses]


def filing_of(hub, cuo):
    (sending,) = hub.rows(Sending, cuo=cuo)
    return hub.rows(Filing, id=sending.filing_id)[0]


@pytest.mark.parametrize(("service", "address"), ADDRESSES, ids=[address for _, address in ADDRESSES])
def test_1_every_address_gives_its_wsdl_by_get_and_takes_calls_by_post_with_wsdl_or_without(hub, service, address):
    for query in ("", "?wsdl", "?WSDL"):
        given = requests.get(f"{hub.url}{address}{query}", timeout=5)
        assert given.status_code == 200 and given.headers["Content-Type"].startswith("text/xml")
        assert f'location="http://mesa.prueba{service.endpoint}"'.encode() in given.content
        body = envelope(f"<n:{service.operations[0]}/>", service.namespace)
        answer = read_envelope(send(hub, body, address + query).content)
        assert answer.operation == f"{service.operations[0]}Response"


@pytest.mark.parametrize("action", [
    '""', "", '"cargoResponse"', "otra", None, '"http://pcm.pide.gob.pe/webservice#ShowArchivo"',
])  # fmt: skip
def test_2_soap_action_says_nothing(hub, action):
    headers = {"Content-Type": "text/xml"} | ({} if action is None else {"SOAPAction": action})
    for path, body, expected in (
        (TRAMITE.addresses[0], question("999999999A"), "0001"),
        (CUO.addresses[0], envelope("<n:getCUO><ip>10.1.1.1</ip></n:getCUO>", CUO.namespace), ""),
    ):
        answer = requests.post(hub.url + path, body.encode(), headers=headers, timeout=5)
        values = values_of(read_envelope(answer.content).element)
        assert values.get("vcodres", "") == expected and (expected or len(values["return"]) == 10)


@pytest.mark.parametrize("dated", [
    "2026-11-20T19:09:49.813Z", "2026-11-20T09:30:00", "2019-08-01", "2025/06/01", "02021-06-01", "2026-11-20T00:00:00",
    "20/11/2025", "2026-11-20 09:30:00",
])  # fmt: skip
def test_3_dates_of_every_form_seen(hub, dated):
    assert say(hub, recepcion(dfecdoc=dated))["vcodres"] == "0000"


@pytest.mark.parametrize("how", ["latin", "declared", "undeclared", "double"])
def test_4_letters_survive_every_encoding_seen(hub, how):
    cuo, subject = a_number(), "Atención señor: ñandú"
    if how == "double":
        body = recepcion(vcuo=cuo, vasu=subject.encode().decode("latin-1")).encode()
    else:
        prolog = "" if how == "undeclared" else '<?xml version="1.0" encoding="ISO-8859-1"?>'
        body = (prolog + recepcion(vcuo=cuo, vasu=subject)).encode("latin-1")
    header = "text/xml; charset=UTF-8" if how == "declared" else "text/xml; charset=ISO-8859-1"
    assert say(hub, body, **{"Content-Type": header})["vcodres"] == "0000"
    assert filing_of(hub, cuo).subject == subject


@pytest.mark.parametrize("missing", ["", None])
def test_5_optional_elements_may_be_empty_or_not_there(hub, missing):
    values = document(vcuoref=missing, vurldocanx=missing, snumanx=missing)
    assert say(hub, a_call("recepcionarTramiteResponse", values))["vcodres"] == "0000"


@pytest.mark.parametrize("inside", [
    "<n:recepcionarTramiteResponse/>", "<n:recepcionarTramiteResponse><request/></n:recepcionarTramiteResponse>",
    "<n:recepcionarTramiteResponse><Vrucentrec>20131367008</Vrucentrec><lstanexos-vnomdoc>a</lstanexos-vnomdoc>"
    "</n:recepcionarTramiteResponse>",
    "<n:recepcionarTramiteResponse><request><vrucentrem>20521286769</vrucentrem></request></n:recepcionarTramiteResponse>",
    "<n:cargoResponse/>", "<n:consultarTramiteResponse/>",
])  # fmt: skip
def test_6_a_probe_or_a_call_without_its_wrapper_gets_a_code_and_a_text(hub, inside):
    answer = say(hub, envelope(inside))
    assert answer["vcodres"] and answer["vdesres"]


def test_6_a_document_without_its_wrapper_is_taken(hub):
    assert say(hub, a_call("recepcionarTramiteResponse", document(), wrapper=""))["vcodres"] == "0000"


def test_7_the_probe_of_the_independent_component_is_unknown_and_never_a_receiver_that_fails(hub):
    answer = say(hub, question("999999999A"))
    assert answer["vcodres"] == "0001" and RECEIVER_FAILS_TEXT not in answer["vdesres"]


def test_11_and_13_a_lost_answer_is_sent_again_and_nobody_waits_for_the_receiver(hub):
    body = recepcion()
    first = requests.post(hub.url + TRAMITE.addresses[0], body.encode(), timeout=5)  # the receiver is not even there
    again = requests.post(hub.url + TRAMITE.addresses[0], body.encode(), timeout=5)
    assert first.content == again.content and b"0000" in first.content


@pytest.mark.parametrize("wrapper", ["request", "recepcionRequest", "cargoRequest", "parametros"])
def test_15_any_wrapper_is_taken_off(hub, wrapper):
    assert say(hub, a_call("recepcionarTramiteResponse", document(), wrapper))["vcodres"] == "0000"


def test_19_addressees_may_be_constants(hub):
    change = dict.fromkeys(("vuniorgdst", "vnomdst", "vnomcardst"), "-")
    assert say(hub, recepcion(**change))["vcodres"] == "0000"


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("width", [0, 76])
def test_a_pdf_is_taken_out_of_one_layer_or_two_in_lines_or_not(hub, layers, width):
    cuo, text = a_number(), PDF
    for _ in range(layers):
        text = base64.encodebytes(text) if width else base64.b64encode(text)
    assert say(hub, recepcion(vcuo=cuo, bpdfdoc=text.decode()))["vcodres"] == "0000"
    assert filing_of(hub, cuo)


def test_23_axis_speaks_http_1_0_and_resets_the_namespace(hub):
    inside = f'<recepcionarTramiteResponse xmlns="{NAMESPACE}"><request xmlns="">'
    inside += a_call("x", document(vcuo=a_number())).partition("<request>")[2].partition("</n:x>")[0]
    body = envelope(f"{inside}</recepcionarTramiteResponse>").encode()
    host, _, port = hub.url.removeprefix("http://").partition(":")
    head = "\r\n".join((
        f"POST {TRAMITE.endpoint} HTTP/1.0", "Content-Type: text/xml; charset=utf-8", "Accept: application/soap+xml",
        "User-Agent: Axis/1.4", f"Host: {host}", "Cache-Control: no-cache", 'SOAPAction: ""',
        f"Content-Length: {len(body)}", "", "",
    ))  # fmt: skip
    with socket.create_connection((host, int(port)), 10) as line:
        line.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: line.recv(65_536), b""))
    lines, _, content = answer.partition(b"\r\n\r\n")
    assert b" 200 " in lines.splitlines()[0] and b"chunked" not in lines.lower()
    assert values_of(read_envelope(content).element)["vcodres"] == "0000"


@pytest.mark.parametrize("kind", ["text/xml", "application/soap+xml", "application/x-www-form-urlencoded", ""])
def test_the_type_of_content_says_nothing(hub, kind):
    headers = {"Content-Type": kind} if kind else {}
    answer = requests.post(hub.url + TRAMITE.endpoint, recepcion().encode(), headers=headers, timeout=5)
    assert values_of(read_envelope(answer.content).element)["vcodres"] == "0000"


def test_a_body_in_pieces_of_unknown_length_is_taken(hub):
    body = recepcion().encode()
    pieces = (body[place : place + 100] for place in range(0, len(body), 100))
    answer = requests.post(hub.url + TRAMITE.endpoint, pieces, timeout=5)
    assert values_of(read_envelope(answer.content).element)["vcodres"] == "0000"


@pytest.mark.parametrize(("operation", "sentence"), [
    ("recepcionarTramiteResponse", "El Documento principal excede el tamaño permitido"),
    ("cargoResponse", "El Documento excede el tamaño permitido"),
])  # fmt: skip
def test_what_is_too_large_is_said_under_its_own_operation(hub, operation, sentence):
    body = a_call(operation, {"vrucentrem": OEFA, "bpdfdoc": "A" * (65 * 1024 * 1024)})
    answer = read_envelope(send(hub, body).content)
    assert answer.operation == f"{operation}Response"
    assert values_of(answer.element) == {"vcodres": "0003", "vdesres": sentence}


def test_an_unknown_operation_and_what_is_no_soap_are_the_callers_fault(hub):
    for body in (envelope("<n:otra/>"), "hola", ""):
        answer = send(hub, body)
        assert (answer.status_code, b"soap:Client" in answer.content) == (400, True)
