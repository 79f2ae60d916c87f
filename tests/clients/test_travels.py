"""A filing travels: PHP by the national contract, the hub, a REST institution by ours; its cargo comes back so."""

import hashlib

from tests.clients.places import ANNEXES, PDF, PHP, RUCS, run, sha256, written
from tests.fixtures.sandbox import wait_until


def php(town, *order):
    return run(["php", PHP / "nacional.php", *order], town.told("oefa"))


def test_it_travels_with_its_annexes_and_its_cargo_returns(town, tmp_path):
    document, annexes = written(tmp_path / "mine")
    said = php(town, "enviar", RUCS["igp"], "Atención: sismo en Ñaña", document, *annexes)
    assert said["vcodres"] == "0000" and "Instituto Geofísico" in said["vdesres"]
    cargo = wait_until(lambda: town.cargo_of(said["vcuo"]), 60)
    held = town.held("igp")[-1]
    assert held["sha256s"] == [sha256(PDF), *map(sha256, ANNEXES.values())]
    assert (cargo["cflgest"], cargo["vnumregstd"]) == ("R", held["registry_number"])
    given = town.kept("enviados", said["vcuo"], "cargo.pdf")
    asked = php(town, "consultar", RUCS["igp"], said["vcuo"])
    assert given.startswith(b"%PDF") and asked["bcarstd_sha256"] == hashlib.sha256(given).hexdigest()
