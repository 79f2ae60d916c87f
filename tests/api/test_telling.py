"""What becomes of an institution's Sobre is carried to it, signed, until it has it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from hub import pausing
from hub.clock import now
from hub.core.statuses import OutboundStatus
from hub.entities.screen import publish
from hub.models import Attempt, InstitutionState, OutboundMessage
from hub.outgoing import sign_waiting
from hub.telling import _tell, tell_institutions
from hub.worker import make_tools
from tests.api.test_leaving import leave
from tests.api.test_sent_in import a_sobre, post
from tests.fixtures.house import a_pdf
from tests.fixtures.sandbox import wait_until
from tests.fixtures.scripted import Scripted


@pytest.fixture(scope="module")
def tools(hub):
    found = make_tools(hub.house.settings, hub.engine)
    settings = replace(found.settings, retry_first=0.01, retry_cap=0.01, breaker_failures=1000)
    yield replace(found, settings=settings)
    found.live_directory.stop()


@pytest.fixture
def igp(hub, tools):
    """IGP's system, which says what a test writes for it."""
    before = hub.directory.entity("igp").adapter.address
    server = Scripted()
    _move(hub, tools, server.url)
    yield server
    _move(hub, tools, before)
    server.close()


def _move(hub, tools, address):
    with Session(hub.engine) as session:
        publish(session, "igp", {"adapter": {"kind": "rest", "address": address}}, now())
        session.commit()
    tools.live_directory.reload()


@pytest.fixture
def told(hub, tools, igp):
    """A Sobre of IGP whose Acuse is signed and due; all that was due before is done."""
    with hub.session() as session:
        waits = session.query(OutboundMessage).filter_by(status=OutboundStatus.WAITING)
        waits.filter(OutboundMessage.kind != "sobre").update({"status": OutboundStatus.DONE})
        session.commit()
    pdf = a_pdf()
    leave(hub, pdf)
    post(hub, a_sobre(hub, [pdf]))
    sign_waiting(tools)
    [row] = hub.rows(OutboundMessage, kind="acuse", status=OutboundStatus.WAITING)
    return row


def recibido(message_id):
    return f'<Recibido xmlns="urn:pe:mesa-integrada:1" mensaje="{message_id}" estado="aplicado"/>'.encode()


def status(hub, row):
    return hub.rows(OutboundMessage, id=row.id)[0].status


def test_it_is_carried_as_it_was_signed(hub, tools, igp, told):
    igp.say(200, recibido(told.id))
    assert tell_institutions(tools) == 1
    method, path, _, body = igp.requests[-1]
    assert (method, path, body) == ("POST", "/mensajes", told.sealed)
    assert status(hub, told) is OutboundStatus.DONE


@pytest.mark.parametrize(
    ("code", "body"), [(503, b""), (200, b"<html>"), (200, recibido(uuid4())), (404, b"no"), (302, b"")]
)
def test_what_is_no_receipt_is_tried_again_with_the_same_bytes(hub, tools, igp, told, code, body):
    igp.say(code, body)
    tell_institutions(tools)
    assert status(hub, told) is OutboundStatus.WAITING
    igp.say(200, recibido(told.id))
    for _ in range(50):
        if tell_institutions(tools):
            break
    assert status(hub, told) is OutboundStatus.DONE
    assert {body for _, _, _, body in igp.requests} == {told.sealed}
    assert len(hub.rows(Attempt, message_id=told.id)) == 2


def test_a_refusal_in_our_words_is_for_a_person(hub, tools, igp, told):
    igp.say(422, b'{"code": "FIRMA_INVALIDA"}', "application/problem+json")
    tell_institutions(tools)
    assert status(hub, told) is OutboundStatus.DEAD


CLOSED = {"opened_at": None, "open_until": None, "times_opened": 0, "failures_in_a_row": 0}


@pytest.fixture
def breaker(hub, told):
    """breaker(...) sets the breaker of who is told; it is closed afterwards."""
    def put(**values):
        with hub.session() as session:
            session.merge(InstitutionState(entity_id=told.recipient_id, **CLOSED | values))
            session.commit()

    yield put
    put()


def test_time_with_the_breaker_open_uses_up_no_tries(hub, tools, igp, told, breaker):
    igp.say(503, b"")
    tell_institutions(tools)
    long_ago = now() - timedelta(hours=80)
    with hub.session() as session:
        session.execute(update(OutboundMessage).where(OutboundMessage.id == told.id).values(first_tried_at=long_ago))
        session.commit()
    breaker(opened_at=long_ago, open_until=now(), times_opened=3)
    wait_until(lambda: tell_institutions(tools))
    assert status(hub, told) is OutboundStatus.WAITING and len(hub.rows(Attempt, message_id=told.id)) == 2
    breaker()
    wait_until(lambda: tell_institutions(tools))
    assert status(hub, told) is OutboundStatus.DEAD


def test_who_is_paused_in_the_middle_of_a_round_is_told_no_more(hub, tools, igp, told):
    body = hub.directory.entity("igp")
    with hub.session() as session:
        pausing.pause(session, body, "Investigan un incidente", None, now())
        session.commit()
    assert (_tell(tools, body.id), tell_institutions(tools), status(hub, told)) == (0, 0, OutboundStatus.WAITING)
    with hub.session() as session:
        pausing.resume(session, body, None, now())
        session.commit()
    igp.say(200, recibido(told.id))
    assert (tell_institutions(tools), status(hub, told)) == (1, OutboundStatus.DONE)
