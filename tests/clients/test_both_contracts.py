"""zeep, PHP and Java file, ask and give a cargo through the hub, over the national contract and over our own."""

import json

import pytest

from tests.clients import zeep_national, zeep_own
from tests.clients.places import ANNEXES, PDF, PHP, RUCS, read, run, sha256, written
from tests.fixtures.sandbox import wait_until

DIGESTS = {name: sha256(content) for name, content in ANNEXES.items()}


@pytest.fixture(scope="module", params=["zeep", "php", "java"])
def says(request, town):
    """says(code, contract, order, ...) runs one client's order in that institution's name."""
    language = request.param
    compiled = request.getfixturevalue("compiled") if language == "java" else None

    def ask(code, contract, *order):
        if language == "zeep":
            return {"nacional": zeep_national, "propio": zeep_own}[contract].call(town.told(code), *order)
        argv = ["php", PHP / f"{contract}.php"] if language == "php" else ["java", f"@{compiled}/{contract}"]
        return run([*argv, *order], town.told(code))

    return ask


def test_it_files_by_ours_and_the_other_registers_by_the_national_contract(town, says, tmp_path):
    document, annexes = written(tmp_path / "mine")
    before = town.received()
    sent = says("senace", "propio", "presentar", RUCS["oefa"], "Atención, señor Ñahui", document, *annexes)
    assert sent["estado"] in ("tomado", "acusado")
    (cuo,) = wait_until(lambda: town.received() - before, 30)
    request = json.loads(town.kept("recibidos", cuo, "documento.json"))
    assert request["vasu"].endswith("Atención, señor Ñahui") and request["snumanx"] == 2
    assert sha256(town.kept("recibidos", cuo, "documento.pdf")) == sha256(PDF)
    got = run(["php", PHP / "nacional.php", "anexos", request["vurldocanx"], tmp_path], town.told("oefa"))
    assert {name: got[name] for name in DIGESTS} == DIGESTS
    said = says("oefa", "nacional", "cargo", RUCS["senace"], cuo, "004512", document)
    assert said["vcodres"] == "0000"
    wait_until(lambda: "cargo" in town.tray(), 30)
    told = says("senace", "propio", "consultar", sent["cuo"])
    assert told["Cargo"].endswith("004512") and told["Acuse"].split()[0] in told["Cargo"]


def test_it_files_by_the_national_contract_and_the_other_registers_by_ours(town, says, tmp_path):
    document, annexes = written(tmp_path / "mine")
    sent = says("oefa", "nacional", "enviar", RUCS["senace"], "Atención, señor Ñahui", document, *annexes)
    assert sent["vcodres"] == "0000"
    asked = says("oefa", "nacional", "consultar", RUCS["senace"], sent["vcuo"])
    assert (asked["vcodres"], asked["cflgest"]) == ("0000", "P")
    folder = tmp_path / "theirs"
    folder.mkdir()
    wait_until(lambda: "sobre" in town.tray(), 30)
    sobre = says("senace", "propio", "recoger", folder)["Sobre"]
    assert town.tray() == set()  # what the other test left too
    assert {one.name: sha256(one.read_bytes()) for one in folder.iterdir() if one.suffix != ".xml"} == {
        "oficio.pdf": sha256(PDF), **DIGESTS,
    }  # fmt: skip
    assert "Atención, señor Ñahui" in read(sobre).decode()
    assert says("senace", "propio", "cargo", sobre, "000123")["estado"] == "aplicado"
    asked = says("oefa", "nacional", "consultar", RUCS["senace"], sent["vcuo"])
    assert (asked["cflgest"], asked["vnumregstd"]) == ("R", "000123")
    assert len(asked["bcarstd_sha256"]) == 64  # tests/clients/test_travels.py looks at the one that is brought


def test_it_asks_what_the_platform_knows(says):
    assert says("oefa", "nacional", "tipos") == {"01": "OFICIO", "02": "CARTA"}
    assert says("oefa", "nacional", "validar", RUCS["igp"]) == {"return": "0000"}
