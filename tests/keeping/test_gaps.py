"""A log that is not whole: what was lost with it is said, and a copy that cannot be played is not called one."""

from dataclasses import replace
from datetime import timedelta

from hub.clock import now
from hub.keeping.restoring import chosen_base
from hub.keeping.shelf import Base, Shelf, note_base
from hub.keeping.taking import Keeper
from hub.keeping.wal import begin_anew, number_of
from tests.keeping.test_restore import file


def spoilt(home):
    """Give the log two segments more, and spoil the one between the two rounds."""
    file(home, 1)
    assert home.mesa("backup", "--to", str(home.shelf))[0] == 0
    home.switch()
    file(home, 2)
    instant = home.now()
    home.switch()
    file(home, 1)
    assert home.mesa("backup", "--to", str(home.shelf))[0] == 0
    second = sorted((home.shelf / "wal").glob("0" * 7 + "1" + "?" * 16))[1]
    second.write_bytes(b"\0" * second.stat().st_size)
    home.lose_everything()
    home.monkeypatch.delenv("DATABASE_URL")
    return instant


def test_a_damaged_segment_is_no_full_restore(home):
    instant = spoilt(home)
    for more in ((), ("--until", instant, "--apartar")):
        code, said = home.mesa("restore", "--from", str(home.shelf), *more)
        assert code == 1 and "FALTA una parte" in said and "Todo está de vuelta" not in said, said
        assert "Trámites: 1; el último" in said


def test_an_instant_while_a_base_was_being_taken_is_restored_from_the_one_before(tmp_path):
    noon = now()
    for name, hours in (("base-1", 24), ("base-2", 1)):
        begun = noon - timedelta(hours=hours)
        ended = begun + timedelta(minutes=40)
        base = Base(tmp_path / name, begun, 180000, "", "", "", f"{1:08X}{2:016X}", {}, {}, ended)
        base.folder.mkdir()
        note_base(base)
    assert chosen_base(Shelf(tmp_path), noon - timedelta(minutes=40)).folder.name == "base-1"
    assert chosen_base(Shelf(tmp_path), noon - timedelta(minutes=10)).folder.name == "base-2"


def test_places_of_the_log_are_compared_as_numbers():
    assert number_of("0/A000000") < number_of("0/10000000") < number_of("1/0") and number_of("") == 0


def test_after_a_gap_a_base_is_due_whatever_the_age_of_the_last_one(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.open_for_writing()
    base = Base(tmp_path / "base-1", now() - timedelta(minutes=1), 180000, "", "", "", f"{1:08X}{2:016X}", {}, {})
    base.folder.mkdir()
    note_base(base)
    keeper = Keeper(shelf, None, None, "", now)
    (shelf.wal / f"{1:08X}{1:016X}").touch()
    assert not keeper._is_due()
    (shelf.wal / f"{1:08X}{1:016X}").rename(shelf.wal / f"{1:08X}{3:016X}.partial")
    assert keeper._is_due()
    note_base(replace(base, start_segment=f"{2:08X}{3:016X}"))
    assert not keeper._is_due()


def test_after_a_server_went_back_a_base_is_due_until_one_is_finished(home):
    shelf = Shelf(home.shelf)
    shelf.open_for_writing()
    ahead = Base(home.shelf / "base-1", now() - timedelta(minutes=1), 180000, "", "", "", f"{1:08X}{80:016X}", {}, {})
    ahead.folder.mkdir()
    note_base(ahead)  # of a server that was then restored to an earlier place
    keeper = Keeper(shelf, None, None, "", now)
    (shelf.wal / f"{1:08X}{80:016X}").touch()
    assert not keeper._is_due()
    begin_anew(shelf, home.engine, now())
    (shelf.wal / f"{2:08X}{1:016X}").touch()
    assert keeper._is_due()  # and so in every round whose base fails
    (shelf.wal / f"{2:08X}{1:016X}").unlink()
    code, said = home.mesa("backup", "--to", str(home.shelf))
    assert code == 0 and "copia completa nueva" in said
    assert not keeper._is_due()
