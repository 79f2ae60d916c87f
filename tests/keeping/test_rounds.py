"""How each round of the copies ended is known to the hub: one that fails, stays away or lost its place is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from hub.cli.doctor.keeping import copies
from hub.clock import now
from hub.core.monitoring import Limits
from hub.keeping.holding import Busy, held
from hub.keeping.noting import CODES, FAILURES
from hub.keeping.shelf import Shelf
from hub.keeping.taking import Keeper, Terms
from hub.models import BackupRound
from hub.monitoring import measures
from hub.monitoring.late_copies import copied
from hub.monitoring.replicas import BACKUP_SLOT
from hub.monitoring.rounds import KEPT, note, rounds
from hub.papers.operator_words import CODES as WORDS
from hub.settings import Settings
from tests.keeping.conftest import PASSPHRASE
from tests.monitoring.judge import MINUTES, PROMTOOL, firing
from tests.ports import free_port

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


class Copier:
    """Makes real rounds of a home at the hour that its clock is set to."""

    def __init__(self, home):
        self.home, self.folder, self.changes = home, home.shelf, {}

    def round(self, at):
        """"" where it was whole, else the kind of its error."""
        settings = replace(Settings.from_env(), s3_patience=0.5, **self.changes)
        keeper = Keeper(Shelf(self.folder), settings, self.home.engine, PASSPHRASE, lambda: at, Terms(9 * DAY))
        try:
            return keeper.round().unnoted
        except FAILURES as error:
            return type(error).__name__

    def told(self, at, **limits):
        """The codes that our own alert tells at an hour."""
        with Session(self.home.engine) as session:
            return [one.details["code"] for one in copied(session, None, Limits(**limits), at)]

    def rules(self, at, folder):
        """The rules that fire at an hour; None without promtool."""
        ends = (MINUTES - 1) * 60
        found = {}
        with Session(self.home.engine) as session:
            for name, labels, value in (*measures.replicas(session, None, at), *measures.rounds(session, None, at)):
                passed = ends - at.timestamp() if name.endswith("timestamp_seconds") else 0
                found[name] = [(labels, value + passed)]
        return firing(folder, ("MesaBackupLate", "MesaBackupFailing"), found) if PROMTOOL else None

    def doctor(self, **changes):
        """(verdict, what it says) of the copies."""
        (found,) = copies(replace(Settings.from_env(), **changes), self.home.engine)
        return found.verdict, found.what


def test_rounds_that_fail_stay_away_or_lost_their_place_are_told_until_one_is_whole(home, tmp_path):
    home.office.file()
    copier, noon = Copier(home), now()
    assert (copier.told(noon + 99 * DAY), copier.rules(noon + 99 * DAY, tmp_path) or []) == ([], [])
    assert copier.doctor() == ("aviso", "nadie guarda otra copia de la base")
    _fails_where_it_cannot_write(copier, noon, tmp_path)
    _fails_without_its_store(copier, noon)
    _stays_away(copier, noon, tmp_path)
    _lost_its_place(copier, noon, tmp_path)
    _cannot_be_told(copier)


def _fails_where_it_cannot_write(copier, noon, tmp_path):
    copier.folder.write_text("a file where the folder should be")
    assert copier.round(noon - 30 * MINUTE) == "FileExistsError" and copier.told(noon) == []
    assert copier.round(noon - MINUTE) == "FileExistsError" and copier.told(noon) == ["COPY_FOLDER_FAILED"]
    assert copier.rules(noon, tmp_path) in (None, ["MesaBackupFailing"])
    verdict, said = copier.doctor()
    assert verdict == "mal" and "las últimas 2 vueltas de mesa backup fallaron, la primera hace 30 minutos" in said
    assert "no se deja leer o escribir ([Errno 17] File exists" in said and "no hay ninguna copia entera" in said
    copier.folder.unlink()
    assert copier.round(noon) == "" and copier.told(noon) == []
    assert copier.rules(noon, tmp_path) in (None, [])
    assert copier.doctor()[0] == "bien"


def _fails_without_its_store(copier, noon):
    copier.changes = {"documents": "s3://hub", "s3_endpoint": f"http://127.0.0.1:{free_port()}", "s3_key": "k",
                      "s3_secret": "s"}  # fmt: skip
    assert copier.round(noon - 20 * MINUTE) == "StorageFailure"
    assert copier.doctor()[0] == "aviso" and copier.told(noon) == []
    assert copier.round(noon - MINUTE) == "StorageFailure" and copier.told(noon) == ["COPY_STORE_FAILED"]
    assert copier.told(noon, backup_late=timedelta(0)) == []
    copier.changes = {}
    assert copier.round(noon) == "" and copier.told(noon) == []


def _stays_away(copier, noon, tmp_path):
    assert copier.told(noon + timedelta(hours=25)) == []
    late = noon + timedelta(hours=27)
    assert copier.told(late) == ["ROUNDS_STOPPED"] and copier.rules(late, tmp_path) in (None, ["MesaBackupLate"])
    assert copier.told(late, backup_late=timedelta(0)) == []
    verdict, said = copier.doctor(warn_backup_late=0.001)
    assert verdict == "mal" and "no termina ninguna vuelta; hay copia de lo confirmado hasta hace 1 minuto" in said
    with copier.home.engine.begin() as connection:
        connection.execute(text("update backup_rounds set until = until - interval '27 hours'"))
    assert copier.told(noon) == ["ROUNDS_STOPPED"]
    assert copier.round(noon) == "" and copier.told(noon) == []


def _lost_its_place(copier, noon, tmp_path):
    with copier.home.engine.begin() as connection:
        connection.execute(text(f"select pg_drop_replication_slot('{BACKUP_SLOT}')"))
    assert copier.told(noon + MINUTE) == [] and copier.told(noon + 11 * MINUTE) == ["SLOT_GONE"]
    assert copier.rules(noon, tmp_path) in (None, ["MesaBackupLate"])
    assert copier.round(noon) == "" and copier.told(noon + 11 * MINUTE) == []


def _cannot_be_told(copier):
    """The copy is taken all the same, and it is said why."""
    with copier.home.engine.begin() as connection:  # as before `mesa migrate` of this version
        connection.execute(text("alter table backup_rounds rename to rounds_of_tomorrow"))
    code, said = copier.home.mesa("backup", "--to", str(copier.folder))
    assert code == 0 and "la copia está completa, pero no se pudo anotar" in said, said
    copier.folder = copier.folder / "documents.sqlite" / "below"
    code, said = copier.home.mesa("backup", "--to", str(copier.folder))
    assert (code, said[:50]) == (1, "No se pudo copiar: la carpeta de copias falló: [Er"), said


def test_who_finds_the_folder_taken_noted_no_failure(engine, shelf):
    with held(shelf.folder), pytest.raises(Busy):
        Keeper(shelf, None, engine, "", now, patience=0.1).round()
    with Session(engine) as session:
        assert rounds(session).last is None


def ended(minute, code="", until=None):
    at = NOON + minute * MINUTE
    return BackupRound(ended_at=at, until=until or (None if code else at), upto="", documents=1, bytes=1, code=code,
                       said="", failures_in_a_row=0)  # fmt: skip


def test_the_last_hundred_are_kept_and_whichever_was_whole_last(session):
    for minute, code in ((0, ""), (1, ""), *((minute, "COPY_REFUSED") for minute in range(2, KEPT + 10))):
        note(session, ended(minute, code))
    found = rounds(session)
    assert session.scalar(select(func.count()).select_from(BackupRound)) == KEPT + 1
    assert found.copied_until == NOON + MINUTE
    assert (found.failed, found.last.failing_since) == (KEPT + 8, NOON + 2 * MINUTE)
    note(session, ended(KEPT + 20))
    assert (rounds(session).failed, rounds(session).copied_until) == (0, NOON + (KEPT + 20) * MINUTE)
    assert session.scalar(select(func.count()).select_from(BackupRound)) == KEPT


def test_an_account_that_only_reads_the_rest_may_note_its_rounds(session):
    session.execute(text("create role copies_of_test in role pg_read_all_data, pg_monitor"))
    session.execute(text("set local role copies_of_test"))
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        note(session, ended(0))
    session.execute(text("reset role"))
    session.execute(text("grant select, insert, delete on backup_rounds to copies_of_test"))
    session.execute(text("set local role copies_of_test"))
    note(session, ended(0))
    assert rounds(session).copied_until == NOON


def test_each_reason_is_told_in_words():
    assert {code for _, code in CODES} <= set(WORDS)
