"""Fetching announced addresses: only where the row allows, never led elsewhere, never a page for people."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from ipaddress import ip_address

import pytest

from adapters.fetch import Fetch, may_be_called
from hub.core.errors import PermanentFailure, TemporaryFailure

HERE = Fetch(2.0, may_be_here=True)


def fetch(scripted, fetcher=HERE, path="/anexo.zip", hosts=None, most=1000):
    got = bytearray()
    host = f"127.0.0.1:{scripted.server.server_port}"
    announced = fetcher.fetch(f"http://{host}{path}", [host] if hosts is None else hosts, got.extend, most)
    return bytes(got), announced


def test_a_document_comes_whole_with_its_kind_and_size(scripted):
    scripted.say(200, b"PK\x03\x04 anexo", "application/zip")
    got, announced = fetch(scripted, path="/d/a?x=1")
    assert (got, announced.media_type, announced.size) == (b"PK\x03\x04 anexo", "application/zip", 10)
    method, path, headers, _ = scripted.requests[0]
    assert (method, path, headers["Host"]) == ("GET", "/d/a?x=1", f"127.0.0.1:{scripted.server.server_port}")


@pytest.mark.parametrize("hosts", [[], ["anexos.oefa.gob.pe"], ["127.0.0.1:1"], ["7.0.0.1"], ["127.0.0.1.nip.io"]])
def test_a_host_that_the_row_does_not_list_is_not_called(scripted, hosts):
    with pytest.raises(PermanentFailure) as raised:
        fetch(scripted, hosts=hosts)
    assert raised.value.code == "ANNEX_HOST" and scripted.requests == []


@pytest.mark.parametrize("url", [
    "", "hola", "file:///etc/passwd", "ftp://a.pe/x", "http://u:p@a.pe/", "http://a.pe/ x", "http://[::1", "http:///x",
    "gopher://a.pe/", "http://a.pe:99999/", "http://ñ.pe/",
])  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_called(url):
    with pytest.raises(PermanentFailure) as raised:
        HERE.fetch(url, ["a.pe", "", "etc", "ñ.pe"], bytes, 10)
    assert raised.value.code == "ANNEX_HOST"


@pytest.mark.parametrize("host", [
    "127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "[::1]", "[fe80::1]", "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
])  # fmt: skip
def test_no_row_leads_inside_this_machine_or_its_link(host):
    with pytest.raises(PermanentFailure) as raised:
        Fetch(1.0).fetch(f"http://{host}/", [host.strip("[]")], bytes, 10)
    assert raised.value.code == "ANNEX_ADDRESS"


@pytest.mark.parametrize(("address", "is_listed", "may"), [
    ("200.48.76.125", False, True), ("10.0.0.8", False, False), ("172.16.1.9", True, True), ("10.0.0.8", True, True),
    ("127.0.0.1", True, False), ("169.254.169.254", True, False), ("fd00::1", False, False),
])  # fmt: skip
def test_a_private_address_is_called_only_where_the_row_lists_it_itself(address, is_listed, may):
    assert may_be_called(ip_address(address), is_listed_itself=is_listed, may_be_here=False) is may


def test_a_name_that_stands_for_a_private_address_is_not_followed(scripted):
    with pytest.raises(PermanentFailure) as raised:
        HERE.fetch(f"http://localhost:{scripted.server.server_port}/", ["localhost"], bytes, 10)
    assert raised.value.code == "ANNEX_ADDRESS" and scripted.requests == []


@pytest.mark.parametrize(("status", "body", "kind", "headers", "failure", "code"), [
    (302, b"", "text/plain", {"Location": "http://127.0.0.1:1/"}, PermanentFailure, "ANNEX_MOVED"),
    (200, b"<!DOCTYPE html><p>Anexos", "application/pdf", {}, PermanentFailure, "ANNEX_PAGE"),
    (200, b"cualquier cosa", "text/html; charset=utf-8", {}, PermanentFailure, "ANNEX_PAGE"),
    (200, b"x" * 1001, "application/pdf", {}, PermanentFailure, "ANNEX_TOO_LARGE"),
    (404, b"", "text/plain", {}, PermanentFailure, "ANNEX_HTTP_404"),
    (503, b"", "text/plain", {}, TemporaryFailure, "ANNEX_HTTP_503"),
    (429, b"", "text/plain", {}, TemporaryFailure, "ANNEX_HTTP_429"),
    (200, b"", "application/pdf", {}, TemporaryFailure, "ANNEX_CUT"),
])  # fmt: skip
def test_what_is_not_the_document_is_told_apart(scripted, status, body, kind, headers, failure, code):
    scripted.say(status, body, kind, **headers)
    with pytest.raises(failure) as raised:
        fetch(scripted)
    assert raised.value.code == code and len(scripted.requests) == 1


def test_a_line_that_is_cut_is_tried_again():
    def cut(server):
        caller, _ = server.accept()
        with caller:
            caller.recv(65_536)
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: 100\r\n\r\nPK")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=cut, args=(server,), daemon=True)
        thread.start()
        with pytest.raises(TemporaryFailure):
            HERE.fetch(f"http://127.0.0.1:{server.getsockname()[1]}/", ["127.0.0.1"], bytes, 1000)
        thread.join()


@contextmanager
def dripping(*pieces, pause=0.03):
    """A server that says these pieces one by one, with a pause between two; gives its host."""
    def drip(server):
        caller, _ = server.accept()
        with caller, suppress(OSError):
            caller.recv(65_536)
            for piece in pieces:
                caller.sendall(piece)
                time.sleep(pause)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n"
DROP = (b"x",) * 100


@pytest.mark.parametrize(("fetcher", "pieces"), [
    (Fetch(2.0, longest=0.2, may_be_here=True), (HEAD + b"Content-Length: 100\r\n\r\n", *DROP)),
    (Fetch(2.0, longest=0.2, may_be_here=True), (HEAD + b"\r\n", *DROP)),
    (Fetch(2.0, longest=0.2, may_be_here=True), (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", *DROP)),
    (Fetch(0.2, may_be_here=True), (HEAD + b"X-Slow: ", *DROP)),
    (Fetch(0.2, may_be_here=True), (b"HTTP/1.1 100 Continue\r\n\r\n",) * 100),
], ids=["announced", "to the end", "chunk", "headers", "continue"])  # fmt: skip
def test_what_comes_drop_by_drop_is_cut_when_its_time_is_over(fetcher, pieces):
    started = time.monotonic()
    with dripping(*pieces) as host, pytest.raises(TemporaryFailure) as raised:
        fetcher.fetch(f"http://{host}/", [host], bytes, 1000)
    assert raised.value.code == "ANNEX_SLOW" and time.monotonic() - started < 2


def test_a_page_is_known_also_where_it_comes_in_small_pieces():
    page = (HEAD + b"\r\n\n", b"<!doc", b"type html><p>Anexos")
    with dripping(*page) as host, pytest.raises(PermanentFailure) as raised:
        HERE.fetch(f"http://{host}/", [host], bytes, 1000)
    assert raised.value.code == "ANNEX_PAGE"
