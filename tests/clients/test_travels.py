"""A filing travels: PHP by the national contract, the hub, a REST institution by ours; its cargo comes back so."""

import hashlib

import pytest

from tests.clients.places import ANNEXES, PDF, PHP, RUCS, run, sha256, written
from tests.fixtures.sandbox import wait_until


@pytest.fixture
def send(town, tmp_path):
    document, annexes = written(tmp_path / "mine")

    def send(to, subject, *, with_annexes=False):
        argv = ["php", PHP / "nacional.php", "enviar", RUCS[to], subject, document, *(annexes if with_annexes else ())]
        said = run(argv, town.told("oefa"))
        assert said["vcodres"] == "0000", said
        return said

    return send


def ask(town, to, cuo):
    return run(["php", PHP / "nacional.php", "consultar", RUCS[to], cuo], town.told("oefa"))


def test_it_travels_with_its_annexes_and_its_cargo_returns(town, send):
    said = send("igp", "Atención: sismo en Ñaña", with_annexes=True)
    assert "Instituto Geofísico" in said["vdesres"]
    cargo = wait_until(lambda: town.cargo_of(said["vcuo"]), 60)
    held = town.held("igp")[-1]
    assert held["sha256s"] == [sha256(PDF), *map(sha256, ANNEXES.values())]
    assert (cargo["cflgest"], cargo["vnumregstd"]) == ("R", held["registry_number"])
    given = town.kept("enviados", said["vcuo"], "cargo.pdf")
    asked = ask(town, "igp", said["vcuo"])
    assert given.startswith(b"%PDF") and asked["bcarstd_sha256"] == hashlib.sha256(given).hexdigest()


def test_an_observation_returns_as_one(town, send):
    town.control("igp", observe_next=["Falta la firma"])
    said = send("igp", "Sin firma")
    cargo = wait_until(lambda: town.cargo_of(said["vcuo"]), 60)
    assert cargo["cflgest"] == "O" and "Falta la firma" in cargo["vobs"]


def test_to_a_body_that_attends_in_the_hub_it_waits_for_its_officer(town, send):
    said = send("hub", "A la bandeja")
    assert ask(town, "hub", said["vcuo"])["cflgest"] == "P"
