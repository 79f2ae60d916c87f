"""PostgreSQL's own programs for copying and recovering: of the server's version, from the system or from the wheel."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from psycopg2.extensions import parse_dsn

from hub.embedded.errors import EmbeddedError
from hub.embedded.programs import MAJOR, installed_programs


class ProgramFailed(EmbeddedError):
    """One of them ended with an error: the server did not give what it was asked for."""


SYSTEM = Path("/usr/lib/postgresql")
_VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}  # fmt: skip


def programs_of(major: int, *, or_newer: bool = False) -> Path:
    """The folder with PostgreSQL's programs of a version; who copies may be newer, who serves may not."""
    own = SYSTEM / str(major) / "bin"
    if (own / "postgres").exists():
        return own
    if int(MAJOR) == major or (or_newer and int(MAJOR) > major):
        return installed_programs()
    raise EmbeddedError(f"Faltan los programas de PostgreSQL {major}: en Debian, apt-get install postgresql-{major}.")


def environment_of(url: str) -> dict[str, str]:
    """What libpq reads from the environment: the password stands in no list of processes."""
    given = parse_dsn(url.replace("postgresql+psycopg2://", "postgresql://", 1))
    known = {_VARIABLES[name]: value for name, value in given.items() if name in _VARIABLES}
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "PGAPPNAME": "mesa_backup", **known}


def run(argv: Sequence[str | Path], env: Mapping[str, str]) -> str:
    """Run a program to its end; gives what it said. Raises ProgramFailed with the line that says why."""
    done = subprocess.run([str(one) for one in argv], check=False, env=dict(env), capture_output=True, text=True)  # noqa: S603
    said = f"{done.stdout}{done.stderr}".strip()
    if done.returncode:
        lines = said.splitlines() or [f"código {done.returncode}"]
        why = next((line for line in lines if "error:" in line), lines[-1])  # the last one only says that it left
        more = next((f" ({line.partition('DETAIL:')[2].strip()})" for line in lines if "DETAIL:" in line), "")
        raise ProgramFailed(f"{Path(str(argv[0])).name} no pudo: {why.rpartition('error:')[2].strip()}{more}")
    return said
