"""Where the embedded PostgreSQL lives, and as whom: PostgreSQL refuses to run as root.

An ordinary user keeps it inside the clone. Root hands it to an account without privileges, under a folder
that this account may enter, because a clone under /root is closed to everybody else.
"""

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hub.embedded.errors import EmbeddedError
from hub.embedded.leftover import is_served
from hub.embedded.programs import installed_programs, reachable_programs

ACCOUNT = "mesa-integrada"
ROOTS_PLACE = Path("/var/lib/mesa-integrada")


@dataclass(frozen=True)
class Place:
    """`home` holds the cluster and its password; `programs` holds initdb and postgres."""

    home: Path
    programs: Path
    account: tuple[int, int] | None

    @property
    def cluster(self) -> Path:
        return self.home / "data"


def place_of(data_dir: Path) -> Place:
    """The place that belongs to `data_dir`, made if it is missing."""
    programs = installed_programs()
    data_dir.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        data_dir.chmod(0o700)
        return Place(data_dir.resolve(), programs, None)
    home = _roots_home(data_dir.resolve())
    account = _owner(home / "data") if (home / "data").exists() else _unprivileged_account()
    _open_folder(ROOTS_PLACE)
    if not home.exists():
        _forget_thrown_away()
        home.mkdir(exist_ok=True)
        (home / "of").write_bytes(os.fsencode(data_dir.resolve()))
    home.chmod(0o710)
    os.chown(home, 0, account[1])  # root's own folder: the account enters and owns only the cluster in it
    return Place(home, reachable_programs(programs, account, ROOTS_PLACE), account)


def remove(data_dir: Path) -> None:
    """Delete the cluster of `data_dir` (its server is stopped), wherever it lies. For tests."""
    if os.geteuid() == 0 and (data_dir / "token").exists():
        shutil.rmtree(_roots_home(data_dir.resolve()), ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)


def _roots_home(data_dir: Path) -> Path:
    """A clone deleted and made again at the same path starts empty: the token in it has changed."""
    token = data_dir / "token"
    if not token.exists():
        token.write_text(secrets.token_hex(4), "ascii")
    path_hash = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return ROOTS_PLACE / f"{path_hash}-{token.read_text('ascii').strip()}"


def _forget_thrown_away() -> None:
    """Remove what test runs that were killed left here: their own folder lay in the temporary one and is gone."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for note in ROOTS_PLACE.glob("*/of"):
        data_dir = Path(os.fsdecode(note.read_bytes()))
        if data_dir.is_relative_to(temporary) and not data_dir.exists() and not is_served(note.parent / "data"):
            shutil.rmtree(note.parent, ignore_errors=True)  # another run may be clearing it at this very moment


def _owner(folder: Path) -> tuple[int, int]:
    status = folder.stat()
    return status.st_uid, status.st_gid


def _unprivileged_account() -> tuple[int, int]:
    """Our own system account, made once; `nobody` where accounts cannot be made."""
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        program = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if program:
            options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
            subprocess.run([program, *options, ACCOUNT], capture_output=True, check=False)
    for name in (ACCOUNT, "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    raise EmbeddedError(
        "PostgreSQL no corre como root y no hay una cuenta sin privilegios: "
        f"crea la cuenta {ACCOUNT} con useradd --system {ACCOUNT}."
    )


def _open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
