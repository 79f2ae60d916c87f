"""`mesa calendar` and `mesa outage`, as an operator types them."""

import pytest

from hub.cli import main


@pytest.fixture
def mesa(monkeypatch, tmp_path, fresh_database_url, capsys):
    """mesa(*arguments) -> exit code, what was printed, what was complained of; over an imported sector."""
    for name, value in {"DATABASE_URL": fresh_database_url, "MESA_DATA": tmp_path, "MESA_KEYS": tmp_path / "k"}.items():
        monkeypatch.setenv(name, str(value))

    def call(*arguments):
        code, said = main(arguments), capsys.readouterr()
        return code, said.out, said.err

    assert call("keys")[0] == call("entities", "import")[0] == 0
    return call


def test_a_day_is_recorded_listed_and_ended(mesa):
    code, _, complaint = mesa("calendar", "add", "2027-05-28", "--norma", "porque sí")
    assert code == 1 and "norma" in complaint
    assert mesa("calendar", "add", "2027-05-28", "--norma", "DS 090-2026-PCM", "--ambito", "15,07")[0] == 0
    assert "07, 15" in mesa("calendar", "list")[1]
    assert mesa("calendar", "end", "1", "--norma", "DS 091-2026-PCM")[0] == 0
    assert "sin efecto: DS 091-2026-PCM" in mesa("calendar", "list")[1]
    assert mesa("calendar", "end", "1", "--norma", "DS 091-2026-PCM")[0] == 1
    assert mesa("calendar", "add", "28/05/2027", "--norma", "DS 090-2026-PCM")[2].startswith("«28/05/2027»")


def test_an_outage_is_opened_and_closed(mesa):
    code, opened, complaint = mesa("outage", "open", "--motivo", "Se cortó la energía")
    assert code == 0, complaint
    assert "sigue" in (listed := mesa("outage", "list")[1]) and listed.endswith("\n1 indisponibilidad.\n")
    assert mesa("outage", "open", "--motivo", "Otra")[0] == 1
    assert mesa("outage", "close", opened.split()[-1].rstrip("."))[0] == 0
    assert mesa("outage", "close", "AAAA")[0] == 1
    for typed in ("ayer", "9999-12-31T10:00", "2006-11-22T10:00"):
        assert mesa("outage", "open", "--motivo", "Otra", "--desde", typed)[2].startswith(f"«{typed}»")
