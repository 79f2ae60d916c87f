"""`mesa register` and `mesa report`, over the demonstration's directory."""

import pytest

from tests.cli.terminal import terminal
from tests.fixtures.house import ENTITIES, make_house


@pytest.fixture(scope="module")
def filed(make_database, migrated_template, tmp_path_factory):
    """A house in which SERNANP's clerk took one filing for IGP: (database, data, the filing's number)."""
    data, url = tmp_path_factory.mktemp("books"), make_database(migrated_template)
    built = make_house(url, data, "http://127.0.0.1:1")
    number = built.signed_in("recepcion@sernanp.example").filed(destination="igp", subject="=1+1")
    built.services.live_directory.stop()
    built.engine.dispose()
    return url, data, number


@pytest.fixture
def mesa(filed, monkeypatch, capsys):
    return terminal(monkeypatch, capsys, DATABASE_URL=filed[0], MESA_DATA=filed[1], MESA_ENTITIES=ENTITIES)


def test_the_register_of_today_is_printed(filed, mesa):
    done = mesa("register", "--entity", "sernanp")
    assert done.returncode == 0, done.stderr
    assert filed[2] in done.stdout and "completo, sin saltos" in done.stdout


def test_the_register_goes_to_a_spreadsheet_and_to_paper(mesa, tmp_path):
    csv, pdf = tmp_path / "dia.csv", tmp_path / "dia.pdf"
    assert mesa("register", "--entity", "sernanp", "--csv", csv, "--pdf", pdf).returncode == 0
    assert "'=1+1" in csv.read_text() and pdf.read_bytes().startswith(b"%PDF")


def test_the_report_is_two_files(mesa, tmp_path):
    done = mesa("report", "sgtd", "--entity", "igp", "--month", "2026-11", "--out", tmp_path / "informe")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "informe").iterdir()) == [
        "sgtd-igp-2026-11.csv", "sgtd-igp-2026-11.pdf",
    ]  # fmt: skip


def test_the_text_for_gob_pe_is_printed(mesa):
    assert "Hazlo en 1 paso" in mesa("report", "gobpe", "--entity", "igp").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("register", "--entity", "nadie"), "No existe la entidad nadie"),
        (("register", "--entity", "igp", "--day", "ayer"), "ayer no es un día"),
        (("report", "sgtd", "--entity", "igp", "--month", "noviembre"), "noviembre no es un mes"),
        (("report", "sgtd", "--entity", "igp", "--month", "9999-12"), "9999-12 no es un mes"),
        (("register", "--entity", "igp", "--day", "9999-12-31"), "9999-12-31 no es un día"),
        (("report", "gobpe", "--entity", "nadie"), "No existe la entidad nadie"),
    ],
)
def test_what_cannot_be_is_one_sentence(mesa, arguments, said):
    done = mesa(*arguments)
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
