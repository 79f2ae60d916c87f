"""What the clients of docs/attach believe: only what the hub signed, whole, and for them."""

import os
import subprocess

import pytest
from lxml import etree

from adapters.sandbox import words
from adapters.sandbox.seal import OwnKey
from tests.clients.places import PHP, RUCS


@pytest.fixture(params=["php", "java"])
def answers(request, town, tmp_path):
    """answers(message) -> what a client says when it is to give the cargo of that Sobre."""
    compiled = request.getfixturevalue("compiled") if request.param == "java" else None
    argv = ["java", f"@{compiled}/propio"] if compiled else ["php", "-d", "display_errors=stderr", PHP / "propio.php"]

    def give(message):
        (tmp_path / "sobre.xml").write_bytes(message)
        env = {**os.environ, **town.told("senace")}
        done = subprocess.run([*argv, "cargo", tmp_path / "sobre.xml", "1"], env=env, capture_output=True, text=True)
        assert done.returncode != 0
        return done.stderr

    return give


def message(town, signer, to="senace"):
    keys = town.folder / "keys"
    key, certificate = {"hub": ("hub/envelope.key.pem", "hub/envelope.crt.pem"),
                        "igp": ("sandbox/igp.key.pem", "entities/igp.crt.pem")}[signer]  # fmt: skip
    root = etree.Element(f"{words.NS}Sobre", nsmap={None: words.NAMESPACE})
    words.fill(root, "Cabecera", {
        "IdMensaje": "5f0c1c1e-0f4b-4d55-9a53-0c54b1f8e7a1", "RucEmisor": RUCS["hub"], "RucReceptor": RUCS[to],
        "NumeroTramite": "2026-0001234-6", "Cuo": "0000012345",
    })  # fmt: skip
    return OwnKey((keys / key).read_bytes(), (keys / certificate).read_bytes()).seal(root)


def test_only_what_the_hub_signed_is_believed(town, answers):
    good = message(town, "hub")
    assert "FIRMA_INVALIDA" in answers(good.replace(b"0000012345", b"0000012346"))
    assert "FIRMA_INVALIDA" in answers(message(town, "igp"))
    assert "RECEPTOR_EQUIVOCADO" in answers(message(town, "hub", to="oefa"))  # signed well, for another
