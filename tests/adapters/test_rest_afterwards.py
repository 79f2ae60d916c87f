"""The sandbox institution over REST: what it says afterwards, how it misbehaves when told, what a kill leaves."""

import base64
import concurrent.futures
from datetime import datetime

import pytest
import requests
from lxml import etree

from tests.adapters.institution import FAST, NEVER, ask, credential, opened, post
from tests.fixtures.sandbox import RUCS, wait_until


def test_it_registers_processes_and_answers_and_says_each_once(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", **FAST)
    hub_stub.refuse_messages = 2
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    wait_until(lambda: len(hub_stub.messages) == 3)
    cargo, process, answered = [opened(keys, "igp", message).message for message in hub_stub.messages]
    assert (cargo.outcome, cargo.registry_number, cargo.header.answers) == ("registrado", "000001", parcel.message_id)
    assert cargo.expediente_number and cargo.unit and cargo.registry_year == str(datetime.now().year)
    assert [process.movement, answered.movement] == ["in_process", "answered"]
    assert igp.held()[0]["registry_number"] == "000001"


def test_its_register_has_no_gaps(sandbox, parcel_for, hub_stub):
    igp = sandbox("rest", "igp", **(FAST | {"process_after": -1, "answer_after": -1}))
    parcels = [parcel_for(igp) for _ in range(12)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda parcel: post(igp, parcel.sealed).raise_for_status(), parcels))
    wait_until(lambda: len(hub_stub.of_kind("Cargo")) == 12)
    numbers = [entry["registry_number"] for entry in igp.held()]
    assert sorted(numbers) == [f"{number:06d}" for number in range(1, 13)]


def test_the_report_has_what_was_said_byte_for_byte(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", **FAST)
    parcel = parcel_for(igp)
    acuse = post(igp, parcel.sealed).content
    wait_until(lambda: len(hub_stub.messages) == 3)
    report = etree.fromstring(ask(igp, parcel.cuo, credential(keys, igp)).content)
    assert [base64.b64decode(message.text) for message in report] == [acuse, *hub_stub.messages]
    assert report.get("cuo") == parcel.cuo


def test_an_observation_and_a_refusal_are_said_with_their_items_and_reason(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", **FAST)
    igp.control(observe_next=["Falta la firma", "Falta el poder"])
    post(igp, parcel_for(igp).sealed)
    wait_until(lambda: len(hub_stub.of_kind("Cargo")) == 1)
    igp.control(refuse_next={"reason": "NO_COMPETE", "text": "Es del SENAMHI", "right_body": RUCS["senamhi"]})
    post(igp, parcel_for(igp).sealed)
    wait_until(lambda: len(hub_stub.of_kind("Cargo")) == 2)
    observed, refused = [opened(keys, "igp", message).message for message in hub_stub.messages]
    assert (observed.outcome, observed.items) == ("observado", ("Falta la firma", "Falta el poder"))
    assert (refused.outcome, refused.reason, refused.right_body_ruc) == ("rechazado", "NO_COMPETE", RUCS["senamhi"])
    assert refused.registry_number == ""


def test_a_held_cargo_is_told_when_asked_and_sent_when_let_go(sandbox, parcel_for, hub_stub, keys):
    igp = sandbox("rest", "igp", **(FAST | {"process_after": -1, "answer_after": -1}))
    igp.control(hold_cargo=True)
    parcel = parcel_for(igp)
    post(igp, parcel.sealed)
    wait_until(lambda: len(etree.fromstring(ask(igp, parcel.cuo, credential(keys, igp)).content)) == 2)
    assert hub_stub.messages == []
    igp.control(hold_cargo=False)
    wait_until(lambda: hub_stub.of_kind("Cargo"))


def test_it_goes_on_after_a_kill(sandbox, parcel_for, hub_stub):
    igp = sandbox("rest", "igp", **FAST)
    hub_stub.refuse_messages = 10_000
    parcel = parcel_for(igp)
    acuse = post(igp, parcel.sealed).content
    igp.control(delay=0.01)
    wait_until(lambda: igp.held()[0]["registry_number"])
    igp.kill()
    hub_stub.refuse_messages = 0
    igp.start()
    assert post(igp, parcel.sealed).content == acuse
    wait_until(lambda: len(hub_stub.messages) == 3)
    assert requests.get(f"{igp.url}/control", timeout=5).json()["delay"] == 0.01
    assert [(entry["registry_number"], entry["times_received"]) for entry in igp.held()] == [("000001", 2)]


def test_it_misbehaves_as_told_and_then_behaves(sandbox, parcel_for):
    igp = sandbox("rest", "igp", **NEVER)
    parcel = parcel_for(igp)
    igp.control(fail=1, garbage=1)
    assert post(igp, parcel.sealed).status_code == 500
    assert post(igp, parcel.sealed).content.startswith(b"<html>")
    assert igp.held() == []
    igp.control(lose_answer=1)
    with pytest.raises(requests.ConnectionError):
        post(igp, parcel.sealed)
    assert len(igp.held()) == 1
    igp.control(hang=1)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{igp.url}/sobres", data=parcel.sealed, headers={"Content-Type": "application/xml"}, timeout=0.3)
    assert post(igp, parcel.sealed).status_code == 200
    assert requests.post(f"{igp.url}/control", json={"no_such": 1}, timeout=5).status_code == 400


def test_what_was_acknowledged_before_a_kill_is_held_after_it(sandbox, parcel_for):
    igp = sandbox("rest", "igp", **(FAST | {"process_after": -1, "answer_after": -1}))
    parcels, acknowledged = [parcel_for(igp) for _ in range(60)], {}

    def send(parcel):
        try:
            acknowledged[parcel.cuo] = post(igp, parcel.sealed).content
        except requests.ConnectionError:
            return  # it died under this one: whether it holds it is for it to say

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(send, parcel) for parcel in parcels]
        wait_until(lambda: len(acknowledged) > 15)
        igp.kill()
        concurrent.futures.wait(sent)
    igp.start()
    assert 15 < len(acknowledged) < 60
    assert acknowledged.keys() <= {entry["cuo"] for entry in igp.held()}
    for parcel in parcels:
        answer = post(igp, parcel.sealed).content
        assert acknowledged.get(parcel.cuo, answer) == answer
    entries = wait_until(lambda: all(entry["registry_number"] for entry in igp.held()) and igp.held())
    assert sorted(entry["registry_number"] for entry in entries) == [f"{number:06d}" for number in range(1, 61)]
