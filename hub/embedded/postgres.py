"""The embedded PostgreSQL: a cluster in a folder, a server as our child, gone when we are gone.

server = start(Path("var/postgres"))
server.url        # postgresql://mesa:...@127.0.0.1:54321/mesa
server.stop()     # start() again finds the same data, password and, where free, port
"""

import fcntl
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import psycopg2.extensions

from hub.embedded.children import private_log, spawn
from hub.embedded.cluster import DATABASE, ENVIRONMENT, USER, initialise
from hub.embedded.errors import EmbeddedError
from hub.embedded.leftover import foreign_pid, is_served
from hub.embedded.place import Place, place_of
from hub.embedded.ports import LOOPBACK, free_port, is_free

POLL = 0.02
PORT_TRIES = 5
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "io_method": "sync"}


@dataclass
class Server:
    """A running server. `url` is libpq's form, for psycopg2 and (through Settings) SQLAlchemy."""

    url: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self, patience: float = 20.0) -> None:
        """Fast shutdown: open transactions are rolled back, the cluster is left clean."""
        if self.is_running():
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)  # immediate: recovers at the next start
            self.process.wait(patience)

    def kill(self) -> None:
        """kill -9 of the postmaster, as a crash would do; its children see it and leave by themselves."""
        self.process.kill()
        self.process.wait()


def start(data_dir: Path, *, port: int | None = None, fast: bool = False, patience: float = 60.0) -> Server:
    """Start the server of `data_dir`, making the cluster on the first call, and wait until it answers.

    `port` is a wish; by default the port of last time. `fast` gives durability away, for unit tests only.
    Call from the main thread: the server stops when the calling thread ends. Raises EmbeddedError.
    """
    place = place_of(data_dir)
    with _only_one(place):
        password = initialise(place)
        wanted = port or _remembered_port(place)
        server = _start_until(place, password, wanted, fast, time.monotonic() + patience)
    (place.home / "port").write_text(str(server.port), "ascii")
    return server


def dsn(port: int, password: str, database: str = DATABASE) -> str:
    """The libpq address of a database of the embedded server."""
    return f"postgresql://{USER}:{password}@{LOOPBACK}:{port}/{database}"


@contextmanager
def _only_one(place: Place) -> Iterator[None]:
    """Two starts of one folder at the same time: the second waits, then meets PostgreSQL's own lock."""
    with (place.home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remembered_port(place: Place) -> int | None:
    try:
        return int((place.home / "port").read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None


def _start_until(place: Place, password: str, wanted: int | None, fast: bool, deadline: float) -> Server:
    """A former server may still be stopping, and a port can be lost between choosing and binding it."""
    while is_served(place.cluster):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Ya hay otro PostgreSQL corriendo sobre {place.cluster}.")
        time.sleep(POLL)
    for _ in range(PORT_TRIES):
        port = free_port(wanted)
        server = _launch(place, password, port, fast)
        if _answers(server, password, deadline):
            return server
        server.stop()
        if is_free(port):
            break
    raise EmbeddedError(f"PostgreSQL no arrancó: mira {place.home / 'postgres.log'}.")


def _launch(place: Place, password: str, port: int, fast: bool) -> Server:
    argv = [str(place.programs / "postgres"), "-D", str(place.cluster), "-p", str(port)]
    for name, value in (SETTINGS | (FAST if fast else {})).items():
        argv += ["-c", f"{name}={value}"]
    env = dict(ENVIRONMENT)
    stranger = foreign_pid(place.cluster)
    if stranger is not None:
        env["PG_GRANDPARENT_PID"] = str(stranger)
    with private_log(place.home / "postgres.log") as log:
        process = spawn(argv, log=log, env=env, cwd="/", account=place.account, parent_death_signal=signal.SIGINT)
    return Server(dsn(port, password), port, process)


def _answers(server: Server, password: str, deadline: float) -> bool:
    """Wait until it takes connections (recovery included) and has our database; False if it ended first."""
    while server.is_running() and time.monotonic() < deadline:
        try:
            connection = psycopg2.connect(dsn(server.port, password, "postgres"), connect_timeout=5)
        except psycopg2.OperationalError:
            time.sleep(POLL)
            continue
        _ensure_database(connection)
        return True
    return False


def _ensure_database(connection: psycopg2.extensions.connection) -> None:
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
