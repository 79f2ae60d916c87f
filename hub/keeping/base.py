"""A base backup: the whole cluster as it is now, checked by digests, with the keys beside it."""

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from hub.audit import balance
from hub.keeping.programs import environment_of, programs_of, run
from hub.keeping.secrets import locked_keys, settings_in
from hub.keeping.shelf import KEYS, STAMP, Base, Shelf, digests_of, note_base
from hub.readiness import applied
from hub.settings import Settings

_OWNER = text("select tableowner from pg_tables where tablename = 'alembic_version' and schemaname = current_schema()")


def take_base(shelf: Shelf, settings: Settings, engine: Engine, passphrase: str, now: datetime) -> Base:
    """Copy the cluster while it serves. Raises EmbeddedError; what was half-made is removed at the next one."""
    for half in shelf.folder.glob("base-*.new"):
        shutil.rmtree(half)
    name = f"base-{now.strftime(STAMP)}"
    half = shelf.folder / f"{name}.new"
    half.mkdir(mode=0o700)
    (half / KEYS).write_bytes(_keys(settings, passphrase))
    (half / KEYS).chmod(0o600)
    with Session(engine) as session:
        postgres = int(session.scalar(text("show server_version_num")) or 0)
        revision, newest, owner = applied(session), balance(session), str(session.scalar(_OWNER))
    _basebackup(half, settings.database_url, postgres // 10000, name)
    base = Base(
        half, now, postgres, make_url(settings.sqlalchemy_url).database or "", owner, revision,
        _start_segment(half, engine), digests_of(half), newest, _ended(engine),
    )  # fmt: skip
    note_base(base)
    half.rename(shelf.folder / name)
    return next(one for one in shelf.bases() if one.folder.name == name)


def _ended(engine: Engine) -> datetime:
    with Session(engine) as session:
        return session.execute(text("select clock_timestamp()")).scalar_one()  # type: ignore[no-any-return]


def _keys(settings: Settings, passphrase: str) -> bytes:
    return locked_keys(settings.keys_folder, settings_in(os.environ), Path(settings.entities), passphrase)


def _basebackup(folder: Path, url: str, major: int, label: str) -> None:
    """Complete by itself: with the log from its beginning to its end. A checkpoint is made at once, not awaited."""
    program = programs_of(major, or_newer=True) / "pg_basebackup"
    options = ("-F", "tar", "-Z", "gzip:1", "-X", "stream", "-c", "fast", "-w", "--manifest-checksums=SHA256")
    run([program, "-D", folder / "cluster", "-l", label, *options], environment_of(url))
    for file in (folder / "cluster").iterdir():
        file.rename(folder / file.name)
    (folder / "cluster").rmdir()


def _start_segment(folder: Path, engine: Engine) -> str:
    """The first file of the log that this base needs."""
    manifest = json.loads((folder / "backup_manifest").read_text("utf-8"))
    begins = manifest["WAL-Ranges"][0]
    with Session(engine) as session:
        name = str(session.scalar(text("select pg_walfile_name(cast(:at as pg_lsn))"), {"at": begins["Start-LSN"]}))
    return f"{begins['Timeline']:08X}{name[8:]}"
