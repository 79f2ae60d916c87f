"""The first load of every page that asks for something: under 60 KB over the wire, page, style, script and marks."""

import http.client
import re
from functools import cache
from urllib.parse import urlsplit

import pytest

BYTES = 60_000
FORM = re.compile(r"<(?:textarea|select|input (?![^>]*type=\"hidden\"))")
LOADED = re.compile(r'<(?:script|link|img)[^>]*\s(?:src|href)="(/static/[^"]+)"')


@pytest.fixture(scope="module")
def wire(hung):
    """wire(path) -> all bytes of an answer, its head included, to a browser that can unpack."""

    @cache
    def bytes_of(path):
        line = http.client.HTTPConnection(urlsplit(hung).netloc, timeout=20)
        line.request("GET", path, headers={"Accept-Encoding": "gzip, deflate, br"})
        answer = line.getresponse()
        head, body = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()), answer.read()
        line.close()
        assert answer.status == 200, path
        return head + len(body)

    return bytes_of


def first_load(wire, picture):
    """A page is never packed: what it weighs is what it is, and a head of at most 1,500 bytes."""
    return len(picture.source.encode()) + 1500 + sum(map(wire, set(LOADED.findall(picture.source))))


def test_every_form_page_is_light(gallery, wire):
    asking = [one for one in gallery.pictures if FORM.search(one.source)]
    assert len(asking) > 40 and {"filing.show_papers", "counter.new_filing"} <= {one.endpoint for one in asking}
    weights = {one.name: first_load(wire, one) for one in asking}
    assert {name: weight for name, weight in weights.items() if weight >= BYTES} == {}


def test_the_style_goes_packed_and_a_page_does_not(town, gallery, wire):
    style, visitor = LOADED.search(gallery.pictures[0].source)[1], town.visitor()
    assert wire(style) < 20_000
    packed = visitor.get(style, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
    plain = visitor.get(style)
    assert "Content-Encoding" not in plain.headers and "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in visitor.get("/presentar", headers={"Accept-Encoding": "gzip"}).headers
