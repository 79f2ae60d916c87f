"""`mesa incident`: written down, counted, told, from a terminal."""

from datetime import timedelta

import pytest

from hub.clock import now
from hub.core.calendar import LIMA
from tests.cli.terminal import terminal


def typed_in(**ahead):
    return f"{(now() + timedelta(**ahead)).astimezone(LIMA):%Y-%m-%dT%H:%M}"


@pytest.fixture
def mesa(tmp_path, fresh_database_url, monkeypatch, capsys):
    return terminal(
        monkeypatch, capsys, DATABASE_URL=fresh_database_url, MESA_DATA=tmp_path, MESA_KEYS=tmp_path / "keys"
    )


def test_an_incident_is_written_down_listed_and_told(mesa):
    assert mesa("keys").returncode == 0
    assert mesa("entities", "import").returncode == 0
    noted = mesa("incident", "report", "--sabido", typed_in(hours=-3), "--que", "Se perdió una memoria USB",
                 "--entidad", "igp")  # fmt: skip
    due = f"{(now() + timedelta(hours=45)).astimezone(LIMA):%d/%m/%Y a las %H}"
    assert noted.returncode == 0
    assert noted.stdout.startswith(f"Incidente 1 anotado: comunícalo a la autoridad hasta el {due}:")
    assert "igp" in mesa("incident", "list").stdout
    assert mesa("incident", "told", "1", "--como", "Cargo ANPD 991").stdout == "Incidente 1: comunicado.\n"
    again = mesa("incident", "told", "1", "--como", "otra vez")
    assert (again.returncode, again.stderr) == (1, "No se anotó: ya se comunicó antes.\n")
    assert "comunicado" in mesa("incident", "list").stdout


def test_what_is_wrong_is_one_sentence(mesa):
    mesa("keys")
    mesa("entities", "import")
    for arguments, said in (
        (("--sabido", "ayer", "--que", "x"), "No se entiende «ayer»"),
        (("--sabido", "9999-12-31T10:00", "--que", "x"), "de hace menos de un año"),
        (("--sabido", typed_in(hours=2), "--que", " "), "todavía no llega, falta decir qué pasó"),
        (("--sabido", typed_in(hours=-2), "--que", "x", "--entidad", "luna"), "no está en el directorio"),
    ):
        done = mesa("incident", "report", *arguments)
        assert done.returncode == 1
        assert said in done.stderr
