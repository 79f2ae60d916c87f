"""Who is refused reads why, however much it was still sending; who sends what no server can read is told so."""

import http.client
import select
import socket
import time
from urllib.parse import urlsplit

import pytest

from hub.api.leftovers import patience
from tests.api.national import envelope, question

TOO_LARGE = b"<x>" + b"a" * 3_000_000 + b"</x>"
ADDRESSES = ("/services/PcmIMgdTramite", "/wsiotramite/Tramite", "/soap/mesadepartes")
XML = {"Content-Type": "text/xml"}


@pytest.fixture
def line(hub):
    found = http.client.HTTPConnection(urlsplit(hub.url).netloc, timeout=20)
    yield found
    found.close()


def asked(line, path, body, **headers):
    line.request("POST", path, body, XML | headers, encode_chunked="Transfer-Encoding" in headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def test_a_message_that_is_too_large_is_answered_and_the_line_goes_on(line):
    for _ in range(3):
        status, said = asked(line, "/soap/mesadepartes", TOO_LARGE)
        assert status == 500 and b"XML_DEMASIADO_GRANDE" in said
        status, said = asked(line, "/services/PcmIMgdTramite", question("999999999A").encode())
        assert status == 200 and b"0001" in said


def test_one_in_pieces_too(line):
    pieces = [TOO_LARGE[place : place + 100_000] for place in range(0, len(TOO_LARGE), 100_000)]
    status, said = asked(line, "/soap/mesadepartes", iter(pieces), **{"Transfer-Encoding": "chunked"})
    assert status == 500 and b"XML_DEMASIADO_GRANDE" in said


def test_a_method_or_an_operation_that_is_not_there_is_answered_after_the_body(line):
    for path, body in (("/services/NoExiste", TOO_LARGE), ("/services/PcmCuo", envelope("<n:otra/>").encode())):
        status, said = asked(line, path, body)
        assert status in (400, 404) and b"Fault" in said


@pytest.mark.parametrize("path", [*ADDRESSES, "/Rest/Pcm/ConsultarTramite"])
@pytest.mark.parametrize(("length", "body"), [
    ("Transfer-Encoding: chunked", b"ZZ\r\nhola\r\n0\r\n\r\n"), ("Transfer-Encoding: chunked", b"5\r\nho"),
    ("Content-Length: 100", b"hola"), ("Content-Length: 3000000", b"hola"),
])  # fmt: skip
def test_a_body_that_cannot_be_read_to_its_end_is_the_callers_fault(hub, path, length, body, caplog):
    place = urlsplit(hub.url)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n{length}\r\n\r\n"
    with socket.create_connection((place.hostname, place.port), 10) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert b"soap:Client" in answer or b"vcodres" in answer
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


@pytest.fixture
def impatient(hub):
    """The hub, that waits for no body longer than a moment."""
    hub.app.config["PATIENCE"] = 0.2
    yield hub
    del hub.app.config["PATIENCE"]


@pytest.mark.parametrize("path", ["/services/NoExiste", "/services/PcmIMgdTramite", "/Rest/Pcm/ConsultarTramite"])
@pytest.mark.parametrize("length", ["Content-Length: 3000", "Transfer-Encoding: chunked"])
def test_who_lets_a_body_drip_is_answered_when_its_time_is_over(impatient, path, length):
    place = urlsplit(impatient.url)
    drop = b"1\r\nx\r\n" if "chunked" in length else b"x"
    with socket.create_connection((place.hostname, place.port), 10) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n{length}\r\n\r\n".encode())
        answer, ends = b"", time.monotonic() + 3
        while not answer and time.monotonic() < ends:
            connection.sendall(drop)
            if select.select([connection], [], [], 0.05)[0]:
                answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 ")


def test_a_stranger_is_waited_for_less_than_who_may_call(hub):
    def waited(address):
        with hub.app.test_request_context("/", environ_overrides={"REMOTE_ADDR": address}):
            return patience(60.0)

    assert (waited("203.0.113.9"), waited("127.0.0.1")) == (5.0, 60.0)
