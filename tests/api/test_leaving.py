"""Documents that an institution leaves at the hub: in pieces, after cuts, checked by digest, its own alone."""

import base64
import hashlib
import os
import socket
from uuid import UUID

import pytest

from hub import leaving
from hub.clock import now
from hub.core.errors import ContractError
from hub.models import LeftDocument, LeftPart
from tests.api.test_messages import refused

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def content():
    return os.urandom(300_000)


def ask(hub, method, path, body=b"", code="igp", **headers):
    sent = {"Authorization": f"Bearer {hub.token(code)}", **TUS, **headers}
    return hub.http.request(method, hub.url + path, data=body, headers=sent, timeout=20)


def announce(hub, content, code="igp", sha256=None, **headers):
    digest = sha256 or hashlib.sha256(content).hexdigest()
    named = f"sha256 {base64.b64encode(digest.encode()).decode()}"
    told = {"Upload-Length": str(len(content)), "Upload-Metadata": named}
    return ask(hub, "POST", "/api/v1/documentos", code=code, **told | headers)


def send(hub, place, content, offset=0, code="igp"):
    return ask(hub, "PATCH", place, content, code, **BYTES, **{"Upload-Offset": str(offset)})


def leave(hub, content, code="igp"):
    """Leave a document in three pieces; gives its SHA-256."""
    place = announce(hub, content, code).headers["Location"]
    third = len(content) // 3 + 1
    for start in range(0, len(content), third):
        assert send(hub, place, content[start : start + third], start, code).status_code == 204
    return hashlib.sha256(content).hexdigest()


def test_a_document_left_in_pieces_is_whole(hub, content):
    digest = leave(hub, content)
    [row] = hub.rows(LeftDocument, sha256=digest)
    assert row.received == len(content) and hub.house.store.open(row.object_key).read() == content
    assert hub.rows(LeftPart, document_id=row.id) == []


def test_left_again_it_does_not_travel(hub, content):
    leave(hub, content)
    again = announce(hub, content)
    assert (again.status_code, again.headers["Upload-Offset"]) == (201, str(len(content)))


def test_a_digest_opens_nothing_of_another(hub, content):
    leave(hub, content)
    other = announce(hub, content, code="senace")
    assert other.headers["Upload-Offset"] == "0"
    mine = announce(hub, content).headers["Location"]
    refused(ask(hub, "PATCH", mine, b"x", "senace", **BYTES, **{"Upload-Offset": "0"}), 404, "DOCUMENTO_DESCONOCIDO")
    assert ask(hub, "HEAD", mine, code="senace").status_code == 404
    refused(ask(hub, "DELETE", mine, code="senace"), 404, "DOCUMENTO_DESCONOCIDO")


def test_what_is_not_what_was_announced_is_forgotten(hub, content):
    place = announce(hub, content, sha256="a" * 64).headers["Location"]
    refused(send(hub, place, content), 422, "DOCUMENTO_ALTERADO")
    assert hub.rows(LeftDocument, sha256="a" * 64) == []


def test_a_piece_that_does_not_go_on_is_told_how_far_it_is(hub, content):
    place = announce(hub, content).headers["Location"]
    send(hub, place, content[:1000])
    wrong = send(hub, place, content[:1000], 5)
    assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, "1000")
    assert ask(hub, "HEAD", place).headers["Upload-Offset"] == "1000"


def test_what_came_before_a_cut_counts(hub, content):
    place = announce(hub, content).headers["Location"]
    host, port = hub.url.removeprefix("http://").split(":")
    head = f"PATCH {place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {hub.token()}\r\nTus-Resumable: 1.0.0\r\n"
    head += f"Content-Type: {BYTES['Content-Type']}\r\nUpload-Offset: 0\r\nContent-Length: {len(content)}\r\n\r\n"
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + content[:100_000])
        line.shutdown(socket.SHUT_WR)
        line.recv(1000)
    offset = int(ask(hub, "HEAD", place).headers["Upload-Offset"])
    assert offset == 100_000
    assert send(hub, place, content[offset:], offset).status_code == 204
    assert announce(hub, content).headers["Upload-Offset"] == str(len(content))


def unfinished(hub, content, arrived=None):
    """Left whole by a process that died before it looked at the whole; gives its address."""
    place = announce(hub, content).headers["Location"]
    stored = hub.house.store.put(arrived or content)
    with hub.session() as session:
        leaving.keep_part(session, hub.house.store, UUID(place.rpartition("/")[2]), 0, stored, now())
        session.commit()
    return place


@pytest.mark.parametrize("asks", ["HEAD", "POST"])
def test_who_is_told_that_it_is_whole_may_name_it(hub, content, asks):
    place = unfinished(hub, content)
    again = announce(hub, content) if asks == "POST" else ask(hub, "HEAD", place)
    assert again.headers["Upload-Offset"] == str(len(content))
    [row] = hub.rows(LeftDocument, sha256=hashlib.sha256(content).hexdigest())
    assert hub.house.store.open(row.object_key).read() == content


def test_what_nobody_looked_at_yet_is_asked_for_later(hub, content):
    unfinished(hub, content)
    wanted = [(hashlib.sha256(content).hexdigest(), len(content))]
    with hub.session() as session, pytest.raises(ContractError) as raised:
        leaving.named(session, hub.directory.entity("igp").id, wanted)
    assert (raised.value.code, raised.value.is_temporary) == ("NO_DISPONIBLE", True)


def test_what_a_dead_process_took_and_is_something_else_is_forgotten(hub, content):
    place = unfinished(hub, content, content[::-1])
    assert ask(hub, "HEAD", place).status_code == 422
    assert ask(hub, "HEAD", place).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [{"Tus-Resumable": "0.2"}, {"Upload-Length": "-1"}, {"Upload-Length": "x"}, {"Upload-Metadata": "sha256 !!"}],
)
def test_a_call_against_the_protocol_is_refused(hub, content, headers):
    refused(announce(hub, content, **headers), 400, "PEDIDO_MAL_FORMADO")


def test_what_was_dropped_is_gone(hub, content):
    place = announce(hub, content).headers["Location"]
    send(hub, place, content[:1000])
    assert ask(hub, "DELETE", place).status_code == 204
    assert ask(hub, "HEAD", place).status_code == 404


def test_a_piece_is_as_large_as_the_document_whatever_a_form_may_have(hub, content, monkeypatch):
    monkeypatch.setitem(hub.app.config, "MAX_CONTENT_LENGTH", 100_000)
    place = announce(hub, content).headers["Location"]
    assert send(hub, place, content).status_code == 204
