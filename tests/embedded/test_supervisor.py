"""The supervisor keeps its children alive, and leaves none behind, however it ends itself."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import requests

from hub.embedded import place
from hub.embedded.firstrun import chosen_ports, demo_secrets
from hub.embedded.ports import free_port, is_free
from tests.prototype import migrated

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def folder():
    folder = Path(tempfile.mkdtemp(prefix="mesa supervisada "))
    migrated(folder / "postgres")
    yield folder
    place.remove(folder / "postgres")


@pytest.fixture
def demonstration(folder):
    """A running stand-in: (process, its own ports, PostgreSQL's port)."""
    first = free_port()
    ports = [first, free_port(avoid=frozenset({first}))]
    process = start(folder, ports)
    line = process.stdout.readline()
    assert line.startswith("listo"), line
    yield process, ports, int(line.split()[1])
    process.kill()
    process.wait()


def start(folder, ports):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.embedded.stand_in", str(folder), *map(str, ports)],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def eventually(claim, seconds=15):
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_ends_nothing_is_left_running(demonstration, how):
    process, ports, database = demonstration
    process.send_signal(how)
    code = process.wait(20)
    assert code == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    eventually(lambda: all(is_free(port) for port in [*ports, database]))


def test_a_child_that_dies_starts_again_and_it_says_so(demonstration):
    process, ports, _ = demonstration
    url = f"http://127.0.0.1:{ports[0]}/"
    first = int(requests.get(url, timeout=5).text)
    os.kill(first, signal.SIGKILL)
    assert f"Terminó la web {ports[0]} (señal 9)" in process.stdout.readline()
    eventually(lambda: _pid(url) not in (None, first))


def test_a_database_that_dies_starts_again_on_its_port(demonstration, folder):
    process, _, database = demonstration
    pid_file = place.place_of(folder / "postgres").cluster / "postmaster.pid"
    os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
    assert "Terminó PostgreSQL" in process.stdout.readline()
    eventually(lambda: not is_free(database))


def test_a_second_run_in_the_same_folder_says_which_is_there_and_ends(demonstration, folder):
    second = start(folder, [free_port()])
    said, _ = second.communicate(timeout=20)
    assert second.returncode != 0
    assert f"En {folder} ya está en marcha «make run» (proceso {demonstration[0].pid})" in said


def test_ports_and_secrets_are_those_of_last_time(tmp_path):
    assert demo_secrets(tmp_path) == demo_secrets(tmp_path)
    assert (tmp_path / "secrets.env").stat().st_mode & 0o077 == 0
    wanted = {"web": 5000, "mail": 5000}
    ports = chosen_ports(tmp_path, wanted)
    assert len(set(ports.values())) == 2
    assert chosen_ports(tmp_path, wanted) == ports


def _pid(url):
    try:
        return int(requests.get(url, timeout=5).text)
    except requests.ConnectionError:
        return None
