"""The sandbox institution that fetches: a message that can never be settled holds up none of those after it."""

import json
from types import SimpleNamespace

import pytest

from adapters.sandbox.calls import Caller, NotTaken
from adapters.sandbox.problems import Refused
from adapters.sandbox.pull import Fetcher
from adapters.sandbox.refusals import Refusals
from adapters.sandbox.store import Store

TRAY = [{"id": name, "tipo": "cargo", "cuo": f"000000000{name}"} for name in "123"]


class Tray:
    """The hub's list of messages; `confirmed` are those that were said to be held."""

    def __init__(self):
        self.confirmed = []

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        waiting = [one for one in TRAY if one["id"] not in self.confirmed]
        if environ["REQUEST_METHOD"] == "PUT":
            self.confirmed.append(path.split("/")[-2])
        status, body = ("204 No Content", b"") if path.endswith("recibido") else ("200 OK", path.encode())
        etag = f'"{len(waiting)}"'
        if path.endswith("/mensajes"):
            status = "304 Not Modified" if environ.get("HTTP_IF_NONE_MATCH") == etag else "200 OK"
            body = json.dumps({"mensajes": waiting}).encode() if status == "200 OK" else b""
        start_response(status, [("Content-Length", str(len(body))), ("ETag", etag)])
        return [body]


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def fetcher(serve, tray, tmp_path):
    """An institution that cannot read message 1, until `mended` is set."""
    store = Store(tmp_path / "institution.sqlite3")
    one = SimpleNamespace(caller=Caller(), refusals=Refusals(store), taken=[], wrong=Refused("FIRMA_INVALIDA"))
    one.who = SimpleNamespace(hub_url=serve(tray), ruc="20131367008", hub_ruc="20492966658")
    one.own = SimpleNamespace(token=lambda *_: "x")

    def told_of(message):
        if message.endswith(b"1") and one.wrong:
            raise one.wrong
        one.taken.append(message[-1:])

    one.told_of = told_of
    yield Fetcher(one)
    store.close()


@pytest.mark.parametrize("wrong", [Refused("FIRMA_INVALIDA", "content"), NotTaken("CUO_AJENO", "De otra entidad.")])
def test_the_others_are_taken_and_it_is_shown_until_a_person_lets_it_go(fetcher, tray, wrong):
    one = fetcher.institution
    one.wrong = wrong
    for _ in range(3):
        fetcher.look()
    assert one.taken == [b"2", b"3"] and tray.confirmed == ["2", "3"]
    assert [(told["cuo"], told["code"]) for told in one.refusals.listed()] == [("0000000001", wrong.code)]
    one.wrong = None
    one.refusals.drop("0000000001")
    fetcher.look()
    assert tray.confirmed == ["2", "3", "1"]
