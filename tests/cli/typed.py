"""`mesa` as an operator types it, in this process, over an office's database and folders."""

import pytest

from hub.cli import main


@pytest.fixture
def typed(office, fresh_database_url, monkeypatch, capsys):
    """typed(*arguments) -> (exit code, what was printed, what was complained)."""
    monkeypatch.setenv("DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("MESA_DATA", office.settings.data)
    monkeypatch.setenv("MESA_KEYS", office.settings.keys)

    def call(*arguments):
        capsys.readouterr()
        code = main(arguments)
        return code, *capsys.readouterr()

    return call
