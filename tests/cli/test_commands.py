"""What an operator types, against a database of its own; once as a process of its own."""

import os
import subprocess
import sys

import pytest

from tests.cli.terminal import terminal


@pytest.fixture
def mesa(tmp_path, fresh_database_url, monkeypatch, capsys):
    """mesa(*arguments) -> `returncode`, `stdout` and `stderr`."""
    return terminal(
        monkeypatch, capsys, DATABASE_URL=fresh_database_url, MESA_DATA=tmp_path, MESA_KEYS=tmp_path / "keys"
    )


def process(*arguments, **environ):
    argv = [sys.executable, "-m", "hub.cli", *arguments]
    return subprocess.run(argv, env={**os.environ, **environ}, capture_output=True, text=True, timeout=60)


def test_migrating_a_database_that_is_up_to_date_changes_nothing(fresh_database_url):
    done = process("migrate", DATABASE_URL=fresh_database_url)
    assert (done.returncode, done.stdout) == (0, "La base de datos está al día.\n")


def test_keys_then_directory_then_an_empty_list_of_deliveries(mesa, tmp_path):
    assert mesa("keys").returncode == 0
    assert (tmp_path / "keys" / "hub" / "envelope.key.pem").stat().st_mode & 0o077 == 0
    assert "0 archivos nuevos" in mesa("keys").stdout
    first = mesa("entities", "import")
    assert first.returncode == 0, first.stderr
    assert "Directorio al día: 0 cambios." in mesa("entities", "import").stdout
    assert "0 de 0 envíos." in mesa("deliveries", "list").stdout


def test_the_directory_is_not_imported_before_the_keys_are_made(mesa):
    refused = mesa("entities", "import")
    assert refused.returncode == 1
    assert "mesa keys" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("deliveries", "retry", "0000000007", "--motivo", "prueba"),
        ("deliveries", "list", "--estado", "perdido"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(mesa, arguments):
    refused = mesa(*arguments)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1


def test_without_a_database_it_says_which_setting_is_missing(mesa, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    refused = mesa("deliveries", "list")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Falta DATABASE_URL")


def test_a_database_that_is_not_there_is_one_sentence():
    done = process("migrate", DATABASE_URL="postgresql://mesa:x@127.0.0.1:1/mesa")
    assert done.returncode == 1
    assert done.stderr.startswith("La base de datos no responde")
    assert len(done.stderr.splitlines()) == 1, "no traceback reaches whoever typed it"
