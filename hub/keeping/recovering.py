"""The cluster out of a base and the log, up to an instant, served to nobody but us while it is looked at."""

import os
import re
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg2

from hub.embedded.children import private_log, spawn
from hub.embedded.errors import EmbeddedError
from hub.embedded.postgres import POLL, Server
from hub.keeping.shelf import Base, Round, Shelf, check_files
from hub.keeping.wal import is_segment, number_of, place_of

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_LAST = re.compile(r"last completed transaction was at log time (\S+ \S+)")
_TOO_FAR = "recovery ended before configured recovery target was reached"
_QUIET = {
    "listen_addresses": "", "logging_collector": "off", "log_destination": "stderr", "log_timezone": "UTC",
    "hot_standby": "off", "archive_mode": "off", "synchronous_standby_names": "", "ssl": "off", "lc_messages": "C",
    "shared_preload_libraries": "", "log_min_messages": "warning",
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Where a cluster is put: an empty or missing folder, the programs of its version, who runs them."""

    cluster: Path
    programs: Path
    account: tuple[int, int] | None


def lay(shelf: Shelf, base: Base, ground: Ground) -> None:
    """Unpack a base, compare each file with its digest, and put the log since beside it. Raises EmbeddedError."""
    ground.cluster.mkdir(parents=True, exist_ok=True)
    for archive, where in (("base.tar.gz", ground.cluster), ("pg_wal.tar.gz", ground.cluster / "pg_wal")):
        with tarfile.open(base.folder / archive) as tar:
            tar.extractall(where, filter="data")
    check_files(base.folder / "backup_manifest", ground.cluster)
    _lay_log(shelf, base, ground.cluster / "pg_wal")
    (ground.cluster / "recovery.signal").touch()
    _hand_over(ground)


def _lay_log(shelf: Shelf, base: Base, there: Path) -> None:
    """Segments that are whole go over what the base had of them; one that was still being written goes over nothing."""
    brought = [file for folder in shelf.logs() for file in folder.iterdir()]
    for file in brought:
        if file.name.endswith(".history"):
            shutil.copyfile(file, there / file.name)
    needed = [one for one in brought if is_segment(one.name) and place_of(one.name) >= place_of(base.start_segment)]
    for file in sorted(needed, key=lambda one: one.name.endswith(".partial")):
        whole = there / file.name.removesuffix(".partial")
        if whole.name == file.name or not whole.exists():
            shutil.copyfile(file, whole)


def _hand_over(ground: Ground) -> None:
    ground.cluster.chmod(0o700)
    if ground.account is None:
        return
    for each in (ground.cluster, *ground.cluster.rglob("*")):
        os.chown(each, *ground.account, follow_symlinks=False)


@dataclass(frozen=True)
class Played:
    """The cluster as it stands when its log was played. `address` is SQLAlchemy's; `last` the instant of the last
    transaction that there is; `end` where in the log playing ended; `is_whole` says that it came to where it had to.
    """

    address: str
    last: datetime | None
    end: str
    is_whole: bool


@contextmanager
def recovered(ground: Ground, base: Base, until: datetime | None, done: Round | None) -> Iterator[Played]:
    """Play the log up to `until` (aware; to its end where None) and serve the cluster on a socket in a closed folder.

    `done` says what must be there: a log that is damaged or has a gap is played as far as it goes, and
    PostgreSQL takes that for its end. Stopped cleanly afterwards.
    """
    with _room(ground) as room:
        server, is_at_target = _play(ground, room, until)
        try:
            found = _LAST.findall((room / "log").read_text("utf-8", "replace"))
            last = datetime.fromisoformat(found[-1]).replace(tzinfo=UTC) if found else None
            end = _end(ground.cluster)
            came = done is not None and number_of(end) >= number_of(done.upto)
            address = f"postgresql+psycopg2://{base.user}@/{base.database}?host={room}&port={server.port}"
            yield Played(address, last, end, is_at_target or came)
        finally:
            server.stop()


def _end(cluster: Path) -> str:
    """Where the old timeline ended: the last line of the newest one's history. "" where there is none."""
    histories = sorted((cluster / "pg_wal").glob("????????.history"))
    lines = [line for line in histories[-1].read_text("ascii").splitlines() if line.strip()] if histories else []
    return lines[-1].split("\t")[1].strip() if lines else ""


def _play(ground: Ground, room: Path, until: datetime | None) -> tuple[Server, bool]:
    """The server, and whether it stopped at `until`, with more of the log behind it."""
    options = {"restore_command": "false"}  # everything lies in place
    if until is None:
        return _start(ground, room, options), False
    target = {"recovery_target_action": "promote", "recovery_target_time": until.astimezone(UTC).isoformat()}
    try:
        return _start(ground, room, options | target), True
    except EmbeddedError:
        if _TOO_FAR not in (room / "log").read_text("utf-8", "replace"):
            raise
    return _start(ground, room, options), False  # nothing is there after it; whether there should be, `upto` says


@contextmanager
def _room(ground: Ground) -> Iterator[Path]:
    """A folder for the socket and for settings that are nobody else's; its path is short, as sockets want it."""
    room = Path(tempfile.mkdtemp(prefix="mesa-"))
    try:
        (room / "hba.conf").write_text("local all all trust\n", "ascii")
        (room / "ident.conf").touch()
        (room / "empty.conf").touch()
        if ground.account:
            for each in (room, *room.iterdir()):
                os.chown(each, *ground.account)
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _start(ground: Ground, room: Path, options: dict[str, str]) -> Server:
    """Start it and wait until it takes connections, recovery done. Raises EmbeddedError with its last words."""
    argv = [str(ground.programs / "postgres"), "-D", str(ground.cluster), "-p", "5432",
            "-c", f"config_file={room / 'empty.conf'}", "-c", f"data_directory={ground.cluster}"]  # fmt: skip
    own = {"hba_file": str(room / "hba.conf"), "ident_file": str(room / "ident.conf")}
    for name, value in (_QUIET | own | {"unix_socket_directories": str(room)} | options).items():
        argv += ["-c", f"{name}={value}"]
    with private_log(room / "log") as log:
        process = spawn(argv, log=log, env=ENVIRONMENT, cwd="/", account=ground.account)
    server = Server("", 5432, process)
    while server.is_running():
        try:
            psycopg2.connect(host=str(room), port=5432, user="postgres", dbname="postgres").close()
        except psycopg2.OperationalError as error:
            if _is_up(error):
                return server
            time.sleep(POLL)
            continue
        return server
    raise EmbeddedError(f"PostgreSQL no pudo recuperar la copia: {_last_words(room / 'log')}")


def _is_up(error: psycopg2.OperationalError) -> bool:
    """It answers, and only does not know this user or this database."""
    return "does not exist" in str(error) and "No such file" not in str(error)


def _last_words(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if "FATAL" in line or "PANIC" in line]
    return lines[-1].partition(": ")[2].strip() if lines else "sin explicación"


