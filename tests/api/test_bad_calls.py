"""Whatever is sent to a machine door is answered with a code: never a 500, nothing half-written."""

import base64
import random
import socket
from urllib.parse import urlsplit

import pytest

from hub.api.sentences import SENTENCES
from hub.models import InboundMessage
from hub.wire import service
from hub.wire.codes import Refusal
from tests.api.test_messages import refused

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Cargo xmlns="urn:pe:mesa-integrada:1">&b;</Cargo>"""


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "XML_MAL_FORMADO"),
        (b"hola", 400, "XML_MAL_FORMADO"),
        (b"\xff\xfe\x00", 400, "XML_MAL_FORMADO"),
        (b"<Cargo xmlns='urn:pe:mesa-integrada:1'><Cabecera>", 400, "XML_MAL_FORMADO"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", 400, "XML_CON_DTD"),
        (BOMB, 400, "XML_CON_ENTIDADES"),
        (b"<Otro/>", 422, "FIRMA_AUSENTE"),
    ],
)
def test_what_is_no_message_is_refused(hub, raw, status, code):
    assert refused(hub.post(raw), status, code)["temporary"] is False


def test_a_body_over_the_limit_is_refused(hub):
    refused(hub.post(b"<x>" + b"a" * (1024 * 1024) + b"</x>"), 413, "XML_DEMASIADO_GRANDE")


def test_another_content_type_is_refused(hub, leg):
    for kind in ("text/plain", "application/json", "application/x-www-form-urlencoded", ""):
        answer = hub.post(hub.sealed(hub.cargo(leg)), headers={"Content-Type": kind})
        refused(answer, 415, "TIPO_DE_CONTENIDO_NO_ADMITIDO")


def test_an_address_that_no_door_has_is_a_404(hub):
    refused(hub.http.get(f"{hub.url}/api/v1/nada"), 404, "PEDIDO_MAL_FORMADO")


@pytest.mark.parametrize("path", ["/api/v1/mensajes", "/api/v1/openapi.json", "/Rest/Pcm/CEntidad", "/salud"])
def test_a_nul_in_an_address_is_a_400_as_machines_are_told(hub, path):
    refused(hub.http.get(f"{hub.url}{path}?a=1&b=x%00"), 400, "PEDIDO_MAL_FORMADO")


@pytest.mark.parametrize("path", ["/wsiopidetramite/IOTramite", "/soap/mesadepartes"])
def test_a_nul_in_an_address_is_a_fault_where_soap_is_spoken(hub, path):
    answer = hub.http.post(f"{hub.url}{path}?wsdl=%00", b"<x/>", headers={"Content-Type": "text/xml"})
    assert answer.status_code in (400, 500) and b"Fault>" in answer.content


def test_a_nul_in_an_address_that_no_door_has_is_a_404_as_machines_are_told(hub):
    refused(hub.http.get(f"{hub.url}/api/v1/nada%00"), 404, "PEDIDO_MAL_FORMADO")


def test_a_method_that_the_door_has_not_is_a_405(hub):
    answer = hub.http.delete(f"{hub.url}/api/v1/mensajes")
    refused(answer, 405, "PEDIDO_MAL_FORMADO")
    assert "POST" in answer.headers["Allow"]


def test_a_connection_cut_half_way_leaves_nothing(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    place = urlsplit(hub.url)
    with socket.create_connection((place.hostname, place.port)) as connection:
        head = "POST /api/v1/mensajes HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n"
        connection.sendall(f"{head}Content-Length: {len(raw)}\r\n\r\n".encode() + raw[: len(raw) // 2])
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(200)
    assert answer.startswith(b"HTTP/1.1 400")
    assert hub.rows(InboundMessage, cuo=leg.cuo) == []


def test_a_body_larger_than_announced_is_read_as_announced(hub, leg):
    raw = hub.sealed(hub.cargo(leg))
    place = urlsplit(hub.url)
    with socket.create_connection((place.hostname, place.port)) as connection:
        head = "POST /api/v1/mensajes HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\nContent-Length: 50"
        connection.sendall(head.encode() + b"\r\nConnection: close\r\n\r\n" + raw[:50])
        answer = connection.recv(200)
    assert answer.startswith(b"HTTP/1.1 400")


def test_the_door_says_that_it_lives(hub):
    assert hub.http.get(f"{hub.url}/salud").json() == {"estado": "en servicio"}


def test_every_refusal_has_its_sentence():
    assert set(SENTENCES) == set(Refusal)


def mutated(raw, chance):
    """A valid message with one of the things done to it that happen to bytes on their way, or that somebody tries."""
    body = bytearray(raw)
    place, other = sorted(chance.sample(range(len(body)), 2))
    kind = chance.randrange(7)
    if kind == 0:
        body[place] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del body[place:other]
    elif kind == 2:
        body[place:place] = body[place:other]
    elif kind == 3:
        body[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
    elif kind == 4:
        del body[place:]
    elif kind == 5:
        digits = [at for at, byte in enumerate(body) if 48 <= byte <= 57]
        for at in chance.sample(digits, 3):
            body[at] = 48 + chance.randrange(10)
    else:
        body[place:place] = chance.choice([b"<!---->", b"<?x y?>", b"&amp;", b"&x;", b"]]>", b"<![CDATA[x]]>", b"\x00"])
    return bytes(body)


@pytest.mark.parametrize("way", ["post", "post_soap"])
def test_no_mutation_of_a_message_makes_an_error_of_ours(hub, leg, way):
    chance = random.Random(20260101)
    messages = [hub.sealed(message) for message in (hub.cargo(leg), hub.estado(leg), hub.acuse(leg))]
    refusals = 0
    for round_ in range(200):
        raw = mutated(messages[round_ % len(messages)], chance)
        answer = getattr(hub, way)(raw)
        assert "ERROR_INTERNO" not in answer.text, raw
        assert way == "post_soap" or answer.status_code < 500, (answer.text, raw)
        refusals += answer.status_code >= 400
    assert refusals > 150


def test_no_mutation_of_an_envelope_makes_an_error_of_ours(hub, leg):
    chance = random.Random(7)
    inside = base64.b64encode(hub.sealed(hub.cargo(leg))).decode()
    envelope = (
        f'<s:Envelope xmlns:s="{service.SOAP}"><s:Body><recibirMensaje xmlns="{service.NS}"><mensaje>{inside}</mensaje>'
        "</recibirMensaje></s:Body></s:Envelope>"
    ).encode()
    for _ in range(100):
        raw = mutated(envelope, chance)
        answer = hub.http.post(f"{hub.url}/soap/mesadepartes", raw, headers={"Content-Type": "text/xml"})
        assert answer.status_code in (200, 500)
        assert "ERROR_INTERNO" not in answer.text, raw
