"""A copy that nobody comes for or that is cut, and a replica that is gone: told, and no longer once mended."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.clock import now
from hub.core.monitoring import Limits
from hub.embedded import place, postgres
from hub.keeping.programs import environment_of, programs_of
from hub.models import BackupRound
from hub.monitoring import measures
from hub.monitoring.late_copies import copied
from hub.monitoring.replicas import BACKUP_SLOT
from tests.fixtures.database import engine_for
from tests.fixtures.sandbox import wait_until
from tests.monitoring.judge import PROMTOOL, firing

MIB = 1024 * 1024
SLOT = f"select pg_create_physical_replication_slot('{BACKUP_SLOT}', true)"


@pytest.fixture
def server():
    """A server of its own, as it comes: what it is set to and what it keeps of its log is all that counts here."""
    folder = Path(tempfile.mkdtemp(prefix="mesa-told-"))
    started = postgres.start(folder / "postgres", fast=True)
    engine = engine_for(started.url)
    BackupRound.__table__.create(engine)
    yield engine
    engine.dispose()
    started.stop()
    place.remove(folder / "postgres")
    shutil.rmtree(folder)


def ask(engine, *statements):
    """Each by itself: what a server is set to takes no part in a transaction."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for one in statements:
            found = connection.execute(text(one))
        return found.fetchall() if found.returns_rows else None


def samples(engine):
    found = {}
    with Session(engine) as session:
        for name, labels, value in measures.replicas(session, None, now()):
            found.setdefault(name, []).append((labels, value))
    return found


def told(engine, name):
    return {labels.get("kind", ""): value for labels, value in samples(engine)[name]}


def tells(engine, folder, rule):
    """Whether a rule of ours fires on this; without promtool nobody says, and the figures alone are looked at."""
    return bool(firing(folder, (rule,), samples(engine))) if PROMTOOL else None


def late(engine):
    """What our own alerts are told of the copy, by its code."""
    with Session(engine) as session:
        return [one.details["code"] for one in copied(session, None, Limits(backup_log=16 * MIB), now())]


def write_log(engine, mebibytes):
    ask(engine, f"select pg_logical_emit_message(false, 'test', repeat('x', {mebibytes * MIB}))")


def cut(engine):
    """The server lets go of the log that it kept, as one that is told how much it may keep does."""
    ask(engine, "alter system set max_slot_wal_keep_size = '1MB'", "select pg_reload_conf()")
    for _ in range(4):
        ask(engine, "select pg_logical_emit_message(true, 'test', 'x')", "select pg_switch_wal()")
    ask(engine, "checkpoint")
    assert ask(engine, "select wal_status from pg_replication_slots") == [("lost",)]
    ask(engine, "alter system reset max_slot_wal_keep_size", "select pg_reload_conf()")


def test_a_copy_that_nobody_comes_for_and_one_that_is_cut_are_told(server, tmp_path):
    assert (told(server, "mesa_backup_log_bytes"), late(server)) == ({"": 0}, [])
    ask(server, SLOT)
    write_log(server, 20)
    assert told(server, "mesa_backup_log_bytes")[""] >= 20 * MIB and late(server) == ["LOG_KEPT"]
    ask(server, f"select pg_replication_slot_advance('{BACKUP_SLOT}', pg_current_wal_lsn())")
    assert told(server, "mesa_backup_log_bytes")[""] < 16 * MIB and late(server) == []
    assert told(server, "mesa_backup_cut") == {"": False} and not tells(server, tmp_path, "MesaBackupLate")
    cut(server)
    assert told(server, "mesa_backup_cut") == {"": True} and late(server) == ["LOG_CUT"]
    assert tells(server, tmp_path, "MesaBackupLate") is not False
    ask(server, f"select pg_drop_replication_slot('{BACKUP_SLOT}')", SLOT)
    assert told(server, "mesa_backup_cut") == {"": False} and late(server) == []


@contextmanager
def replica(engine, folder):
    """Who takes the log as it is written and says what it has on its disk: all that a commit waits for."""
    folder.mkdir(exist_ok=True)
    env = environment_of(engine.url.render_as_string(hide_password=False)) | {"PGAPPNAME": "replica"}
    command = [programs_of(18) / "pg_receivewal", "-D", folder, "--synchronous", "--no-loop"]
    taking = subprocess.Popen([str(one) for one in command], env={**os.environ, **env})
    try:
        wait_until(lambda: told(engine, "mesa_replicas")["synchronous"], 20)
        yield
    finally:
        taking.kill()
        taking.wait()


def test_a_replica_that_is_gone_is_told_while_commits_wait_for_it(server, tmp_path):
    assert told(server, "mesa_replica_awaited") == {"": False}
    ask(server, "alter system set synchronous_standby_names = 'replica'", "select pg_reload_conf()")
    for _ in range(2):
        wait_until(lambda: told(server, "mesa_replicas")["synchronous"] == 0, 20)
        wait_until(lambda: told(server, "mesa_replica_awaited") == {"": True}, 20)
        assert tells(server, tmp_path, "MesaReplicaLost") is not False
        with replica(server, tmp_path / "log"):
            assert told(server, "mesa_replica_awaited") == {"": True} and not tells(server, tmp_path, "MesaReplicaLost")
    ask(server, "alter system reset synchronous_standby_names", "select pg_reload_conf()")
    wait_until(lambda: told(server, "mesa_replica_awaited") == {"": False}, 20)


@pytest.mark.skipif(not os.environ.get("MESA_WHOLE"), reason="two whole copies: with MESA_WHOLE=1")
def test_a_server_that_let_go_of_the_log_gets_a_new_copy(home):
    assert home.mesa("backup", "--to", str(home.shelf))[0] == 0
    cut(home.engine)
    assert late(home.engine) == ["LOG_CUT"]
    code, said = home.mesa("backup", "--to", str(home.shelf))
    assert code == 0 and "se empezó otra" in said and "copia completa nueva" in said, said
    assert late(home.engine) == []
