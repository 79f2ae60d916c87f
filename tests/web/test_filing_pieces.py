"""Files in pieces over real HTTP (tus 1.0): each piece by another process, cuts, wrong checksums, limits."""

import base64
import hashlib
import re
import socket
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import requests

from hub.app import create_app
from hub.core.errors import StorageFailure
from hub.models import DraftFile
from hub.storage import Store
from tests.fixtures.house import a_pdf
from tests.fixtures.http import serving

PATH = "/presentar/archivos"
TUS = {"Tus-Resumable": "1.0.0"}


def coded(text):
    return base64.b64encode(text.encode()).decode()


class Sender:
    """The page's script, as far as the server can tell."""

    def __init__(self, url, code="igp"):
        self.url, self.browser = url, requests.Session()
        page = self.browser.get(f"{url}/presentar/{code}", timeout=20).text
        self.csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        begun = self.browser.post(f"{url}/presentar/{code}", data={"csrf_token": self.csrf}, timeout=20)
        assert begun.status_code == 200, begun.text

    def call(self, method, path, url=None, **headers):
        body = headers.pop("body", b"")
        sent = TUS | {"X-CSRFToken": self.csrf} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.request(method, (url or self.url) + path, data=body, headers=sent, timeout=60)

    def begin(self, name, size, role="annexes"):
        metadata = f"filename {coded(name)},role {coded(role)}"
        return self.call("POST", PATH, Upload_Length=str(size), Upload_Metadata=metadata)

    def piece(self, path, offset, data, url=None, **headers):
        headers = {"Upload_Offset": str(offset), "Content_Type": "application/offset+octet-stream"} | headers
        return self.call("PATCH", path, url, body=data, **headers)

    def offset(self, path, url=None):
        return int(self.call("HEAD", path, url).headers["Upload-Offset"])

    def page(self):
        return self.browser.get(f"{self.url}/presentar/borrador/archivos", timeout=20).text

    def cut(self, path, offset, announced, sent):
        """Announce so many bytes, send fewer, and hang up."""
        host = urlsplit(self.url)
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.browser.cookies)
        head = (
            f"PATCH {path} HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: {cookies}\r\nTus-Resumable: 1.0.0\r\n"
            f"X-CSRFToken: {self.csrf}\r\nUpload-Offset: {offset}\r\nContent-Length: {announced}\r\n"
            "Content-Type: application/offset+octet-stream\r\n\r\n"
        )
        with socket.create_connection((host.hostname, host.port)) as line:
            line.sendall(head.encode() + sent)


@pytest.fixture
def sender(house_url):
    return Sender(house_url)


class Full(Store):
    """A store on a disk that has no room for more."""

    def join(self, object_key, at, more):
        raise StorageFailure(object_key)


class Apart(Store):
    """A store that takes pieces, and fails when they are to be one document."""

    def copy(self, object_key):
        raise StorageFailure(object_key)


def stored(settings):
    return {one for one in Path(settings.documents_url).rglob("*") if one.is_file()}


def test_a_piece_that_cannot_be_written_leaves_nothing_behind(house, sender):
    settings = house.services.settings
    full = create_app(settings)
    full.extensions["mesa"] = replace(full.extensions["mesa"], store=Full(settings.documents_url))
    path = sender.begin("datos.bin", 2000).headers["Location"]
    with serving(full) as url:
        assert sender.piece(path, 0, bytes(1000), url).status_code == 204
        before = stored(settings)
        assert sender.piece(path, 1000, bytes(1000), url).status_code >= 500
        assert stored(settings) == before
    full.extensions["mesa"].live_directory.stop()
    assert sender.offset(path) == 1000


def test_a_file_whose_pieces_could_not_be_joined_is_joined_for_who_asks_how_far_it_is(house, sender):
    settings, content = house.services.settings, a_pdf()
    half_way = create_app(settings)
    half_way.extensions["mesa"] = replace(half_way.extensions["mesa"], store=Apart(settings.documents_url))
    path = sender.begin("entero.pdf", len(content)).headers["Location"]
    with serving(half_way) as url:
        refused = sender.piece(path, 0, content, url)
        assert (refused.status_code, bool(refused.headers["Retry-After"])) == (503, True)
    half_way.extensions["mesa"].live_directory.stop()
    assert "entero.pdf" not in sender.page()
    assert sender.offset(path) == len(content)
    assert "entero.pdf" in sender.page()


def test_who_asks_how_far_it_is_reads_why_the_whole_is_not_taken(house, sender):
    half_way = create_app(house.services.settings)
    apart = Apart(house.services.settings.documents_url)
    half_way.extensions["mesa"] = replace(half_way.extensions["mesa"], store=apart)
    path = sender.begin("nota.pdf", 4, role="main_document").headers["Location"]
    with serving(half_way) as url:
        assert sender.piece(path, 0, b"hola", url).status_code == 503
    half_way.extensions["mesa"].live_directory.stop()
    asked = sender.call("HEAD", path)
    assert (asked.status_code, asked.text) == (422, "") and "no es un PDF" in unquote(asked.headers["Mesa-Why"])
    assert sender.call("HEAD", path).status_code == 404


