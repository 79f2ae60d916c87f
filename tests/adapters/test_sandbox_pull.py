"""The sandbox institution that fetches: a message that can never be settled holds up none of those after it."""

import json
from types import SimpleNamespace

import pytest

from adapters.sandbox.calls import Caller, NotTaken
from adapters.sandbox.problems import Refused
from adapters.sandbox.pull import Fetcher
from adapters.sandbox.refusals import Refusals
from adapters.sandbox.store import Store

PAGE = 3
FINAL = json.dumps({"code": "MENSAJE_INESPERADO", "title": "No se esperaba.", "temporary": False}).encode()


class Tray:
    """The hub's list of messages, PAGE at a time; `confirmed` are those that were said to be held.

    `closed` are those that the hub refuses for good to note as held.
    """

    def __init__(self):
        self.confirmed, self.closed = [], set()
        self.names = ["1", "2", "3"]

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        after = environ["QUERY_STRING"].partition("despues=")[2]
        waiting = [one for one in self.names if one not in self.confirmed and (not after or int(one) > int(after))]
        status, body = ("204 No Content", b"") if path.endswith("recibido") else ("200 OK", path.encode())
        if path.split("/")[-2] in self.closed and status.startswith("204"):
            status, body = "409 Conflict", FINAL
        elif status.startswith("204"):
            self.confirmed.append(path.split("/")[-2])
        etag = f'"{waiting[:PAGE]}"'
        if path.endswith("/mensajes"):
            status = "304 Not Modified" if environ.get("HTTP_IF_NONE_MATCH") == etag else "200 OK"
            body = json.dumps(self.page(waiting)).encode() if status == "200 OK" else b""
        start_response(status, [("Content-Length", str(len(body))), ("ETag", etag)])
        return [body]

    def page(self, waiting):
        listed = [{"id": name, "tipo": "cargo", "cuo": name.zfill(10)} for name in waiting[:PAGE]]
        following = f"https://mesa.example/api/v1/mensajes?limite={PAGE}&despues={listed[-1]['id']}" if listed else None
        return {"mensajes": listed, "siguiente": following if len(listed) == PAGE else None}


@pytest.fixture
def tray():
    return Tray()


@pytest.fixture
def fetcher(serve, tray, tmp_path):
    """An institution that cannot read the messages of `unread`, which is message 1, until `wrong` is None."""
    store = Store(tmp_path / "institution.sqlite3")
    one = SimpleNamespace(caller=Caller(), refusals=Refusals(store), taken=[], wrong=Refused("FIRMA_INVALIDA"))
    one.unread = {"1"}
    one.who = SimpleNamespace(hub_url=serve(tray), ruc="20131367008", hub_ruc="20492966658")
    one.own = SimpleNamespace(token=lambda *_: "x")

    def told_of(message):
        name = message.decode().rpartition("/")[2]
        if name in one.unread and one.wrong:
            raise one.wrong
        one.taken.append(name.encode())

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


def test_what_waits_behind_a_page_of_refused_ones_is_taken_also_what_comes_later(fetcher, tray):
    tray.names = [str(number) for number in range(1, PAGE + 2)]
    fetcher.institution.unread = set(tray.names[:PAGE])
    fetcher.look()
    assert tray.confirmed == ["4"]
    tray.names.append("5")
    fetcher.look()
    assert tray.confirmed == ["4", "5"]


def test_one_that_the_hub_will_never_note_as_held_holds_up_none(fetcher, tray):
    fetcher.institution.unread = set()
    tray.closed = {"1"}
    fetcher.look()
    assert tray.confirmed == ["2", "3"]
    assert [told["code"] for told in fetcher.institution.refusals.listed()] == ["MENSAJE_INESPERADO"]
