"""One document by the national contract, through the real processes: to a REST institution, and its cargo back."""

import hashlib

import pytest
import requests

from tests.fixtures.sandbox import wait_until

IGP, MINAM = "20131367008", "20492966658"
ANNEX = b"PK\x03\x04" + bytes(range(256)) * 400


@pytest.fixture
def town(stack):
    """The hub, IGP (REST) and OEFA (the national contract) as processes of their own."""
    return stack


def sends(town, **asked):
    url = f"http://127.0.0.1:{town.ports['oefa']}/control/send"
    answer = requests.post(url, json=asked, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sent(town, cuo):
    rows = requests.get(f"http://127.0.0.1:{town.ports['oefa']}/control/sent", timeout=30).json()
    return next(row for row in rows if row["cuo"] == cuo)


def test_it_travels_with_its_annex_and_its_cargo_returns(town, serve):
    def annex(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/zip"), ("Content-Length", str(len(ANNEX)))])
        return [ANNEX]

    address = f"{serve(annex)}/anexos/1"
    said = sends(town, to=IGP, subject="Con anexo", snumanx="1", lstanexos=["plano.zip"], vurldocanx=address)
    assert said["vcodres"] == "0000" and "Instituto Geofísico" in said["vdesres"]
    row = wait_until(lambda: (row := sent(town, said["cuo"]))["state"] == "R" and row, 60)
    held = town.held("igp")[-1]
    assert held["sha256s"] == [said["sha256"], hashlib.sha256(ANNEX).hexdigest()]
    assert row["cargo"]["vnumregstd"] == held["registry_number"] and row["cargo"]["bcarstd"]


def test_an_observation_returns_as_one(town):
    town.control("igp", observe_next=["Falta la firma"])
    said = sends(town, to=IGP, subject="Sin firma")
    row = wait_until(lambda: (row := sent(town, said["cuo"]))["state"] == "O" and row, 60)
    assert "Falta la firma" in row["cargo"]["vobs"]
    again = sends(town, to=IGP, subject="Con firma", vcuoref=said["cuo"])
    wait_until(lambda: sent(town, again["cuo"])["state"] == "R", 60)


def test_to_a_body_that_attends_in_the_hub_it_waits_for_its_officer(town):
    said = sends(town, to=MINAM, subject="A la bandeja")
    assert (said["vcodres"], sent(town, said["cuo"])["state"]) == ("0000", "E")
