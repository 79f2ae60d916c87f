"""Signatures checked again years later: keys have changed meanwhile, and what holds is what held then."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from hub import board, rechecking
from hub.clock import now
from hub.issuing import issue_directory
from hub.models import InboundMessage
from hub.sight import Viewer
from hub.wire.keys import make_demo_keys
from hub.worker import make_tools
from tests.api.test_messages import said

OVERSEER = Viewer(1, frozenset({"sector_admin"}))


@pytest.fixture(scope="module", autouse=True)
def directory_of_the_day(hub):
    tools = make_tools(hub.house.settings, hub.engine)
    issue_directory(tools)
    yield
    tools.live_directory.stop()


@pytest.fixture
def acknowledged(hub):
    """A leg whose Sobre left and whose Acuse came."""
    leg = hub.file("senace")
    assert said(hub.post(hub.sealed(hub.acuse(leg, "senace"), "senace")))[1] == "aplicado"
    return leg


@pytest.fixture
def later(hub, tmp_path):
    """Another pair of keys of the hub and of SENACE, of the years after: (own certificate, directory)."""
    bodies = {code: (hub.ruc_of(code), code.upper()) for code in ("minam", "senace")}
    make_demo_keys(tmp_path, bodies, operator="minam", now=now())
    changed = tuple(replace(one, certificates=()) if one.code == "senace" else one for one in hub.directory.entities)
    own = (tmp_path / "hub" / "envelope.crt.pem").read_bytes()
    shutil.rmtree(tmp_path)
    return own, replace(hub.directory, entities=changed)


def checked(hub, leg, own, directory):
    with hub.session() as session:
        story = board.route(session, directory, OVERSEER, leg.cuo)
        return [(one.kind, one.code) for one in rechecking.recheck(session, story, directory, own)]


def test_what_was_signed_by_the_keys_of_its_day_holds(hub, acknowledged, later):
    own, directory = later
    assert checked(hub, acknowledged, own, directory) == [("sobre", ""), ("acuse", "")]


def test_what_nobody_of_that_day_signed_does_not_hold(hub, acknowledged, stranger):
    leg = acknowledged
    with hub.session() as session:
        story = board.route(session, hub.directory, OVERSEER, leg.cuo)
        forged = stranger(hub.acuse(leg, "senace"))
        row = InboundMessage(kind="acuse", channel="rest", received_at=now())
        story = replace(story, inbound=(*story.inbound, (row, forged)))
        own = (hub.keys / "hub" / "envelope.crt.pem").read_bytes()
        found = rechecking.recheck(session, story, hub.directory, own)
        story.message.sealed = story.message.sealed.replace(b"Registros", b"Registras")
        touched = rechecking.recheck(session, story, hub.directory, own)
    assert [bool(one.code) for one in found] == [False, False, True]
    assert touched[0].code


def test_a_sobre_that_was_signed_late_and_that_nobody_fetched_yet_holds(hub, acknowledged):
    with hub.session() as session:
        story = board.route(session, hub.directory, OVERSEER, acknowledged.cuo)
        story.row.delivery.handed_out_at = None
        story.message.created_at -= timedelta(minutes=10)
        own = (hub.keys / "hub" / "envelope.crt.pem").read_bytes()
        (sobre, *_) = rechecking.recheck(session, story, hub.directory, own)
        assert (sobre.kind, sobre.code) == ("sobre", "")
        story.message.sealed = b"<a/>"
        assert rechecking.recheck(session, story, hub.directory, own)[0].code
