"""What a crash leaves behind: a postmaster.pid whose number may since belong to any other process."""

import os
from pathlib import Path


def foreign_pid(cluster: Path) -> int | None:
    """The number in postmaster.pid, if a live process has it that is not a server of this cluster.

    PostgreSQL would take that process for a running server and refuse to start. Naming it in
    PG_GRANDPARENT_PID makes PostgreSQL ignore it; the file itself stays, since it also guards shared memory.
    """
    pid = _pid_in(cluster / "postmaster.pid")
    if pid is None or not _is_alive(pid) or _stands_in(Path("/proc") / str(pid), cluster):
        return None
    return pid


def is_served(cluster: Path) -> bool:
    """True while a process of this cluster lives: its server runs, is stopping, or left children behind."""
    return any(_stands_in(entry, cluster) for entry in Path("/proc").glob("[0-9]*"))


def _pid_in(pid_file: Path) -> int | None:
    try:
        return abs(int(pid_file.read_text("ascii").splitlines()[0]))
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _stands_in(process: Path, cluster: Path) -> bool:
    """Every postgres process has its cluster as current folder; one we may not look at is not ours."""
    try:
        program = (process / "exe").readlink().name.removesuffix(" (deleted)")
        return program == "postgres" and (process / "cwd").readlink() == cluster
    except OSError:
        return False