def test_a_file_in_pieces_through_two_processes_is_one_file(house, sender):
    content = bytes(range(256)) * 4000
    path = sender.begin("datos del río.bin", len(content)).headers["Location"]
    middle = len(content) // 2
    second = create_app(house.services.settings)
    with serving(second) as other:
        assert sender.piece(path, 0, content[:middle]).headers["Upload-Offset"] == str(middle)
        assert sender.offset(path, other) == middle
        done = sender.piece(path, middle, content[middle:], other)
    second.extensions["mesa"].live_directory.stop()
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(content)))
    assert "datos del río.bin" in sender.page()
    with house.session() as session:
        file = session.query(DraftFile).filter_by(file_name="datos del río.bin").one()
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert sender.piece(path, len(content), b"").status_code == 204


def test_what_came_in_before_a_cut_counts(sender):
    path = sender.begin("datos.bin", 500_000).headers["Location"]
    sender.cut(path, 0, 500_000, bytes(200_000))
    for _ in range(100):
        if reached := sender.offset(path):
            break
    assert 0 < reached <= 200_000
    assert sender.piece(path, reached, bytes(500_000 - reached)).status_code == 204


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_with_another_checksum_is_not_kept(sender, algorithm):
    path = sender.begin("datos.bin", 6).headers["Location"]
    digest = base64.b64encode(hashlib.new(algorithm, b"abc").digest()).decode()
    assert sender.piece(path, 0, b"abd", Upload_Checksum=f"{algorithm} {digest}").status_code == 460
    assert sender.offset(path) == 0
    assert sender.piece(path, 0, b"abc", Upload_Checksum=f"{algorithm} {digest}").status_code == 204
    assert sender.offset(path) == 3


def test_a_piece_is_as_large_as_the_file_whatever_a_form_may_have(house, sender, monkeypatch):
    monkeypatch.setitem(house.app.config, "MAX_CONTENT_LENGTH", 100_000)
    content = a_pdf() + b"%" * 150_000
    place = sender.begin("a.pdf", len(content)).headers["Location"]
    assert sender.piece(place, 0, content).status_code == 204


def test_a_piece_from_elsewhere_in_the_file_conflicts(sender):
    path = sender.begin("datos.bin", 6).headers["Location"]
    assert sender.piece(path, 3, b"abc").status_code == 409
    assert sender.piece(path, 0, b"abcdefgh").status_code == 409
    assert sender.offset(path) == 0


def test_limits_hold_before_a_byte_is_sent(house, sender):
    before = house.stored()
    answer = sender.begin("enorme.pdf", 11 * 1024**2, role="main_document")
    assert answer.status_code == 413
    assert "«enorme.pdf» pesa más de 10 MB" in answer.text and "mesa de partes" in answer.text
    assert "está vacío" in sender.begin("nada.pdf", 0).text
    assert house.stored() == before


def test_a_main_document_that_nobody_could_open_is_told_at_the_end_and_forgotten(house, sender):
    before = house.stored()
    path = sender.begin("nota.pdf", 4, role="main_document").headers["Location"]
    answer = sender.piece(path, 0, b"hola")
    assert answer.status_code == 422
    assert "no es un PDF" in answer.text
    assert sender.call("HEAD", path).status_code == 404
    assert house.stored() == before


def test_a_kind_that_the_destination_does_not_take_is_told_at_the_end(house_url):
    sender = Sender(house_url, "sernanp")
    path = sender.begin("foto.png", 8).headers["Location"]
    answer = sender.piece(path, 0, b"\x89PNG\r\n\x1a\n")
    assert answer.status_code == 422 and "«foto.png»" in answer.text


def test_the_main_document_shows_its_pages(sender):
    content = a_pdf(7)
    path = sender.begin("escrito.pdf", len(content), role="main_document").headers["Location"]
    assert sender.piece(path, 0, content).status_code == 204
    assert "7 páginas" in sender.page()


def test_nobody_goes_on_with_the_upload_of_another(house_url, sender):
    path = sender.begin("datos.bin", 6).headers["Location"]
    stranger = Sender(house_url)
    assert stranger.call("HEAD", path).status_code == 404
    assert stranger.piece(path, 0, b"abc").status_code == 404
    without = requests.head(house_url + path, headers=TUS, timeout=10)
    assert without.status_code == 410
    assert sender.call("DELETE", path).status_code == 204
    assert sender.call("HEAD", path).status_code == 404


def test_only_this_version_of_the_protocol_is_spoken(sender):
    answer = sender.call("POST", PATH, Tus_Resumable="0.2.2", Upload_Length="1")
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    path = sender.begin("datos.bin", 6).headers["Location"]
    assert sender.piece(path, 0, b"abc", Content_Type="text/plain").status_code == 415
    assert sender.call("POST", PATH, Upload_Length="mucho").status_code == 400


def test_the_script_is_loaded_only_where_files_are_sent(sender):
    assert "mesa-archivos-" in sender.page()
    other = sender.browser.get(f"{sender.url}/presentar/borrador/documento", timeout=20).text
    assert "mesa-archivos-" not in other
    assert not list(Path("hub/web/static").glob("archivos*"))
