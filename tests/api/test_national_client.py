"""The PHP client of the national contract says in a sentence what is wrong where it is run, and gives no warning."""

import os
import subprocess

import pytest

from tests.clients.places import PHP


@pytest.fixture
def sends(hub, tmp_path):
    """sends(**environment) -> a document sent by OEFA, as the process that ended."""
    (tmp_path / "oficio.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    told = {"MESA_URL": hub.url, "MI_RUC": hub.ruc_of("oefa"), "MI_URL": "http://127.0.0.1:9",
            "MI_CARPETA": str(tmp_path / "sistema"), "LC_ALL": "C.UTF-8"}  # fmt: skip
    argv = ["php", PHP / "nacional.php", "enviar", hub.ruc_of("igp"), "Hola", tmp_path / "oficio.pdf"]
    return lambda **other: subprocess.run(
        argv, env={**os.environ, **told, **other}, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(("told", "why"), [
    ({"MI_RUC": "20168999926"}, "La mesa no dio un CUO"),
    ({"MI_CARPETA": "/proc/nada"}, "No se puede crear la carpeta"),
    ({"MI_CARPETA": ""}, "Falta MI_CARPETA"),
])  # fmt: skip
def test_it_says_what_is_wrong(sends, told, why):
    done = sends(**told)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith(why), done


def test_it_sends_twice_from_the_same_folder(sends):
    for _ in range(2):
        done = sends()
        assert (done.returncode, done.stderr) == (0, "") and "vcodres: 0000" in done.stdout, done
