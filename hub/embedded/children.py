"""Child processes that never outlive us: own session, and a signal from the kernel when we are gone."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    argv: Sequence[str],
    *,
    log: IO[bytes],
    env: Mapping[str, str],
    cwd: Path | str,
    parent_death_signal: signal.Signals = signal.SIGTERM,
    account: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own, its output appended to `log`.

    `account` is (uid, gid) to change to, root only. The kernel sends `parent_death_signal` to the child
    when the thread that called us ends, so call from the main thread (Linux; elsewhere nothing is sent).
    """
    user: dict[str, object] = {}
    if account is not None:
        user = {"user": account[0], "group": account[1], "extra_groups": []}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        list(argv),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_die_with_parent(os.getpid(), parent_death_signal),
        **user,
    )


def private_log(path: Path) -> IO[bytes]:
    """A log file to append to, readable by its owner alone."""
    path.touch(mode=0o600)
    return path.open("ab")


def _die_with_parent(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    """Runs in the child, after the change of user (which would clear the setting) and before exec."""

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return prepare


def stop_with_parent() -> None:
    """Ask the kernel for a SIGTERM to this very process when the one that started it ends (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
