"""What `mesa backup` and `mesa restore` answer at once, before anything is read or written."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.cli import main
from hub.embedded.ports import free_port
from hub.keeping.shelf import Base, Round, Shelf, note_base
from tests.keeping.conftest import PASSPHRASE


@pytest.mark.parametrize(("words", "named"), [("", "Falta la frase"), ("corta", "al menos 12")])
def test_a_copy_wants_its_passphrase_before_anything_else(words, named, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MESA_BACKUP_PASSPHRASE", words)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://mesa@127.0.0.1:{free_port()}/mesa")
    assert main(["backup", "--to", str(tmp_path / "copias")]) == 1
    assert named in capsys.readouterr().err and not (tmp_path / "copias").exists()


def test_an_instant_before_the_first_copy_is_answered_with_what_there_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("MESA_BACKUP_PASSPHRASE", PASSPHRASE)
    taken = datetime(2026, 3, 2, 15, tzinfo=UTC)
    folder, shelf = tmp_path / "base-1", Shelf(tmp_path)
    folder.mkdir()
    ended = taken + timedelta(minutes=2, milliseconds=400)
    note_base(Base(folder, taken, 180000, "mesa", "mesa", "1", "0" * 24, {}, {}, ended))
    asked = ["restore", "--from", str(shelf.folder), "--until", "2026-03-02T10:02:00"]
    assert main(asked) == 1
    assert "hay desde el 02/03/2026 10:02:01 hasta donde llegue lo copiado" in capsys.readouterr().err
    shelf.note_round(Round(taken + timedelta(hours=3)))
    assert main(asked) == 1
    assert "desde el 02/03/2026 10:02:01 hasta el 02/03/2026 13:00:00 (hora de Lima)" in capsys.readouterr().err
    shelf.note_round(Round(ended + timedelta(milliseconds=300)))
    assert main(asked) == 1
    assert "solo está lo último, del 02/03/2026 10:02:00 (hora de Lima). Repite sin" in capsys.readouterr().err
