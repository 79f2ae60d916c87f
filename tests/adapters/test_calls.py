"""One HTTP call: what it bounds, and what its failures say about whether the message can have arrived."""

import contextlib
import socket
import threading
import time

import pytest

from adapters.calls import MAX_ANSWER, Calls
from hub.core.errors import PermanentFailure, TemporaryFailure

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"


@contextlib.contextmanager
def server(talk):
    """A server on a bare socket: `talk(connection)` is all that it does with each caller."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection, contextlib.suppress(OSError):
                        hear(connection)
                        talk(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/sobres"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def hear(connection):
    """Read the whole request: closing on unread bytes would reset the connection."""
    heard = b""
    while b"\r\n\r\n" not in heard or (heard.startswith(b"POST") and not heard.endswith(b"<Sobre/>")):
        piece = connection.recv(65_536)
        heard += piece
        if not piece or heard[:1] not in (b"G", b"P"):
            return


def says(*pieces, pause=0.0):
    def talk(connection):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return talk


def failure(url, timeout=0.5):
    with pytest.raises((TemporaryFailure, PermanentFailure)) as failed:
        Calls(timeout).call("POST", url, {}, b"<Sobre/>")
    return failed.value


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 4\r\n\r\nhola",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nho\r\n2\r\nla\r\n0\r\n\r\n",
        HEAD + b"Connection: close\r\n\r\nhola",
    ],
    ids=["length", "chunked", "until-closed"],
)
def test_an_answer_comes_back_as_it_is(answer):
    with server(says(answer)) as url:
        reply = Calls(2).call("POST", url, {}, b"<Sobre/>")
    assert (reply.status, reply.body) == (200, b"hola")


def test_an_answer_given_drop_by_drop_ends_with_the_time_of_the_call():
    drops = [HEAD + b"Content-Length: 100\r\n\r\n", *[b"x"] * 100]
    started = time.monotonic()
    with server(says(*drops, pause=0.1)) as url:
        failed = failure(url)
    assert time.monotonic() - started < 1.5
    assert (failed.code, failed.may_have_arrived) == ("TIMEOUT", True)
    assert failed.raw.startswith(b"x")


def test_an_answer_too_large_is_given_up_and_its_beginning_kept():
    flood = [HEAD + b"Connection: close\r\n\r\n", *[b"x" * 65_536] * (MAX_ANSWER // 65_536 + 2)]
    with server(says(*flood)) as url:
        failed = failure(url, timeout=5)
    assert (failed.code, failed.may_have_arrived, len(failed.raw)) == ("ANSWER_TOO_LARGE", True, 65_536)


@pytest.mark.parametrize("sent", [b"", b"HTTP", HEAD + b"Content-Length: 100\r\n\r\nhola"])
def test_a_connection_cut_half_way_may_have_brought_it(sent):
    with server(says(sent)) as url:
        failed = failure(url, timeout=2)
    assert isinstance(failed, TemporaryFailure)
    assert failed.may_have_arrived
    assert failed.raw == (b"hola" if b"hola" in sent else b"")


def test_a_compressed_bomb_is_never_unpacked():
    body = b"\x1f\x8b" + b"\x00" * 1000
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with server(says(head + body)) as url:
        assert Calls(2).call("GET", url, {}).body == body


def test_a_redirect_is_given_back_not_followed():
    with server(says(b"HTTP/1.1 302 Found\r\nLocation: /otra\r\nContent-Length: 0\r\n\r\n")) as url:
        assert Calls(2).call("GET", url, {}).status == 302


def test_cookies_are_not_kept():
    seen = []

    def talk(connection):
        seen.append(1)
        connection.sendall(HEAD + b"Set-Cookie: a=b\r\nConnection: close\r\n\r\nhola")

    with server(talk) as url:
        calls = Calls(2)
        calls.call("GET", url, {})
        calls.call("GET", url, {})
        assert not next(iter(calls._sessions.values())).cookies


def test_without_a_connection_it_cannot_have_arrived():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        failed = failure(f"http://127.0.0.1:{taken.getsockname()[1]}/sobres")
    assert (failed.code, failed.may_have_arrived) == ("UNREACHABLE", False)
    assert not failure("http://no.existe.invalid/sobres").may_have_arrived


def test_a_server_without_tls_behind_https_cannot_have_got_it():
    with server(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as url:
        failed = failure(url.replace("http:", "https:"))
    assert (failed.code, failed.may_have_arrived) == ("UNREACHABLE", False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/sobres",
        "ftp://127.0.0.1/",
        "http:///sobres",
        "http://a b/",
        "http://[::1/",
        "http://a:puerto/",
        "http://a:0/",
        "x",
    ],
)
def test_an_address_that_cannot_be_is_permanent(url):
    failed = failure(url)
    assert isinstance(failed, PermanentFailure)
    assert (failed.code, failed.may_have_arrived) == ("ADDRESS_INVALID", False)
