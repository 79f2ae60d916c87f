"""An institution without an open port fetches its messages; its leg goes the same steps as a pushed one."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from hub import pausing
from hub.clock import now
from hub.core.statuses import OutboundStatus
from hub.entities.screen import publish
from hub.models import Event, Filing, OutboundMessage
from hub.outgoing import sign_waiting
from hub.wire import seal
from hub.withdrawing import take_back
from hub.worker import make_tools
from tests.api.test_messages import refused, said

PULLS = "senamhi"


@pytest.fixture(scope="module")
def tools(hub):
    found = make_tools(hub.house.settings, hub.engine)
    yield found
    found.live_directory.stop()


def _way(hub, tools, adapter):
    with Session(hub.engine) as session:
        publish(session, PULLS, {"adapter": adapter}, now())
        session.commit()
    hub.house.live_directory.reload()
    tools.live_directory.reload()


@pytest.fixture(scope="module", autouse=True)
def pulling(hub, tools):
    before = hub.directory.entity(PULLS).adapter
    _way(hub, tools, {"kind": "pull"})
    hub.directory = hub.house.directory
    yield
    _way(hub, tools, {"kind": "rest", "address": before.address})
    hub.directory = hub.house.directory


@pytest.fixture
def waiting(hub, tools):
    """A filing whose Sobre waits to be fetched: (cuo, what the tray says of it)."""
    cuo = hub.present(PULLS)
    sign_waiting(tools)
    told = [one for one in tray(hub)["mensajes"] if one["cuo"] == cuo]
    return cuo, told[0]


def ask(hub, path, method="GET", code=PULLS, **headers):
    sent = {"Authorization": f"Bearer {hub.token(code)}"} | headers
    return hub.http.request(method, hub.url + path, headers=sent, timeout=20)


def tray(hub, query="", **headers):
    return ask(hub, f"/api/v1/mensajes{query}", **headers).json()


def fetch(hub, told, **more):
    return ask(hub, f"/api/v1/mensajes/{told['id']}", **more)


def acuse_of(hub, raw):
    opened = seal.open_sealed(
        raw, lambda ruc: _own(hub), receiver_ruc=hub.ruc_of(PULLS), now=now()
    )
    header = opened.message.header
    leg = type("Leg", (), {"cuo": header.cuo, "filing_number": header.filing_number, "sobre_id": header.message_id,
                           "sobre_digest": opened.reference_digest})  # fmt: skip
    return hub.sealed(hub.acuse(leg, PULLS), PULLS)


def _own(hub):
    from hub.core.ports import TrustedCertificate
    from hub.wire.trusted import leaf_of

    pem = hub.own_signer().certificate_pem
    return (TrustedCertificate(pem, leaf_of(pem).valid_from, leaf_of(pem).valid_until),)


def test_what_waits_is_listed_signed_and_stays_queued(hub, waiting):
    cuo, told = waiting
    raw = fetch(hub, told).content
    assert told["tipo"] == "sobre" and hashlib.sha256(raw).hexdigest() == told["sha256"]
    assert hub.status(cuo) == "queued" and hub.leg(cuo).handed_out_at is not None
    assert len(hub.rows(Event, delivery_id=hub.leg(cuo).id, kind="handed_out")) == 1


def test_fetched_twice_it_is_handed_out_once(hub, waiting):
    cuo, told = waiting
    first, second = fetch(hub, told), fetch(hub, told)
    assert first.content == second.content
    assert len(hub.rows(Event, delivery_id=hub.leg(cuo).id, kind="handed_out")) == 1


def test_its_acuse_ends_the_message_and_the_leg_is_sent(hub, waiting):
    cuo, told = waiting
    assert said(hub.post(acuse_of(hub, fetch(hub, told).content)))[1] == "aplicado"
    [message] = hub.rows(OutboundMessage, delivery_id=hub.leg(cuo).id, kind="sobre")
    assert (hub.status(cuo), message.status) == ("sent", OutboundStatus.DONE)
    assert told["id"] not in [one["id"] for one in tray(hub)["mensajes"]]


def test_a_tray_is_paged_and_says_where_it_goes_on(hub, tools):
    cuos = [hub.present(PULLS) for _ in range(3)]
    sign_waiting(tools)
    found, page = [], tray(hub, "?limite=2")
    while page["mensajes"]:
        found += page["mensajes"]
        if page["siguiente"] is None:
            break
        page = tray(hub, page["siguiente"].partition("/mensajes")[2])
    assert set(cuos) <= {one["cuo"] for one in found}
    assert len({one["id"] for one in found}) == len(found)


def test_an_unchanged_tray_is_not_sent_again(hub, waiting):
    first = ask(hub, "/api/v1/mensajes")
    again = ask(hub, "/api/v1/mensajes", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_institution_sees_and_fetches_nothing_of_it(hub, waiting):
    _, told = waiting
    assert told["id"] not in [one["id"] for one in tray(hub, code="igp")["mensajes"]]
    refused(fetch(hub, told, code="igp"), 404, "MENSAJE_DESCONOCIDO")
    refused(ask(hub, f"/api/v1/mensajes/{told['id']}/recibido", "PUT", code="igp"), 404, "MENSAJE_DESCONOCIDO")
    refused(ask(hub, f"/api/v1/mensajes/{uuid4()}"), 404, "MENSAJE_DESCONOCIDO")
    refused(ask(hub, "/api/v1/mensajes/x"), 404, "MENSAJE_DESCONOCIDO")


def test_what_is_taken_back_meanwhile_is_not_handed_out(hub, waiting):
    cuo, told = waiting
    with hub.session() as session, ThreadPoolExecutor(1) as pool:
        take_back(session, session.get_one(Filing, hub.leg(cuo).filing_id), "1", now())
        fetched = pool.submit(fetch, hub, told)
        with pytest.raises(TimeoutError):
            fetched.result(1)
        session.commit()
        refused(fetched.result(20), 403, "DOCUMENTO_NO_AUTORIZADO")
    assert hub.status(cuo) == "cancelled" and hub.leg(cuo).handed_out_at is None


def test_a_sobre_is_not_confirmed_but_by_its_acuse(hub, waiting):
    _, told = waiting
    refused(ask(hub, f"/api/v1/mensajes/{told['id']}/recibido", "PUT"), 422, "MENSAJE_NO_ESPERADO")


@pytest.mark.parametrize("query", ["limite=0", "limite=9999", "limite=x", "despues=y"])
def test_a_parameter_against_its_schema_is_refused(hub, query):
    refused(ask(hub, f"/api/v1/mensajes?{query}"), 400, "PEDIDO_MAL_FORMADO")


@pytest.fixture
def pause(hub):
    """pause() holds what goes to the institution; resumed at the end."""
    body, by = hub.directory.entity(PULLS), None

    def change(what, *values):
        with Session(hub.engine) as session:
            what(session, body, *values, by, now())
            session.commit()

    yield lambda: change(pausing.pause, "Investigan un incidente")
    change(pausing.resume)


def test_a_paused_institution_finds_nothing_new_and_may_read_again_what_it_had(hub, tools, waiting, pause):
    cuo, had = waiting
    assert fetch(hub, had).status_code == 200
    listed = hub.present(PULLS)
    sign_waiting(tools)
    new = next(one for one in tray(hub)["mensajes"] if one["cuo"] == listed)
    pause()
    shown = [one["cuo"] for one in tray(hub, "?limite=200")["mensajes"]]
    assert cuo in shown and listed not in shown
    assert refused(fetch(hub, new), 503, "NO_DISPONIBLE")["temporary"] and fetch(hub, had).status_code == 200
    assert hub.leg(listed).handed_out_at is None and hub.status(listed) == "queued"
