"""A cluster is made once, with its password: initdb, to the side, then put in place in one step."""

import os
import secrets
import shutil
from pathlib import Path

from hub.embedded.children import private_log, spawn
from hub.embedded.errors import EmbeddedError
from hub.embedded.place import Place

USER = DATABASE = "mesa"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
OPTIONS = [
    "--locale=C",
    "--locale-provider=builtin",  # the wheel has no ICU; this one knows upper and lower of accents
    "--builtin-locale=C.UTF-8",
    "--encoding=UTF8",
    "--data-checksums",
    "--auth=scram-sha-256",
    "--no-instructions",
    f"--username={USER}",
]


def initialise(place: Place) -> str:
    """Make the cluster if it is missing; gives its password. One left half-made by a crash is made again."""
    secret = place.home / "password"
    if place.cluster.exists():
        return secret.read_text("ascii")
    half = place.home / "data.new"
    if half.exists():
        shutil.rmtree(half)
    half.mkdir(mode=0o700)
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_hex(24), "ascii")
    if place.account:
        os.chown(half, *place.account)
        os.chown(secret, *place.account)
    _run_initdb(place, half, secret)
    half.rename(place.cluster)
    return secret.read_text("ascii")


def _run_initdb(place: Place, folder: Path, secret: Path) -> None:
    argv = [str(place.programs / "initdb"), *OPTIONS, f"--pwfile={secret}", "-D", str(folder)]
    log_file = place.home / "postgres.log"
    with private_log(log_file) as log:
        process = spawn(argv, log=log, env=ENVIRONMENT, cwd="/", account=place.account)
    if process.wait() != 0:
        raise EmbeddedError(f"PostgreSQL no pudo crear su carpeta de datos: mira {log_file}.")
